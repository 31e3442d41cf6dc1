"""Rows of an imported file that may be a student who is there already, or one further up in the same file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select

from models import ExternalId, Student
from resolvers.constraints import Rule
from resolvers.errors import Conflict, DomainError, shown
from resolvers.people.external_id_changes import TAKEN as NAME_TAKEN
from resolvers.people.imported import ImportedRow
from resolvers.people.student_duplicates import (
    DuplicateReason,
    PossibleDuplicate,
    index_of,
    likeness,
    possible_duplicates_of,
)
from resolvers.people.student_rows import StudentRow
from resolvers.people.student_rules import EMAIL_TAKEN, MOBILE_TAKEN
from resolvers.people.student_secrets import NATIONAL_ID_TAKEN
from resolvers.sealing import Sealer
from resolvers.unit_of_work import Change

# What is one student's alone, by the reason that two are alike.
ALONE: Mapping[DuplicateReason, Rule] = {
    DuplicateReason.MOBILE: MOBILE_TAKEN,
    DuplicateReason.EMAIL: EMAIL_TAKEN,
    DuplicateReason.NATIONAL_ID: NATIONAL_ID_TAKEN,
}
ALLOWED = "say allowDuplicates to add another one"
EXTERNAL_ID = "externalId"
Pairs = Sequence[tuple[StudentRow, ImportedRow]]


async def check_duplicates(change: Change, sealer: Sealer, pairs: Pairs, *, allowed: bool) -> None:
    """Tell of each row who may be the same; refuses it, unless that is allowed and nothing of one student's alone."""
    alike = [
        likeness({**row.values, **row.secrets}, index_of(change, sealer, row.secrets.get("national_id")))
        for row, _ in pairs
    ]
    seen: dict[tuple[DuplicateReason, Any], int] = {}
    there = await possible_duplicates_of(change, alike)
    for (row, result), same, found in zip(pairs, alike, there, strict=True):
        result.possible_duplicates = found + _further_up(row.line, same, seen)
        for each in result.possible_duplicates:
            result.refuse(*(_refusal(ALONE[reason], row, each) for reason in each.reasons if reason in ALONE))
        if result.possible_duplicates and not allowed:
            count = len(result.possible_duplicates)
            who = "a student is" if count == 1 else f"{count} students are"
            result.refuse_whole(Conflict, f"{who} there already, or further up, who may be the same: {ALLOWED}")


def _further_up(
    line: int, alike: Mapping[DuplicateReason, Any], seen: dict[tuple[DuplicateReason, Any], int]
) -> list[PossibleDuplicate]:
    """The first lines that say the same, refused or not, which `seen` has by reason and value."""
    found: dict[int, list[DuplicateReason]] = {}
    for reason, value in alike.items():
        before = seen.setdefault((reason, _FOLDED[reason](value)), line)
        if before != line:
            found.setdefault(before, []).append(reason)
    return [PossibleDuplicate(None, reasons, line=before) for before, reasons in found.items()]


# What two rows of a file have to have in common, case aside, by reason.
_FOLDED: Mapping[DuplicateReason, Callable[[Any], Any]] = {
    DuplicateReason.NAME_AND_BIRTH: lambda value: (value[0].lower(), value[1].lower(), value[2]),
    DuplicateReason.MOBILE: str.lower,
    DuplicateReason.EMAIL: str.lower,
    DuplicateReason.NATIONAL_ID: lambda value: value[0],
}


def _refusal(rule: Rule, row: StudentRow, other: PossibleDuplicate) -> DomainError:
    value = None if rule.secret else row.values[rule.field]
    if other.line is None:
        return rule.error(value)
    quoted = "" if value is None else f" {shown(value)}"
    return Conflict(f"{rule.field}:{quoted} is in line {other.line} already", field=rule.field)


async def check_external_ids(change: Change, pairs: Pairs, system: str) -> None:
    """That what the system calls a student is no other's, neither in the school nor in the file."""
    values = [row.external_id for row, _ in pairs if row.external_id is not None]
    taken = select(ExternalId.value).where(
        ExternalId.institution_id == change.institution_id,
        ExternalId.entity == Student.__tablename__,
        ExternalId.system == system,
        ExternalId.value == any_(bindparam("values", values, type_=ARRAY(Text))),
    )
    there, seen = set(await change.session.scalars(taken)), dict[str, int]()
    for row, result in pairs:
        if row.external_id is None:
            continue
        before = seen.setdefault(row.external_id, row.line)
        words = NAME_TAKEN.words if row.external_id in there else f"is in line {before} already"
        if row.external_id in there or before != row.line:
            result.refuse(Conflict(f"{EXTERNAL_ID}: {shown(row.external_id)} {words}", field=EXTERNAL_ID))
