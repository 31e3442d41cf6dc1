"""Rules of courses: one of a name in its year, level and section; retired once nobody attends it any more."""

from sqlalchemy import func, or_, select

from models import Course, Enrollment, EnrollmentStatus
from resolvers.academics.score_bounds import check_course_scores
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

NO_WEEK_DAYS = Rule(Invalid, "meetingDays", "is not 1 to 7 different week days, 1 = Monday … 7 = Sunday")
_NAMES = "school_year_id_grade_level_id_section_name_deleted_at"

keep(
    {
        f"uq_course_institution_id_{_NAMES}": Rule(
            Conflict, "name", "is another course's already, in the same year, level and section"
        ),
        "ck_course_meeting_days_range": NO_WEEK_DAYS,
        "ck_course_meeting_days_length": NO_WEEK_DAYS,
    }
)


async def _rules(change: Change, row: Course, checks: Checks) -> None:
    days = row.meeting_days
    if days is not None and not (days and set(days) <= set(range(1, 8)) and len(set(days)) == len(days)):
        checks.errors.append(NO_WEEK_DAYS.error(days))
    if row.id is not None and changes(row, "grading_scale_id"):
        await check_course_scores(change, row, checks)


async def _leaving(change: Change, row: Course, checks: Checks) -> None:
    running = select(func.count()).where(
        Enrollment.institution_id == change.institution_id,
        Enrollment.course_id == row.id,
        Enrollment.status.in_((EnrollmentStatus.PENDING, EnrollmentStatus.ACTIVE)),
        or_(Enrollment.end_date.is_(None), Enrollment.end_date >= change.today),
    )
    if count := await change.session.scalar(running):
        attend = "1 student is" if count == 1 else f"{count} students are"
        checks.errors.append(Conflict(f"id: {attend} enrolled: complete or drop the enrolments first", field="id"))


COURSES = Records(Course, rules=_rules, leaving=_leaving)
