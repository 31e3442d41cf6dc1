"""What is sealed of a student: checked, and made into the columns that keep it.

The record's key is part of what is sealed, so a new student gets it first: `new_keys`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Student
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid, spelled
from resolvers.sealing import Place, Sealer
from resolvers.secret import Secret

DIGITS = 12
LONGEST = {"health": 2000, "identifying_marks": 500}
TABLE = Student.__tablename__
NATIONAL_ID = "nationalId"
SEALED = ("national_id", *LONGEST)
NATIONAL_ID_TAKEN = Rule(Conflict, NATIONAL_ID, "is another student's already", secret=True)
keep({"ix_student_institution_id_national_id_index": NATIONAL_ID_TAKEN})


def _digits(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def national_id(text: str, field: str) -> Secret:
    """Its 12 digits, which may come in groups; raises Invalid, whose message never shows any of it."""
    digits = _digits(text)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Invalid(f"{field}: a national id has {DIGITS} digits", field=field)
    return Secret(digits)


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        field = spelled(name)
        raise Invalid(f"{field}: {len(text)} characters are more than {LONGEST[name]}", field=field)
    return text


def check_given(given: Mapping[str, str | None]) -> None:
    """That none of these is empty, a national id is one, and no text is too long; raises Invalid, or all of them."""
    checks = Checks()
    for name, text in given.items():
        field = spelled(name)
        with checks:
            if text == "":
                raise Invalid(f"{field}: is empty; send null for none", field=field)
            if text is not None:
                national_id(text, field) if name == "national_id" else _text(name, text)
    checks.done()


def changed_secrets(sealer: Sealer, row: Student, given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of the given texts that differ from what is sealed: sealing the same anew would look like a change."""
    found = {}
    for name, text in given.items():
        place = _place(row.institution_id, f"{name}_sealed")
        sealed = getattr(row, place.column)
        was = None if sealed is None else sealer.open(place, row.id, sealed)
        if was != (_digits(text) if name == "national_id" and text else text):
            found[name] = text
    return found


def sealed_columns(
    sealer: Sealer, institution_id: int, student_id: int, given: Mapping[str, str | None]
) -> dict[str, Any]:
    """The columns for `national_id`, `health` and `identifying_marks` as far as they are given; null takes one away.

    Raises Invalid.
    """
    columns: dict[str, Any] = {}
    for name, text in given.items():
        place = _place(institution_id, f"{name}_sealed")
        if name == "national_id":
            columns |= _national_id_columns(sealer, place, student_id, text)
        else:
            columns[place.column] = sealer.seal(place, student_id, _text(name, text)) if text else None
    return columns


def _national_id_columns(sealer: Sealer, place: Place, student_id: int, text: str | None) -> dict[str, Any]:
    if not text:
        return {place.column: None, "national_id_index": None, "national_id_last4": None}
    secret = national_id(text, NATIONAL_ID)
    return {
        place.column: sealer.seal(place, student_id, secret.reveal()),
        "national_id_index": sealer.index(index_place(place.institution_id), secret),
        "national_id_last4": secret.reveal()[-4:],
    }


@lru_cache(maxsize=256)
def _place(institution_id: int, column: str) -> Place:
    return Place(institution_id, TABLE, column)


def index_place(institution_id: int) -> Place:
    return _place(institution_id, "national_id_index")


async def new_keys(session: AsyncSession, count: int) -> list[int]:
    """Keys of students about to be made, in order; nobody else gets one of them."""
    numbers = func.generate_series(1, count).table_valued("n")
    taken = select(func.nextval("student_id_seq")).select_from(numbers)
    return list(await session.scalars(taken))


async def check_unused(
    session: AsyncSession, sealer: Sealer, institution_id: int, secret: Secret, *, but: int | None = None
) -> None:
    """Raises Conflict where a student in use has this national id, other than `but`.

    While the index is made anew, the unique key does not see who stands under the former key: this does.
    """
    used = select(Student.id).where(
        Student.institution_id == institution_id,
        Student.national_id_index.in_(sealer.indexes(index_place(institution_id), secret)),
        Student.deleted_at.is_(None),
        Student.id.is_distinct_from(but),
    )
    if await session.scalar(used) is not None:
        raise NATIONAL_ID_TAKEN.error()
