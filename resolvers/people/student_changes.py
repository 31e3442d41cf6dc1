"""Changing a student: what is sealed is sealed anew where it differs."""

from collections.abc import Mapping
from typing import Any

from resolvers.checking import tidied
from resolvers.context import Context
from resolvers.errors import Checks
from resolvers.people.student_rules import STUDENTS
from resolvers.people.student_secrets import (
    NATIONAL_ID,
    SEALED,
    changed_secrets,
    check_given,
    check_unused,
    national_id,
    sealed_columns,
)
from resolvers.unit_of_work import Change
from resolvers.unsealing import sealer_of


def parted(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is kept as it is given, and what is sealed."""
    plain = {name: value for name, value in values.items() if name not in SEALED}
    return plain, tidied({name: value for name, value in values.items() if name in SEALED})


async def sealed_values(context: Context, change: Change, key: int, given: Mapping[str, str | None]) -> dict[str, Any]:
    """The columns of sealed texts of a student; raises Invalid, and Conflict where a national id is another's."""
    check_given(given)
    digits = given.get("national_id")
    if digits is not None:
        secret = national_id(digits, NATIONAL_ID)
        await check_unused(change.session, sealer_of(context), change.institution_id, secret, but=key)
    return sealed_columns(sealer_of(context), change.institution_id, key, given) if given else {}


async def update_student(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; gives the key. Where all of it is so already, nothing is written."""
    plain, secret = parted(values)
    async with context.change("student.update", id=id) as change:
        row = await STUDENTS.find(change, id, version)
        checks, sealed, written = Checks(), dict[str, Any](), False
        with checks:
            given = changed_secrets(sealer_of(context), row, secret) if secret else {}
            sealed = await sealed_values(context, change, id, given)
        with checks:
            written = await STUDENTS.alter(change, row, plain | sealed)
        checks.done()
        if not written:
            change.withdraw()
    return id
