"""Good calls about plans for the next school year: see `tests/writing/good_calls.py`."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import RolloverDecision, RolloverLine, RolloverPlan, RolloverReason, SchoolYear
from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on


async def years(session: AsyncSession, school: Any) -> tuple[Any, Any]:
    """A school year that has ended, and the next one."""
    ended = {"start_date": datetime.date(2024, 6, 1), "end_date": datetime.date(2025, 4, 30)}
    ends = await make.create_school_year(session, school, code="2024-2025", current=False, **ended)
    return ends, await make.create_school_year(session, school, current=False)


async def plan(session: AsyncSession, school: Any) -> RolloverPlan:
    """A plan without lines."""
    ends, begins = await years(session, school)
    row = RolloverPlan(institution_id=school.id, from_school_year_id=ends.id, to_school_year_id=begins.id)
    session.add(row)
    await session.flush()
    return row


async def _line(session: AsyncSession, school: Any) -> Input:
    """A student who would move on, and is to repeat."""
    of = await plan(session, school)
    level, following = [await make.create_grade_level(session, school) for _ in range(2)]
    student = await make.create_student(session, school)
    row = RolloverLine(institution_id=school.id, rollover_plan_id=of.id, student_id=student.id)
    row.decision, row.reason = RolloverDecision.PROMOTE, RolloverReason.NOT_MARKED
    row.from_grade_level_id, row.to_grade_level_id = level.id, following.id
    session.add(row)
    await session.flush()
    begins = await session.get_one(SchoolYear, (school.id, of.to_school_year_id))
    course = await make.create_course(session, begins, grade_level_id=level.id)
    given = {
        "decision": "RETAIN",
        "toGradeLevel": gid(level),
        "toCourse": gid(course),
        "note": "The family asks for it",
    }
    return {"id": gid(row), "version": 1, **given}


async def _plan_rollover(session: AsyncSession, school: Any) -> Input:
    ends, begins = await years(session, school)
    level = await make.create_grade_level(session, school, leaves_after=True)
    await make.admit(session, await make.create_student(session, school), ends, grade_level_id=level.id)
    return {"fromSchoolYear": gid(ends), "toSchoolYear": gid(begins), "byMarks": False, "idempotencyKey": "once"}


CALLS_OF_ROLLOVER: Mapping[str, Call] = {
    "planRollover": _plan_rollover,
    "updateRolloverLine": _line,
    "applyRollover": on(plan),
    "deleteRolloverPlan": on(plan),
}
