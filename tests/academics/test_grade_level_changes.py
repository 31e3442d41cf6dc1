"""Rules of grade levels: codes, places, and no circle of promotions."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_grade_level, gid
from tests.mutating import done, refused


async def test_promotion_never_leads_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    last = await create_grade_level(session, school)
    middle = await create_grade_level(session, school, next_level_id=last.id)
    first = await create_grade_level(session, school, next_level_id=middle.id)
    async with audited(connections, school, nothing=True):
        for level in (first, middle, last):
            given = {"id": gid(last), "version": 1, "nextLevel": gid(level)}
            assert await refused(execute, "updateGradeLevel", **given) == [("BAD_USER_INPUT", ["nextLevel"])]
    async with audited(connections, school):
        await done(execute, "updateGradeLevel", "__typename", id=gid(first), version=1, nextLevel=gid(last))


BAD: list[tuple[dict[str, Any], list[tuple[str, list[str]]]]] = [
    ({"code": "1"}, [("CONFLICT", ["code"])]),
    ({"sequence": 1}, [("CONFLICT", ["sequence"])]),
    ({"sequence": None}, [("BAD_USER_INPUT", ["sequence"])]),
    ({"code": "x" * 21, "name": " "}, [("BAD_USER_INPUT", ["code"]), ("BAD_USER_INPUT", ["name"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD)
async def test_a_level_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: list[tuple[str, list[str]]],
) -> None:
    level = await create_grade_level(session, school)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "updateGradeLevel", **{"id": gid(level), "version": 1} | given) == errors
