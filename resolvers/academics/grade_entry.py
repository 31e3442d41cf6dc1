"""When marks of a part of a school year can be entered: in its window, and after that where it was opened again.

Whoever writes marks calls `check_grade_entry_open` first, which holds the window as it is until the transaction ends.
"""

import datetime
from collections.abc import Sequence

from sqlalchemy import or_, select

from models import GradeEntryReopening, Semester
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change


def is_closed(row: Semester, at: datetime.datetime) -> bool:
    """Whether the window of grade entry has ended; it does at the very instant that is set."""
    return row.grade_entry_closes_at is not None and row.grade_entry_closes_at <= at


def opens_later(row: Semester, at: datetime.datetime) -> bool:
    """Whether the window of grade entry has not begun."""
    return row.grade_entry_opens_at is not None and row.grade_entry_opens_at > at


async def reopenings(change: Change, semester: int, course: int | None = None) -> Sequence[GradeEntryReopening]:
    """Reopenings of a closed window that still run; with a course those that count for it."""
    running = select(GradeEntryReopening).where(
        GradeEntryReopening.institution_id == change.institution_id,
        GradeEntryReopening.semester_id == semester,
        GradeEntryReopening.closes_at > change.author.at,
    )
    if course is not None:
        running = running.where(or_(GradeEntryReopening.course_id.is_(None), GradeEntryReopening.course_id == course))
    return (await change.session.scalars(running.order_by(GradeEntryReopening.id))).all()


async def check_grade_entry_open(change: Change, semester: int, course: int, *, field: str = "semester") -> Semester:
    """The part of a school year, if marks of a course can be entered for it now, whoever does it.

    Raises NotFound where there is none that the viewer may see, Conflict where its grade entry is not open; `field` is
    the input's.
    """
    row = await change.seen(Semester, semester, field=field)
    await check_open(change, row, course, field=field)
    return row


async def check_open(change: Change, row: Semester, course: int, *, field: str) -> None:
    """Raise Conflict where the grade entry of a part of a school year, which is held as it is, is not open."""
    at = change.author.at
    if opens_later(row, at):
        raise _shut(row, field, f"opens at {row.grade_entry_opens_at:%Y-%m-%dT%H:%M:%SZ}")
    if is_closed(row, at) and not await reopenings(change, row.id, course):
        raise _shut(row, field, f"closed at {row.grade_entry_closes_at:%Y-%m-%dT%H:%M:%SZ}")


def _shut(row: Semester, field: str, words: str) -> Conflict:
    return Conflict(f"{field}: grade entry of {row.code} {words}", field=field)
