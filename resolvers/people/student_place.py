"""Where a student is at present: in the school, and in courses."""

from sqlalchemy import func, or_, select

from models import Enrollment, EnrollmentStatus, SchoolEnrollment, Student
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change

RUNNING = (EnrollmentStatus.PENDING, EnrollmentStatus.ACTIVE)


async def check_gone(change: Change, student: Student) -> None:
    """Raise Conflict where the student still belongs to the school or to a course, or is to."""
    span, course = SchoolEnrollment, Enrollment
    in_school = select(func.count()).where(
        span.institution_id == change.institution_id,
        span.student_id == student.id,
        or_(span.exit_date.is_(None), span.exit_date > change.today),
    )
    in_courses = select(func.count()).where(
        course.institution_id == change.institution_id,
        course.student_id == student.id,
        course.status.in_(RUNNING),
        or_(course.end_date.is_(None), course.end_date > change.today),
    )
    found = select(in_school.scalar_subquery(), in_courses.scalar_subquery())
    spans, courses = (await change.session.execute(found)).one()
    if spans:
        raise Conflict(
            "id: the student still belongs to the school: `leaveSchool` ends that, and the courses", field="id"
        )
    if courses:
        where = "1 course" if courses == 1 else f"{courses} courses"
        raise Conflict(f"id: the student still takes part in {where}: drop or complete the enrolments", field="id")
