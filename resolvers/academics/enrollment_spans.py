"""Spans of students in courses: within the course's school year, never two at once, and around all that was marked."""

import datetime
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, and_, bindparam, func, or_, select

from models import Attendance, Course, Enrollment, EnrollmentStatus, Grade, SchoolYear, Semester
from resolvers.constraints import Rule
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.content import table_of
from resolvers.writing.records import changes

ENDS_TOO_EARLY = Rule(Invalid, "endDate", "is before the first day")
DROPPED_TOO_EARLY = Rule(Invalid, "dropDate", "is before the first day of the enrolment: delete it instead")
OVERLAPS = Rule(Conflict, "beginDate", "begins a span that overlaps another of the student in the course")


async def year_of(change: Change, course: int) -> SchoolYear:
    """The school year in which a course is taught."""
    found = select(SchoolYear).join(
        Course, and_(Course.institution_id == SchoolYear.institution_id, Course.school_year_id == SchoolYear.id)
    )
    found = found.where(Course.institution_id == change.institution_id, Course.id == course)
    return (await change.session.scalars(found)).one()


async def semester_on(change: Change, course: int, day: datetime.date) -> int | None:
    """The part of a course's school year on a day; of several the shortest."""
    found = (
        select(Semester.id)
        .join(
            Course,
            and_(Course.institution_id == Semester.institution_id, Course.school_year_id == Semester.school_year_id),
        )
        .where(Course.institution_id == change.institution_id, Course.id == course)
        .where(Semester.start_date <= day, Semester.end_date >= day)
        .order_by(Semester.end_date - Semester.start_date, Semester.sequence, Semester.id)
        .limit(1)
    )
    return await change.session.scalar(found)


async def check_span(change: Change, row: Enrollment, checks: Checks) -> None:
    """All of that, where the span is new or another one."""
    if not changes(row, "begin_date", "end_date") or not await check_days(change, row, checks):
        return
    await _check_others(change, row, checks)
    if row.id is not None:
        await _check_marked(change, row, checks, _last(row))


def _drops(row: Enrollment) -> bool:
    return row.status is EnrollmentStatus.DROPPED and changes(row, "drop_date")


def _last(row: Enrollment) -> str:
    """The input's field that gives the last day."""
    return "dropDate" if _drops(row) else "endDate"


async def check_days(change: Change, row: Enrollment, checks: Checks) -> bool:
    """That a span lies within the course's school year; gives whether it is one at all."""
    if row.end_date is not None and row.end_date < row.begin_date:
        rule = DROPPED_TOO_EARLY if _drops(row) else ENDS_TOO_EARLY
        checks.errors.append(rule.error(row.end_date))
        return False
    await _check_year(change, row, checks, _last(row))
    return True


async def _check_year(change: Change, row: Enrollment, checks: Checks, last: str) -> None:
    year = await year_of(change, row.course_id)
    for field, day in (("beginDate", row.begin_date), (last, row.end_date)):
        if day is not None and not year.start_date <= day <= year.end_date:
            span = f"{year.start_date} to {year.end_date}"
            checks.errors.append(Invalid(f"{field}: {day} is not in the course's school year, {span}", field=field))


async def spans_in_the_way(
    change: Change, course: int, students: Sequence[int], begin: datetime.date, end: datetime.date | None
) -> Sequence[Any]:
    """Spans of these students in the course that share a day with these, the earliest first; an end of None is open."""
    mine = func.daterange(begin, end, "[]")
    found = select(table_of(Enrollment)).where(
        Enrollment.institution_id == change.institution_id,
        Enrollment.student_id == func.any(bindparam("students", list(students), type_=ARRAY(BigInteger))),
        Enrollment.course_id == course,
        func.daterange(Enrollment.begin_date, Enrollment.end_date, "[]").op("&&")(mine),
    )
    return (await change.session.execute(found.order_by(Enrollment.begin_date))).all()


async def _check_others(change: Change, row: Enrollment, checks: Checks) -> None:
    others = await spans_in_the_way(change, row.course_id, [row.student_id], row.begin_date, row.end_date)
    if any(other.id != row.id for other in others):
        checks.errors.append(OVERLAPS.error(row.begin_date))


async def marked_days(change: Change, row: Enrollment) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last day of the stored span on which something was marked."""
    stored = select(Enrollment.begin_date, Enrollment.end_date)
    stored = stored.where(Enrollment.institution_id == change.institution_id, Enrollment.id == row.id)
    begin, end = (await change.session.execute(stored)).one()
    days: list[datetime.date] = []
    for model in (Grade, Attendance):
        kind: Any = model
        found = select(func.min(kind.date), func.max(kind.date)).where(
            kind.institution_id == change.institution_id,
            kind.student_id == row.student_id,
            kind.course_id == row.course_id,
            kind.date.between(begin, end or datetime.date.max),
        )
        days += [day for day in (await change.session.execute(found)).one() if day is not None]
    return (min(days), max(days)) if days else (None, None)


async def marked_among(change: Change, keys: Sequence[int]) -> int:
    """In how many of these enrolments something was marked."""
    marks = []
    for model in (Grade, Attendance):
        kind: Any = model
        mark = select(kind.id).where(
            kind.institution_id == Enrollment.institution_id,
            kind.student_id == Enrollment.student_id,
            kind.course_id == Enrollment.course_id,
            kind.date >= Enrollment.begin_date,
            or_(Enrollment.end_date.is_(None), kind.date <= Enrollment.end_date),
        )
        marks.append(mark.exists())
    among = Enrollment.id == func.any(bindparam("keys", list(keys), type_=ARRAY(BigInteger)))
    found = select(func.count()).where(Enrollment.institution_id == change.institution_id, among, or_(*marks))
    return (await change.session.execute(found)).scalar_one()


async def _check_marked(change: Change, row: Enrollment, checks: Checks, last: str) -> None:
    earliest, latest = await marked_days(change, row)
    if earliest is not None and earliest < row.begin_date:
        checks.errors.append(_unmarked("beginDate", row.begin_date, "after", earliest))
    if latest is not None and row.end_date is not None and latest > row.end_date:
        checks.errors.append(_unmarked(last, row.end_date, "before", latest))


def _unmarked(field: str, day: datetime.date, side: str, marked: datetime.date) -> Conflict:
    return Conflict(f"{field}: {day} is {side} {marked}, a day on which the student was marked", field=field)
