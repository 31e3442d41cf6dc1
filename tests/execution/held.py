"""Keeping operations waiting, and seeing that they have let go of what they held."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import asyncpg

from models import Course, Enrollment, Student, Subject
from tests.execution.generator import Operation
from tests.waiting import until
from tests.worlds import Worlds

Admin: TypeAlias = "asyncpg.Connection[Any]"
# Within a transaction, as one that holds a lock, everybody's activity is shown as it was when first asked for.
AFRESH = "SELECT pg_stat_clear_snapshot()"


def operation(worlds: Worlds, document: str) -> Operation:
    """`document` names rows by type and number: `{Student1}`."""
    names = {
        f"{model.__name__}{n}": worlds.ours.gid(model, n)
        for model in (Student, Subject, Course, Enrollment)
        for n in range(3)
    }
    return Operation(document.format(**names), {})


@contextlib.asynccontextmanager
async def holding(admin: Admin, table: str, column: str, key: int, value: Any) -> AsyncIterator[None]:
    """A committed row has another value meanwhile."""
    before = await admin.fetchval(f"SELECT {column} FROM {table} WHERE id = $1", key)
    await admin.execute(f"UPDATE {table} SET {column} = $1 WHERE id = $2", value, key)
    try:
        yield
    finally:
        await admin.execute(f"UPDATE {table} SET {column} = $1 WHERE id = $2", before, key)


async def nothing_is_left(worlds: Worlds, admin: Admin) -> None:
    """No operation has a connection, and none of those that are kept has a snapshot, or a lock on a table."""
    readers = worlds.database.readers
    while readers.tasks:
        await asyncio.wait(readers.tasks)
    assert readers.taken == 0

    async def idle() -> bool:
        # Who was cut off is there for another moment.
        await admin.execute(AFRESH)
        states = await admin.fetch(
            "SELECT state LIKE 'idle%', backend_xmin,"
            " (SELECT count(*) FROM pg_locks l WHERE l.pid = a.pid AND relation > 0)"
            " FROM pg_stat_activity a WHERE datname = current_database()"
            " AND usename = 'schoolgraph_api' AND query !~ 'LISTEN|pg_notify'"
        )
        return [tuple(row) for row in states] == [(True, None, 0)] * worlds.database.pool.get_size()

    await until(idle)


@contextlib.asynccontextmanager
async def locked(admin: Admin, table: str) -> AsyncIterator[None]:
    """Who reads the table waits."""
    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


async def _waits(admin: Admin) -> int | None:
    await admin.execute(AFRESH)
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    found: int | None = await admin.fetchval(query)
    return found


async def someone_waits(admin: Admin) -> bool:
    """Whether one of the server's connections waits for a lock now."""
    return await _waits(admin) is not None


async def waiting(admin: Admin) -> int:
    """The process of the server's connection that waits for a lock."""
    for _ in range(1000):
        if (found := await _waits(admin)) is not None:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")
