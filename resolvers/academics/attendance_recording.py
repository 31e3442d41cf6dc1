"""Attendance of a whole course on a day, by a number of statements that does not depend on how many are marked."""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from models import Attendance, AttendanceSession, AttendanceTaken
from resolvers.academics.attendance_day import Day, day_of
from resolvers.academics.attendance_values import attendance_values
from resolvers.academics.roster import admit_rows, hold_course, today
from resolvers.context import Context
from resolvers.errors import Checks, Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, Outcome, carry_out, refuse, rows_of
from resolvers.writing.content import table_of
from resolvers.writing.mark_rows import MarkRows, check_version, standing
from resolvers.writing.operations import Touched

Mark = Mapping[str, Any]
Row = Mapping[str, Any]


async def record_attendance(
    context: Context,
    *,
    course: int,
    date: datetime.date,
    marks: Sequence[Mark],
    session: AttendanceSession = AttendanceSession.FULL,
    taken: bool = True,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Mark students of a course on a day; gives the outcome of each mark.

    Raises NotFound, Invalid and Conflict about the call, and RowsRefused where marks are refused and all must be done.
    """
    work = partial(_record, key=course, date=date, session=session, marks=marks, taken=taken)
    return await carry_out(context, "attendance.record", Options(mode, dry_run), work)


async def _record(
    change: Change,
    *,
    key: int,
    date: datetime.date,
    session: AttendanceSession,
    marks: Sequence[Mark],
    taken: bool,
) -> Answer:
    course = await hold_course(change, key)
    rows = rows_of(marks)
    day = await day_of(change, course.id, date, session)
    day.check(today(change))
    await admit_rows(change, course.id, date, rows)
    students, that_day = [row.student for row in rows], table_of(Attendance).c.date == date
    before = await standing(change, Attendance, course.id, students, that_day)
    writing = MarkRows(Attendance, {"recorded_by_id": day.marker}, keys=("id", "date"))
    fixed = {
        "date": date,
        "course_id": course.id,
        "session": session,
        "semester_id": day.semester_id,
        "school_year_id": day.school_year_id,
    }
    for row, mark in zip(rows, marks, strict=True):
        there = {each["session"]: each for each in before[row.student]}
        values = _settled(row, mark, there, session, day)
        if not row.errors:
            writing.put(row, there.get(session), values, {"student_id": row.student, **fixed})
    write = partial(_write, course=course.id, day=day, session=session, taken=taken, rows=writing)
    return Answer(rows, write, course=course.id)


async def _write(
    change: Change, answer: Answer, *, course: int, day: Day, session: AttendanceSession, taken: bool, rows: MarkRows
) -> None:
    about = {"course": course, "date": day.date, "session": session}
    written, made = await rows.write(change), None
    if taken and not day.taken and not (answer.results and answer.refused == len(answer.results)):
        row = {"course_id": course, "date": day.date, "session": session}
        taking = row | {"taken_by_id": day.marker, "taken_at": change.author.at}
        (made,) = await change.insert_rows(AttendanceTaken, [taking])
    elif not written:
        change.withdraw()
        return
    change.details |= about
    change.operation = Touched(course, rows.made, rows.changed, day.date, made).summary()
    change.publish("course", course, {"action": "record_attendance", **about, **answer.counts})


def _settled(
    row: Outcome, mark: Mark, there: Mapping[AttendanceSession, Row], session: AttendanceSession, day: Day
) -> dict[str, Any]:
    """What the mark will say; refuses the row where it cannot."""
    before = there.get(session)
    other = next((each for each in there.values() if AttendanceSession.FULL in (session, each["session"])), None)
    standing = before or other
    row.record = standing["id"] if standing else None
    checks = Checks()
    with checks:
        check_version(mark.get("version"), before)
    if before is None and other is not None:
        said = f"student: has been marked for {other['session'].value} that day, which {session.value} excludes"
        checks.errors.append(Conflict(said, field="student", record=other["id"], version=other["version"]))
    values = attendance_values(mark, before, day.codes, checks)
    if checks.errors and not row.errors:
        refuse(row, *checks.errors)
    return values
