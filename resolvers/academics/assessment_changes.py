"""Rules of assessments: of a subject that the course teaches, in its school year, bounded around the marks given."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models import Assessment, Course, Grade, SchoolYear, Semester
from resolvers.academics.grade_ledger import OTHER_YEAR, taught
from resolvers.academics.score_bounds import Bounds, outside, scale_bounds
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.lock_order import hold_course_of
from resolvers.writing.records import Records, changes

MAX_TOO_LOW = Rule(Invalid, "maxScore", "is not above the lowest mark")
NOT_TAUGHT = Rule(Invalid, "subject", "is not taught in the course")

keep({"ck_assessment_max_above_min": MAX_TOO_LOW})


async def _check_place(change: Change, row: Assessment, course: Course, checks: Checks) -> None:
    """Subject, semester and day fit the course."""
    if row.subject_id is not None and changes(row, "subject_id"):
        teaches = await change.session.scalar(select(taught(change, course, row.subject_id)))
        if not teaches:
            checks.errors.append(NOT_TAUGHT.error())
    if not changes(row, "semester_id", "date"):
        return
    span: SchoolYear | Semester | None = None
    if row.semester_id is not None:
        span = await change.seen(Semester, row.semester_id, field="semester")
        if span.school_year_id != course.school_year_id:
            checks.errors.append(OTHER_YEAR.error())
            return
    elif row.date is not None:
        span = await change.seen(SchoolYear, course.school_year_id, field="course")
    if row.date is not None and span is not None and not span.start_date <= row.date <= span.end_date:
        what = "the semester" if isinstance(span, Semester) else "the course's school year"
        text = f"date: {row.date} is not in {what}, {span.start_date} to {span.end_date}"
        checks.errors.append(Invalid(text, field="date"))


async def _bounds(change: Change, row: Assessment, course: Course) -> Bounds:
    scale = await scale_bounds(change, course.grading_scale_id)
    lowest = scale.lowest if row.min_score is None else row.min_score
    return Bounds(lowest, scale.highest if row.max_score is None else row.max_score)


async def _given(change: Change, row: Assessment) -> tuple[int, Decimal | None, Decimal | None]:
    """How many marks there are, the lowest and the highest."""
    marks = select(func.count(), func.min(Grade.score), func.max(Grade.score)).where(
        Grade.institution_id == change.institution_id, Grade.assessment_id == row.id
    )
    count, lowest, highest = (await change.session.execute(marks)).one()
    return count, lowest, highest


async def _check_bounds(change: Change, row: Assessment, course: Course, checks: Checks) -> None:
    bounds = await _bounds(change, row, course)
    if bounds.highest <= bounds.lowest:
        field, bound = ("minScore", bounds.lowest) if row.max_score is None else ("maxScore", bounds.highest)
        text = f"{field}: {bound:f} leaves no marks between {bounds.lowest:f} and {bounds.highest:f}"
        checks.errors.append(Invalid(text, field=field))
        return
    if row.id is None:
        return
    _, lowest, highest = await _given(change, row)
    if lowest is not None and lowest < bounds.lowest:
        checks.errors.append(outside("minScore", bounds.lowest, "above", lowest))
    if highest is not None and highest > bounds.highest:
        checks.errors.append(outside("maxScore", bounds.highest, "below", highest))


async def _check_marks(change: Change, row: Assessment, checks: Checks) -> None:
    """What marks say too stays as it is once there are some."""
    fixed = {"subject_id": "subject", "semester_id": "semester"}
    moved = [field for column, field in fixed.items() if changes(row, column)]
    if row.id is None or not moved:
        return
    count, _, _ = await _given(change, row)
    if count:
        told = "1 mark has" if count == 1 else f"{count} marks have"
        checks.errors += [Conflict(f"{field}: {told} been given for it", field=field) for field in moved]


async def _rules(change: Change, row: Assessment, checks: Checks) -> None:
    course = await change.seen(Course, row.course_id, field="course")
    await _check_place(change, row, course, checks)
    if changes(row, "min_score", "max_score"):
        await _check_bounds(change, row, course, checks)
    await _check_marks(change, row, checks)


ASSESSMENTS = Records(Assessment, rules=_rules)


async def update_assessment(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; gives the key. Where all of it is so already, nothing is written."""
    async with context.change("assessment.update", id=id) as change:
        await hold_course_of(change, Assessment, id)
        if not await ASSESSMENTS.alter(change, await ASSESSMENTS.find(change, id, version), values):
            change.withdraw()
    return id
