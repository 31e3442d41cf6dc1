"""The order in which mutations lock rows, so that no two wait for each other.

Whoever locks rows of several of these tables does so in their order, and of one table in the order of the keys; what is
changed is so locked after the course that it is part of, and a course before its students. A row of any other table is
locked at any place, since those who change one, and so keep others from sharing it, lock none of these after it.

Foreign keys are not in it: what is deleted waits for those who add a reference to it. Such a deadlock is repeated.
"""

from typing import Any

from sqlalchemy import and_, select

from models import Assessment, Attendance, Course, Enrollment, Grade
from resolvers.unit_of_work import Change

ORDER = (
    "number_counter",
    "operation",
    "rollover_plan",
    "rollover_line",
    "course_subject",
    "course_teacher",
    "course",
    "student",
    "school_enrollment",
    "enrollment",
    "attendance",
    "grade",
    "report_card",
    "report_card_comment",
)
Mark = type[Attendance] | type[Grade]


async def hold_course_of(change: Change, model: Mark | type[Assessment] | type[Enrollment], key: int) -> None:
    """Have the course of a row stay as it is, before the row itself is locked; whoever marks in the course waits."""
    part: Any = model
    course = select(part.course_id).where(part.institution_id == change.institution_id, part.id == key)
    held = select(Course.id).where(
        Course.institution_id == change.institution_id, Course.id == course.scalar_subquery()
    )
    await change.session.execute(held.with_for_update(read=True))


async def hold_place_of(change: Change, model: Mark, key: int) -> None:
    """Have the course of a mark and the student's enrolments in it stay as they are, before the mark is locked."""
    await hold_course_of(change, model, key)
    mark: Any = model
    of_mark = and_(
        mark.institution_id == Enrollment.institution_id,
        mark.student_id == Enrollment.student_id,
        mark.course_id == Enrollment.course_id,
    )
    spans = select(Enrollment.id).join(mark, of_mark).where(Enrollment.institution_id == change.institution_id)
    spans = spans.where(mark.id == key).order_by(Enrollment.id)
    await change.session.execute(spans.with_for_update(read=True, of=Enrollment))
