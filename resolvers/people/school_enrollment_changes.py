"""How students enter the school, leave it and come back: each time is a span of its own, and the records stay.

An exit date in the future is planned: the span is over once it has come, and nothing else happens by itself. Courses
and status wait for `leave_school`, which then takes the planned day.
"""

import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from models import (
    Attendance,
    EntryType,
    ExitReason,
    Grade,
    SchoolEnrollment,
    Student,
    StudentStatus,
)
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid
from resolvers.people.course_leaving import first_return, hold_courses, leave_courses
from resolvers.people.school_enrollment_rules import SCHOOL_ENROLLMENTS, span_values
from resolvers.people.student_rules import STUDENTS
from resolvers.unit_of_work import Change, in_use


async def enroll_in_school(context: Context, *, student: int, **values: Any) -> int:
    """Let a student belong to the school; gives the key of the span."""
    async with context.change("school_enrollment.enter", student=student) as change:
        row = await _student(change, student)
        return await _enter(change, row, values)


async def return_to_school(context: Context, *, student: int, **values: Any) -> int:
    """Let a student who has left belong to the school again; gives the key of the new span."""
    async with context.change("school_enrollment.return", student=student) as change:
        row = await _student(change, student)
        last = await _last_span(change, student)
        if last is None:
            raise Conflict("student: has never belonged to the school: `enrollInSchool` is for that", field="student")
        level = values.get("grade_level") or last.grade_level_id
        return await _enter(change, row, values | {"grade_level": level, "entry_type": EntryType.RE_ENTRY})


async def leave_school(
    context: Context, *, id: int, version: int, exit_reason: ExitReason, exit_date: datetime.date | None = None
) -> int:
    """End a span of belonging to the school, and with it the student's courses; gives the key.

    Spans by which the student was to go on after it are taken back. Of a span whose planned end has come, that is the
    day where no other is given.
    """
    async with context.change("school_enrollment.leave", id=id) as change:
        span = await _before(change, id)
        if span is not None:
            await hold_courses(change, span.student_id, exit_date or _planned(change, span.exit_date))
            await change.one(Student, span.student_id)
        row = await SCHOOL_ENROLLMENTS.find(change, id, version)
        student = await change.one(Student, row.student_id)
        over = row.exit_date is not None and row.exit_date <= change.today
        if over and not await _waits(change, row, student):
            raise Conflict(f"id: the student has left already, on {row.exit_date}: change that span", field="id")
        day = exit_date or _planned(change, row.exit_date)
        if day > change.today:
            raise Invalid(f"exitDate: {day} is in the future: leave when the day has come", field="exitDate")
        await SCHOOL_ENROLLMENTS.alter(change, row, {"exit_date": day, "exit_reason": exit_reason})
        await _check_unmarked(change, row.student_id, day)
        await _take_back(change, row.student_id, day)
        change.details["courses"] = await leave_courses(change, row.student_id, day, exit_reason)
        await STUDENTS.alter(change, student, {"status": StudentStatus.INACTIVE})
    return id


async def _take_back(change: Change, student: int, day: datetime.date) -> None:
    """Remove the spans by which a student was to go on in the years to come, up to a return."""
    span, first = SchoolEnrollment, first_return(change, student, day)
    found = select(span.id).where(
        span.institution_id == change.institution_id,
        span.student_id == student,
        span.entry_date > day,
        or_(first.is_(None), span.entry_date < first),
    )
    for key in (await change.session.scalars(found.order_by(span.id))).all():
        await SCHOOL_ENROLLMENTS.remove(change, await SCHOOL_ENROLLMENTS.find(change, key, None))


async def _before(change: Change, key: int) -> Any:
    """The student of a span, whom it keeps, and its last day, which is not locked yet."""
    found = select(SchoolEnrollment.student_id, SchoolEnrollment.exit_date).where(
        SchoolEnrollment.institution_id == change.institution_id, SchoolEnrollment.id == key
    )
    return (await change.session.execute(found)).one_or_none()


def _planned(change: Change, day: datetime.date | None) -> datetime.date:
    """The last day that was planned, where it has come; else today."""
    return min(day or change.today, change.today)


async def _student(change: Change, key: int) -> Student:
    """Locked first, so that whatever else moves the student in or out of the school waits."""
    return in_use(await change.one(Student, key, field="student"), field="student")


async def _waits(change: Change, row: SchoolEnrollment, student: Student) -> bool:
    """Whether a span that is over was the last one that has begun, and the student has not been let go yet."""
    last = await _last_span(change, row.student_id, SchoolEnrollment.entry_date <= change.today)
    return student.status is StudentStatus.ACTIVE and last is not None and last.id == row.id


async def _last_span(change: Change, student: int, *among: ColumnElement[bool]) -> SchoolEnrollment | None:
    spans = select(SchoolEnrollment).where(
        SchoolEnrollment.institution_id == change.institution_id, SchoolEnrollment.student_id == student, *among
    )
    latest = spans.order_by(SchoolEnrollment.entry_date.desc()).limit(1)
    return (await change.session.scalars(latest)).one_or_none()


async def _enter(change: Change, student: Student, values: dict[str, Any]) -> int:
    """A new span; whoever is in it today is active."""
    found = await span_values(change, values, change.today)
    row = await SCHOOL_ENROLLMENTS.make(change, found, student_id=student.id)
    await SCHOOL_ENROLLMENTS.write(change, row)
    if row.entry_date <= change.today:
        await STUDENTS.alter(change, student, {"status": StudentStatus.ACTIVE})
    change.details["id"] = row.id
    return row.id


async def _check_unmarked(change: Change, student: int, day: datetime.date) -> None:
    """That nothing is marked of the student after the day."""
    for model in (Grade, Attendance):
        kind: Any = model
        latest = select(func.max(kind.date)).where(
            kind.institution_id == change.institution_id, kind.student_id == student, kind.date > day
        )
        marked = await change.session.scalar(latest)
        if marked is not None:
            words = f"is before {marked}, a day on which the student was marked"
            raise Conflict(f"exitDate: {day} {words}", field="exitDate")
