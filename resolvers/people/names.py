"""How short the names of people may be: the school's own rule, MIN_NAME_LENGTH."""

from collections.abc import Mapping

from models.base import Record
from resolvers.errors import Checks, Invalid, shown, spelled
from resolvers.institution.school_settings import school_settings
from resolvers.unit_of_work import Change
from resolvers.writing.records import changes

SHORTEST = "MIN_NAME_LENGTH"


async def check_names(change: Change, row: Record, checks: Checks, *names: str) -> None:
    """That the names among these columns that are new are long enough; one that was there before stays as it is."""
    new = {name: getattr(row, name) for name in names if getattr(row, name) and changes(row, name)}
    if not new:
        return
    check_lengths(new, await school_settings(change, SHORTEST), checks)


def check_lengths(names: Mapping[str, str], settings: Mapping[str, str], checks: Checks) -> None:
    """That names, by their columns, are long enough."""
    shortest = int(settings[SHORTEST])
    for name, value in names.items():
        if len(value) < shortest:
            field = spelled(name)
            words = f"has fewer than {shortest} characters, the school's shortest name"
            checks.errors.append(Invalid(f"{field}: {shown(value)} {words}", field=field))
