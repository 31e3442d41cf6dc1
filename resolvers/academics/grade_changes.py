"""A single mark: changed and deleted by the rules by which courses are marked."""

from typing import Any

from sqlalchemy import select

from models import Assessment, Course, Grade
from resolvers.academics.grade_entry import check_grade_entry_open
from resolvers.academics.grade_values import NAMES, grade_values
from resolvers.academics.roster import check_enrolled, marker
from resolvers.academics.score_bounds import Bounds, scale_sql
from resolvers.context import Context
from resolvers.errors import Checks
from resolvers.unit_of_work import Change
from resolvers.writing.lock_order import hold_place_of
from resolvers.writing.records import Records

GRADES = Records(Grade)


async def _mark(change: Change, key: int, version: int) -> Grade:
    """The mark, locked, in a semester whose marks can be entered now."""
    await hold_place_of(change, Grade, key)
    row = await change.one(Grade, key, version=version)
    if row.semester_id is not None:
        await check_grade_entry_open(change, row.semester_id, row.course_id, field="id")
    return row


async def bounds_of(change: Change, course: int, assessment: int | None, *, field: str = "id") -> Bounds:
    """The assessment's, where it has its own, else those of the course's scale, which all stay as they are."""
    scale = (await change.seen(Course, course, field=field)).grading_scale_id
    lowest, highest = (await change.session.execute(select(*scale_sql(change, scale)))).one()
    if assessment is not None:
        work = await change.seen(Assessment, assessment, field=field)
        lowest = lowest if work.min_score is None else work.min_score
        highest = highest if work.max_score is None else work.max_score
    return Bounds(lowest, highest)


async def update_grade(context: Context, *, id: int, version: int, **given: Any) -> int:
    """Change what a mark says. Where it says so already, nothing is written."""
    async with context.change("grade.update", id=id) as change:
        row = await _mark(change, id, version)
        before = {name: getattr(row, name) for name in NAMES}
        checks = Checks()
        values = grade_values(given, before, await bounds_of(change, row.course_id, row.assessment_id), checks)
        if values == before and not checks.errors:
            change.withdraw()
            return row.id
        await check_enrolled(change, checks, row)
        checks.done()
        user = await change.session.scalar(select(marker(change)))
        for name, value in {**values, "graded_by_id": user, "last_edited_at": change.author.at}.items():
            setattr(row, name, value)
        await change.session.flush()
        change.publish("grade", row.id, {"action": "update", "id": row.id})
    return row.id


async def delete_grade(context: Context, *, id: int, version: int) -> None:
    """Remove a mark that should not have been given."""
    async with context.change("grade.delete", id=id) as change:
        await GRADES.remove(change, await _mark(change, id, version))
