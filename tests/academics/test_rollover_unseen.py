"""The version of a plan for the next school year covers its lines: nobody applies or throws away what nobody showed."""

import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.academics.rollover_school import apply, create_years, decide, decide_all, plan
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.mutating import refused


@pytest.mark.parametrize("verb", ["applyRollover", "deleteRolloverPlan"])
async def test_a_decision_that_was_not_seen_stands_in_the_way(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, verb: str
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    seen = await plan(execute, made)
    async with audited(connections, school):
        leaves = {"decision": "LEAVE", "exitReason": "EXPELLED"}
        await decide(execute, seen, "Asha", viewer=school.viewer(Role.REGISTRAR), **leaves)
    async with audited(connections, school, nothing=True):
        found = await refused(execute, verb, id=seen["id"], version=seen["version"])
    assert found == [("CONFLICT", ["version"])]
    now = await plan(execute, made)
    assert now["version"] == seen["version"] + 1
    assert (await apply(execute, now))["rolloverPlan"]["leaving"] == 4


async def test_a_decision_that_changes_nothing_leaves_the_version(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    seen = await plan(execute, made)
    async with audited(connections, school, nothing=True):
        await decide(execute, seen, "Asha", note=seen["lines"]["Asha"]["note"])
    assert await plan(execute, made) == seen


async def test_planning_again_moves_the_version_where_lines_are_others(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    versions = [(await plan(execute, made))["version"] for _ in range(2)]
    made.students["Dev"].deleted_at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    await session.flush()
    async with audited(connections, school):
        versions.append((await plan(execute, made))["version"])
    # The plan itself is another too, and that moves it once.
    versions.append((await plan(execute, made, byMarks=False))["version"])
    assert versions == [1, 1, 2, 3]
