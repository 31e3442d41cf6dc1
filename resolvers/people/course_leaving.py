"""What becomes of the courses of a student who leaves the school: they end that day, those to come are taken back.

Those of a time when the student belongs to the school again, where that return is entered already, stay. A span by
which the student was to go on in the next year is no return. What is PENDING still never began: it ends that day too,
and stays PENDING, which counts nowhere.
"""

import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, not_, or_, select
from sqlalchemy.orm import aliased

from models import Course, Enrollment, EnrollmentStatus, ExitReason, SchoolEnrollment
from resolvers.academics.enrollment_changes import ENROLLMENTS, RUNNING
from resolvers.academics.enrollment_spans import semester_on
from resolvers.academics.rollover_applying import ENTRIES
from resolvers.unit_of_work import Change

# Who leaves for these has taken part to the end.
TO_THE_END = frozenset({ExitReason.COMPLETED, ExitReason.GRADUATED})
# How whoever stays enters the next year.
GOES_ON = tuple(ENTRIES.values())


def first_return(change: Change, student: int, day: datetime.date) -> ScalarSelect[datetime.date]:
    """The day of the first return after a day that is entered already; NULL where none is."""
    span = aliased(SchoolEnrollment)
    found = select(func.min(span.entry_date)).where(
        span.institution_id == change.institution_id,
        span.student_id == student,
        span.entry_date > day,
        span.entry_type.not_in(GOES_ON),
    )
    return found.scalar_subquery()


def _on_return(first: ScalarSelect[datetime.date]) -> ColumnElement[bool]:
    """Whether an enrolment begins while its student belongs to the school anew, from the day of the first return on."""
    span = aliased(SchoolEnrollment)
    back = select(span.id).where(
        span.institution_id == Enrollment.institution_id,
        span.student_id == Enrollment.student_id,
        span.entry_date >= first,
        span.entry_date <= Enrollment.begin_date,
        or_(span.exit_date.is_(None), span.exit_date >= Enrollment.begin_date),
    )
    return back.exists()


def _running(change: Change, student: int, day: datetime.date) -> Select[int, int]:
    """Enrolments that go on after a day on which the student leaves, each with its course."""
    running = select(Enrollment.id, Enrollment.course_id).where(
        Enrollment.institution_id == change.institution_id,
        Enrollment.student_id == student,
        Enrollment.status.in_(RUNNING),
        or_(Enrollment.end_date.is_(None), Enrollment.end_date > day),
        not_(_on_return(first_return(change, student, day))),
    )
    return running.order_by(Enrollment.course_id, Enrollment.id)


async def hold_courses(change: Change, student: int, day: datetime.date) -> None:
    """Have the courses that a student is to leave stay as they are, before the student is locked.

    Those that have been retired since are left like all others.
    """
    left = _running(change, student, day).subquery()
    courses = select(Course.id).where(Course.institution_id == change.institution_id)
    courses = courses.where(Course.id.in_(select(left.c.course_id))).order_by(Course.id)
    await change.session.execute(courses.with_for_update(read=True))


async def leave_courses(change: Change, student: int, day: datetime.date, reason: ExitReason) -> int:
    """End the enrolments that go on after a day; gives how many."""
    # They are held already, unless the student has come into one since.
    await hold_courses(change, student, day)
    found = (await change.session.execute(_running(change, student, day))).all()
    for key, _ in found:
        await _leave(change, await ENROLLMENTS.find(change, key, None), day, reason)
    return len(found)


async def _leave(change: Change, row: Enrollment, day: datetime.date, reason: ExitReason) -> None:
    if row.begin_date > day:
        await ENROLLMENTS.remove(change, row)
    elif row.status == EnrollmentStatus.PENDING:
        await ENROLLMENTS.alter(change, row, {"end_date": day})
    elif reason in TO_THE_END:
        await ENROLLMENTS.alter(change, row, {"status": EnrollmentStatus.COMPLETED, "end_date": day})
    else:
        dropped = {"status": EnrollmentStatus.DROPPED, "end_date": day, "drop_date": day}
        semester = await semester_on(change, row.course_id, day)
        said = {"drop_reason": f"Left the school: {reason.value}", "drop_semester": semester}
        await ENROLLMENTS.alter(change, row, dropped | said)
