"""Good calls about assessments: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolYear, User
from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on


async def _course(session: AsyncSession, school: Any) -> Any:
    """One that the user with the key 1 teaches."""
    course = await make.create_course(session, await make.create_school_year(session, school, current=False))
    if await session.get(User, (school.id, 1)) is None:
        await make.create_user(session, school, id=1)
    await make.teach(session, course, await session.get_one(User, (school.id, 1)))
    return course


async def _values(session: AsyncSession, school: Any, course: Any) -> Input:
    year = await session.get_one(SchoolYear, (school.id, course.school_year_id))
    return {
        "subject": gid(await make.create_subject(session, school)),
        "semester": gid(await make.create_semester(session, year)),
        "category": gid(await make.create_assessment_category(session, school)),
        "title": "Cells",
        "description": "Chapters 1 to 3",
        "date": "2025-09-15",
        "minScore": "1",
        "maxScore": "50",
    }


async def _create(session: AsyncSession, school: Any) -> Input:
    course = await _course(session, school)
    return {"course": gid(course), **await _values(session, school, course)}


async def _assessment(session: AsyncSession, school: Any) -> Any:
    return await make.create_assessment(session, await _course(session, school))


async def _update(session: AsyncSession, school: Any) -> Input:
    course = await _course(session, school)
    made = await make.create_assessment(session, course)
    return {"id": gid(made), "version": 1, **await _values(session, school, course)}


CALLS_OF_ASSESSMENTS: Mapping[str, Call] = {
    "createAssessment": _create,
    "updateAssessment": _update,
    "deleteAssessment": on(_assessment),
}
