"""What the school wants to know of a new student besides names and day of birth: REQUIRED_STUDENT_FIELDS.

The setting lists details, separated by commas: `address`, `mobile`, `phone`, `email` and `guardian`, and any other
field of a student by its name; or it is `none`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from models import Student
from resolvers.errors import Checks, Invalid, spelled
from resolvers.institution.school_settings import school_settings
from resolvers.people.student_secrets import SEALED
from resolvers.unit_of_work import Change
from resolvers.writing.content import content, table_of

REQUIRED = "REQUIRED_STUDENT_FIELDS"
# Details that more than one field may give; the first is the one that is missed.
_ANY_OF: Mapping[str, Sequence[str]] = {
    "address": ("street", "village", "city", "house_number"),
    "phone": ("phone", "mobile"),
    "guardian": ("guardians",),
}
NOTHING = "none"
_FIELDS = {spelled(name): (name,) for name in (*content(table_of(Student)), *SEALED)}
# What the setting may list.
DETAILS = frozenset({*_ANY_OF, *_FIELDS})


@lru_cache(maxsize=64)
def _required(listed: str) -> Sequence[Sequence[str]]:
    """The fields of each detail that the setting lists, of which one must be given."""
    named = [detail.strip() for detail in listed.split(",")]
    return [fields for detail in named if (fields := _ANY_OF.get(detail, _FIELDS.get(detail, ())))]


async def check_details(change: Change, values: Mapping[str, Any], checks: Checks) -> None:
    """That what the school requires is among the values of a new student."""
    check_required(values, await school_settings(change, REQUIRED), checks)


def check_required(values: Mapping[str, Any], settings: Mapping[str, str], checks: Checks) -> None:
    """That what the setting lists is among the values of a new student."""
    for fields in _required(settings[REQUIRED]):
        if not any(map(values.get, fields)):
            field = spelled(fields[0])
            instead = f", or {' or '.join(spelled(name) for name in fields[1:])}" if fields[1:] else ""
            checks.errors.append(
                Invalid(f"{field}: must be given{instead}: the school requires it of new students", field=field)
            )
