"""Rules of the subjects of a course: each once, with a weight; kept while marks count for it."""

from sqlalchemy import func, select

from models import Assessment, Course, CourseSubject, Grade
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

NO_WEIGHT = Rule(Invalid, "coefficient", "is not more than 0")
NEGATIVE = Rule(Invalid, "credits", "is less than 0")

keep(
    {
        "uq_course_subject_institution_id_course_id_subject_id": Rule(
            Conflict, "subject", "is taught by the course already"
        ),
        "ck_course_subject_coefficient_positive": NO_WEIGHT,
        "ck_course_subject_credits_positive": NEGATIVE,
    }
)


async def _rules(change: Change, row: CourseSubject, checks: Checks) -> None:
    with checks:
        await change.seen(Course, row.course_id, field="course")
    if row.coefficient is not None and row.coefficient <= 0:
        checks.errors.append(NO_WEIGHT.error(row.coefficient))
    if row.credits is not None and row.credits < 0:
        checks.errors.append(NEGATIVE.error(row.credits))


async def _count(change: Change, model: type[Assessment] | type[Grade], row: CourseSubject) -> int:
    found = select(func.count()).where(
        model.institution_id == change.institution_id,
        model.course_id == row.course_id,
        model.subject_id == row.subject_id,
    )
    return await change.session.scalar(found) or 0


async def _leaving(change: Change, row: CourseSubject, checks: Checks) -> None:
    if count := await _count(change, Grade, row):
        counted = "1 mark of the course counts" if count == 1 else f"{count} marks of the course count"
        checks.errors.append(Conflict(f"id: {counted} for the subject", field="id"))
    elif count := await _count(change, Assessment, row):
        counted = "1 assessment of the course is" if count == 1 else f"{count} assessments of the course are"
        checks.errors.append(Conflict(f"id: {counted} of the subject", field="id"))


COURSE_SUBJECTS = Records(CourseSubject, rules=_rules, leaving=_leaving)
