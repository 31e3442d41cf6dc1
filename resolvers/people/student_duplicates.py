"""Students who may be those that are about to be made, among those whom the viewer may see."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    column,
    func,
    literal,
    select,
    true,
    union_all,
)

from models import Choice, Student
from resolvers.errors import Conflict, DomainError, Invalid, Several
from resolvers.people.student_secrets import NATIONAL_ID, index_place, national_id
from resolvers.sealing import Sealer
from resolvers.unit_of_work import Change
from resolvers.writing.array_text import array_text

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
    """`student` is the key of one who is there already; or else `line` is one of the same file, further up."""

    student: int | None
    reasons: Sequence[DuplicateReason]
    retired: bool = False
    line: int | None = None


class Refused(Several):
    """A new student is refused; `shown` are the fields of the payload besides the errors."""

    def __init__(self, errors: Sequence[DomainError], duplicates: Sequence[PossibleDuplicate]) -> None:
        super().__init__(errors)
        self.shown = {"possible_duplicates": duplicates}


def duplicates_refused(count: int) -> Conflict:
    who = "a student is" if count == 1 else f"{count} students are"
    return Conflict(f"{FIELD}: {who} there already who may be the same: say true to add another one", field=FIELD)


Alike = Mapping[DuplicateReason, Any]


def likeness(values: Mapping[str, Any], index: Sequence[bytes] = ()) -> dict[DuplicateReason, Any]:
    """What others are like a student by, as far as the values say anything; `index`: under what a national id stands.

    The case of letters is for whoever compares to disregard.
    """
    names = values["first_name"], values["last_name"], values["date_of_birth"]
    mobile, email = values.get("mobile"), values.get("email")
    found = {
        DuplicateReason.NAME_AND_BIRTH: names,
        DuplicateReason.MOBILE: mobile,
        DuplicateReason.EMAIL: email,
        DuplicateReason.NATIONAL_ID: list(index),
    }
    return {reason: value for reason, value in found.items() if value}


def index_of(change: Change, sealer: Sealer, digits: str | None) -> Sequence[bytes]:
    """What a national id stands under; one that is none has been refused as such."""
    if digits is None:
        return []
    with contextlib.suppress(Invalid):
        return sealer.indexes(index_place(change.institution_id), national_id(digits, NATIONAL_ID))
    return []


def _same(reason: DuplicateReason, value: Any) -> ColumnElement[bool]:
    """By which condition a student is the same; `value` is a row of what is compared."""
    in_use = Student.deleted_at.is_(None)
    if reason is DuplicateReason.NAME_AND_BIRTH:
        return and_(
            Student.date_of_birth == value.born,
            func.lower(Student.first_name) == func.lower(value.first),
            func.lower(Student.last_name) == func.lower(value.last),
        )
    if reason is DuplicateReason.MOBILE:
        return and_(in_use, Student.mobile == value.mobile)
    if reason is DuplicateReason.EMAIL:
        return and_(in_use, Student.email_folded == func.lower(value.email))
    return and_(in_use, Student.national_id_index == value.index)


# What is compared, by reason: columns with their types, and the rows of a value.
_COMPARED: Mapping[DuplicateReason, tuple[tuple[tuple[str, Any], ...], Callable[[Any], Sequence[tuple[Any, ...]]]]] = {
    DuplicateReason.NAME_AND_BIRTH: ((("first", Text), ("last", Text), ("born", Date)), lambda value: [value]),
    DuplicateReason.MOBILE: ((("mobile", Text),), lambda value: [(value,)]),
    DuplicateReason.EMAIL: ((("email", Text),), lambda value: [(value,)]),
    DuplicateReason.NATIONAL_ID: ((("index", LargeBinary),), lambda value: [(each,) for each in value]),
}


def _matches(change: Change, reason: DuplicateReason, alike: Sequence[Alike]) -> Select[Any]:
    """The students who are like one of these for a reason: its place, the student's key, and whether retired."""
    columns, rows_of = _COMPARED[reason]
    rows = [(place, *row) for place, each in enumerate(alike) if reason in each for row in rows_of(each[reason])]
    kinds = (("place", Integer), *columns)
    texts = [literal(array_text([row[n] for row in rows]), Text) for n in range(len(kinds))]
    arrays = [cast(each, ARRAY(kind)) for each, (_, kind) in zip(texts, kinds, strict=True)]
    columns_of = [column(name, kind) for name, kind in kinds]
    given = func.unnest(*arrays).table_valued(*columns_of, name="given").render_derived()
    reasons = literal(reason.value, Text)
    if reason is not DuplicateReason.NAME_AND_BIRTH:
        # One student's alone: no row has more than one hit.
        hits = select(given.c.place, Student.id, Student.deleted_at.is_not(None), reasons)
        alone: Select[Any] = change.scoped(Student, hits.where(_same(reason, given.c)))
        return alone
    # Of people with the same name there may be many: each is looked up by itself, up to the most that are told.
    found = change.scoped(Student, select(Student.id, Student.deleted_at).where(_same(reason, given.c)))
    named = found.order_by(Student.id).limit(MOST).lateral("named")
    retired = named.c.deleted_at.is_not(None)
    return select(given.c.place, named.c.id, retired, reasons).select_from(given.join(named, true()))


async def possible_duplicates_of(change: Change, alike: Sequence[Alike]) -> list[list[PossibleDuplicate]]:
    """For each of these the students who are like it, the first made first; retired ones by name and birth.

    It is one statement, whatever their number.
    """
    found: list[dict[int, tuple[bool, set[str]]]] = [{} for _ in alike]
    asked = union_all(*(_matches(change, reason, alike) for reason in DuplicateReason))
    for place, key, retired, reason in await change.read(asked):
        found[place].setdefault(key, (retired, set()))[1].add(reason)
    return [
        [
            PossibleDuplicate(key, [reason for reason in DuplicateReason if reason.value in held], retired)
            for key, (retired, held) in sorted(each.items())[:MOST]
        ]
        for each in found
    ]


async def possible_duplicates(change: Change, sealer: Sealer, values: Mapping[str, Any]) -> list[PossibleDuplicate]:
    """Students like a new one with these values."""
    alike = likeness(values, index_of(change, sealer, values.get("national_id")))
    return (await possible_duplicates_of(change, [alike]))[0]
