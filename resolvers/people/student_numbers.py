"""Student numbers: STU-YYYY-NNNNN, counted by school and year of registration; gaps are tolerated, none is reused."""

from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert

from models import NumberCounter
from resolvers.unit_of_work import Change

KIND = "student"


def student_number(year: int, number: int) -> str:
    """The number as people read it: at least five digits, more once they are used up."""
    return f"STU-{year}-{number:05}"


def reserve(institution_id: int, year: int, count: int) -> Insert:
    """A statement that takes the next `count` numbers of a year and returns the last of them.

    The counter's row stays locked to the end of the transaction, so that no two take the same number.
    """
    statement: Any = insert(NumberCounter).values(institution_id=institution_id, kind=KIND, year=year, last=count)
    taken: Insert = statement.on_conflict_do_update(
        index_elements=["institution_id", "kind", "year"],
        set_={"last": NumberCounter.last + statement.excluded.last},
    ).returning(NumberCounter.last)
    return taken


async def next_number(change: Change, year: int) -> str:
    """The number of a student who is registered in a year."""
    last = await change.session.scalar(reserve(change.institution_id, year, 1))
    assert isinstance(last, int)
    return student_number(year, last)
