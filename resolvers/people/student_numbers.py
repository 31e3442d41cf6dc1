"""Student numbers: STU-YYYY-NNNNN, counted by school and year of registration; gaps are tolerated, none is reused."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert

from models import NumberCounter
from resolvers.unit_of_work import Change

KIND = "student"


def student_number(year: int, number: int) -> str:
    """The number as people read it: at least five digits, more once they are used up."""
    return f"STU-{year}-{number:05}"


def reserve(institution_id: int, counts: Mapping[int, int]) -> Insert:
    """A statement that takes the next numbers of years, so many of each, and returns each year with its last number.

    A counter's row stays locked to the end of the transaction, so that no two take the same number.
    """
    # In one order, so that of two who take numbers of several years one waits for the other.
    rows = [
        {"institution_id": institution_id, "kind": KIND, "year": year, "last": count}
        for year, count in sorted(counts.items())
    ]
    statement: Any = insert(NumberCounter).values(rows)
    taken: Insert = statement.on_conflict_do_update(
        index_elements=["institution_id", "kind", "year"],
        set_={"last": NumberCounter.last + statement.excluded.last},
    ).returning(NumberCounter.year, NumberCounter.last)
    return taken


async def next_number(change: Change, year: int) -> str:
    """The number of a student who is registered in a year."""
    return next((await next_numbers(change, [year]))[year])


async def next_numbers(change: Change, years: Sequence[int]) -> Mapping[int, Iterator[str]]:
    """Numbers of students who are registered in these years, by year: as many as the year is named."""
    counts = Counter(years)
    if not counts:
        return {}
    return {
        year: iter([student_number(year, number) for number in range(last - counts[year] + 1, last + 1)])
        for year, last in await change.session.execute(reserve(change.institution_id, counts))
    }
