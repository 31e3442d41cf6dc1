"""Students who may be the one that is about to be made, among those whom the viewer may see."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import Choice, Student
from resolvers.errors import Conflict, DomainError, Invalid, Several
from resolvers.people.student_secrets import NATIONAL_ID, index_place, national_id
from resolvers.sealing import Sealer
from resolvers.unit_of_work import Change

# More are not told.
MOST = 20
FIELD = "allowDuplicates"


class DuplicateReason(Choice):
    NAME_AND_BIRTH = "NAME_AND_BIRTH", "The same first and last name, and the same day of birth."
    MOBILE = "MOBILE", "The same mobile phone of the student's own."
    EMAIL = "EMAIL", "The same e-mail of the student's own."
    NATIONAL_ID = "NATIONAL_ID", "The same national id."


@dataclass(frozen=True)
class PossibleDuplicate:
    """`student` is the key of one who is there already."""

    student: int
    reasons: Sequence[DuplicateReason]
    retired: bool


class Refused(Several):
    """A new student is refused; `shown` are the fields of the payload besides the errors."""

    def __init__(self, errors: Sequence[DomainError], duplicates: Sequence[PossibleDuplicate]) -> None:
        super().__init__(errors)
        self.shown = {"possible_duplicates": duplicates}


def duplicates_refused(count: int) -> Conflict:
    who = "a student is" if count == 1 else f"{count} students are"
    return Conflict(f"{FIELD}: {who} there already who may be the same: say true to add another one", field=FIELD)


def _alike(values: Mapping[str, Any], index: Sequence[bytes]) -> dict[DuplicateReason, ColumnElement[bool]]:
    """By which conditions a student is like these values, as far as they say anything."""
    first, last, born = (values[name] for name in ("first_name", "last_name", "date_of_birth"))
    in_use = Student.deleted_at.is_(None)
    found = {
        DuplicateReason.NAME_AND_BIRTH: and_(
            Student.date_of_birth == born,
            func.lower(Student.first_name) == func.lower(first),
            func.lower(Student.last_name) == func.lower(last),
        )
    }
    if values.get("mobile"):
        found[DuplicateReason.MOBILE] = and_(in_use, Student.mobile == values["mobile"])
    if values.get("email"):
        found[DuplicateReason.EMAIL] = and_(in_use, Student.email_folded == func.lower(values["email"]))
    if index:
        found[DuplicateReason.NATIONAL_ID] = and_(in_use, Student.national_id_index.in_(index))
    return found


def _index(change: Change, sealer: Sealer, digits: str | None) -> Sequence[bytes]:
    """What a national id stands under; one that is none has been refused as such."""
    with contextlib.suppress(Invalid):
        return sealer.indexes(index_place(change.institution_id), national_id(digits or "", NATIONAL_ID))
    return []


async def possible_duplicates(change: Change, sealer: Sealer, values: Mapping[str, Any]) -> list[PossibleDuplicate]:
    """Students like a new one with these values, the first made first; retired ones by name and birth."""
    alike = _alike(values, _index(change, sealer, values.get("national_id")))
    statement = (
        select(Student.id, Student.deleted_at.is_not(None), *(func.coalesce(each, False) for each in alike.values()))
        .where(or_(*alike.values()))
        .order_by(Student.id)
        .limit(MOST)
    )
    return [
        PossibleDuplicate(key, [reason for reason, holds in zip(alike, held, strict=True) if holds], retired)
        for key, retired, *held in await change.among_seen(Student, statement)
    ]
