"""What the database must not give and gives: both ways of execution say the same, and let go of what they held.

Each test breaks a committed database of its own, asks with plans and without, and mends what it broke.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import asyncpg
import orjson
import pytest
from graphql import parse

from app.snapshot import Snapshot
from app.urls import Urls, asyncpg_url
from models import Course, Enrollment, Role, Student, Subject
from resolvers.connection import ConnectionLost
from resolvers.context import Context
from tests.answers import ENGINE, NOW
from tests.execution.broken import COLUMNS, COMPUTED, FAULTS, Case
from tests.execution.compare import answer
from tests.execution.generator import Operation
from tests.worlds import Worlds, open_worlds

Admin: TypeAlias = "asyncpg.Connection[Any]"


LOCKED = '{{ student(id: "{Student1}") {{ fullName grades {{ score subject {{ name }} }} }} }}'


@pytest.fixture(scope="module")
async def broken(server: Urls, template: Urls) -> AsyncIterator[Worlds]:
    async with open_worlds(server, "suite_broken") as worlds:
        yield worlds


@pytest.fixture
async def admin(broken: Worlds) -> AsyncIterator[Admin]:
    assert broken.urls.admin
    connection = await asyncpg.connect(asyncpg_url(broken.urls.admin))
    yield connection
    await connection.close()


def operation(worlds: Worlds, document: str) -> Operation:
    names = {
        f"{model.__name__}{n}": worlds.ours.gid(model, n)
        for model in (Student, Subject, Course, Enrollment)
        for n in range(3)
    }
    return Operation(document.format(**names), {})


@contextlib.asynccontextmanager
async def spoilt(worlds: Worlds, admin: Admin, case: Case) -> AsyncIterator[None]:
    places = {"tenant": worlds.ours.institution_id, "id": worlds.ours.ids[case.table][1]}
    await admin.execute(case.spoil.format(**places))
    try:
        yield
    finally:
        await admin.execute(case.mend.format(**places))


async def nothing_is_left(worlds: Worlds, admin: Admin) -> None:
    """No connection is lent, and none of those in the pool is in a transaction."""
    while Snapshot.ending:
        await asyncio.wait(Snapshot.ending)
    assert worlds.database.pool.get_idle_size() == worlds.database.pool.get_size()
    states = await admin.fetch(
        "SELECT state, xact_start FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = 'schoolgraph_api' AND query !~ 'LISTEN|pg_notify'"
    )
    assert len(states) == worlds.database.pool.get_size()
    assert {tuple(row) for row in states} == {("idle", None)}


@pytest.mark.parametrize("case", [*COMPUTED, *FAULTS], ids=lambda case: case.name)
async def test_both_ways_say_the_same(broken: Worlds, admin: Admin, case: Case) -> None:
    asked = operation(broken, case.document)
    async with spoilt(broken, admin, case):
        planned, context = await answer(broken, asked, planning=True)
        await nothing_is_left(broken, admin)
        standard, _ = await answer(broken, asked, planning=False)
        await nothing_is_left(broken, admin)

    assert planned == standard
    errors = [orjson.loads(each) for each in orjson.loads(standard)["errors"]]
    assert sorted(each["path"] for each in errors) == case.paths
    assert context.planning is False

    again, context = await answer(broken, asked, planning=True)
    assert b'"errors":[]' in again
    assert context.planning


@pytest.mark.parametrize("case", COLUMNS, ids=lambda case: case.name)
async def test_plans_take_the_databases_word_for_what_it_keeps_out(broken: Worlds, admin: Admin, case: Case) -> None:
    """NOT NULL and CHECK are not checked again row by row: a column that lost them is shown as it is."""
    asked = operation(broken, case.document)
    async with spoilt(broken, admin, case):
        planned, context = await answer(broken, asked, planning=True)
        standard, _ = await answer(broken, asked, planning=False)
        await nothing_is_left(broken, admin)

    assert context.planning
    assert orjson.loads(planned)["errors"] == []
    errors = [orjson.loads(each) for each in orjson.loads(standard)["errors"]]
    assert sorted(each["path"] for each in errors) == case.paths


@contextlib.asynccontextmanager
async def locked(admin: Admin, table: str) -> AsyncIterator[None]:
    """Who reads the table waits."""
    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.parametrize("planning", [True, False], ids=["planned", "standard"])
async def test_a_statement_that_takes_too_long_ends_the_operation(broken: Worlds, admin: Admin, planning: bool) -> None:
    (prepared,) = ENGINE.operations(parse(operation(broken, LOCKED).text)).values()
    context = Context(broken.database, broken.viewer(Role.ADMIN), now=NOW, timeout=0.2, planning=planning)
    async with locked(admin, "subject"):
        with pytest.raises(TimeoutError):
            await ENGINE.execute(prepared, {}, context)
        await context.close()
        await nothing_is_left(broken, admin)
    assert context.statements == 3


async def waiting(admin: Admin) -> int:
    """The process of the server's connection that waits for a lock."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(1000):
        if (found := await admin.fetchval(query)) is not None:
            return int(found)
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("planning", [True, False], ids=["planned", "standard"])
async def test_a_connection_that_is_cut_ends_the_operation(broken: Worlds, admin: Admin, planning: bool) -> None:
    async with locked(admin, "subject"):
        task = asyncio.create_task(answer(broken, operation(broken, LOCKED), planning=planning))
        await admin.execute("SELECT pg_terminate_backend($1)", await waiting(admin))
        with pytest.raises(ConnectionLost):
            await task
    await nothing_is_left(broken, admin)
