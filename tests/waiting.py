"""Waiting for something that comes about by itself, such as that others wait for a lock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

PATIENCE = 60
# Of this database alone, and not of what PostgreSQL does by itself, which is nobody's.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database() AND usename IS NOT NULL"""


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Fails when it does not come about in time."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.01)


async def until_waiting(connection: "asyncpg.Connection[Any]", many: int = 1) -> None:
    """Until just so many sessions of the connection's database wait for a lock."""

    async def waiting() -> bool:
        # A transaction sees the sessions of others as they were when it first looked.
        await connection.execute("SELECT pg_stat_clear_snapshot()")
        return bool(await connection.fetchval(WAITING) == many)

    await until(waiting)
