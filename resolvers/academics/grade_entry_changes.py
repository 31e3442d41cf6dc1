"""Opening and closing the window of grade entry. What has closed is opened again with a reason, which is kept."""

import datetime
from typing import Any

from models import Course, GradeEntryReopening, Semester
from resolvers.academics.grade_entry import is_closed, opens_later, reopenings
from resolvers.academics.semester_changes import SEMESTERS
from resolvers.constraints import Rule
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

PAST = Rule(Invalid, "until", "is not in the future")
CLOSES_IN_THE_PAST = Rule(Invalid, "gradeEntryClosesAt", "is not in the future")
REOPENINGS = Records(GradeEntryReopening)


def _refused(field: str, row: Semester, words: str) -> Conflict:
    return Conflict(f"{field}: grade entry of {row.code} {words}", field=field)


async def open_grade_entry(context: Context, *, id: int, version: int, **window: Any) -> int:
    """Open the window, now unless another instant is given; gives the key of the part of the school year."""
    async with context.change("semester.open_grade_entry", id=id) as change:
        row = await SEMESTERS.find(change, id, version)
        at = change.author.at
        closes = window.get("grade_entry_closes_at")
        if closes is not None and closes <= at:
            raise CLOSES_IN_THE_PAST.error(closes)
        if is_closed(row, at):
            raise _refused("id", row, "has closed, and is reopened with a reason only")
        if row.grade_entry_opens_at is None or opens_later(row, at):
            window = {"grade_entry_opens_at": at, **window}
        if not await SEMESTERS.alter(change, row, window):
            change.withdraw()
    return id


async def close_grade_entry(context: Context, *, id: int, version: int) -> int:
    """Close the window now, with all its reopenings; gives the key of the part of the school year."""
    async with context.change("semester.close_grade_entry", id=id) as change:
        row = await SEMESTERS.find(change, id, version)
        if opens_later(row, change.author.at):
            raise _refused("id", row, "has not opened yet")
        if not await _close(change, row):
            change.withdraw()
    return id


async def _close(change: Change, row: Semester) -> bool:
    """Gives whether anything was open."""
    at = change.author.at
    running = await reopenings(change, row.id)
    for each in running:
        await REOPENINGS.alter(change, each, {"closes_at": at})
    if is_closed(row, at):
        return bool(running)
    return await SEMESTERS.alter(change, row, {"grade_entry_closes_at": at})


async def reopen_grade_entry(
    context: Context, *, semester: int, reason: str, until: datetime.datetime, course: int | None = None
) -> int:
    """Open a closed window again, of one course or of all; gives the key of the part of the school year."""
    async with context.change("semester.reopen_grade_entry", id=semester) as change:
        checks = Checks()
        with checks:
            if course is not None:
                await change.seen(Course, course, field="course")
        with checks:
            row = await change.one(Semester, semester, field="semester")
            if not is_closed(row, change.author.at):
                raise _refused("semester", row, "has not closed")
        if until <= change.author.at:
            checks.errors.append(PAST.error(until))
        checks.done()
        values = {"semester": semester, "course": course, "reason": reason, "closes_at": until}
        change.details["reopening"] = (await REOPENINGS.add(change, values)).id
    return semester
