"""A database to break, and what is found wrong with it."""

import datetime
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from app.tenancy import findings
from app.urls import Urls, asyncpg_url
from tests.database import copy, make_partitions, owner_session

Broken = Callable[..., Awaitable[list[str]]]


@pytest.fixture(scope="module")
async def breakable(server: Urls, template: Urls) -> Urls:
    """A copy with a partition of attendance, as a database in use has."""
    urls = await copy(server, "suite_broken")
    async with owner_session(urls) as session:
        day = datetime.date(2025, 1, 1)
        await (await session.connection()).run_sync(make_partitions, day, day)
    return urls


@pytest.fixture
async def broken(breakable: Urls) -> AsyncIterator[Broken]:
    """Break the database by these statements; what the server's role then finds. Nothing of it is committed."""
    assert breakable.admin
    connection = await asyncpg.connect(asyncpg_url(breakable.admin))

    async def found(*statements: str, role: str = "schoolgraph_api") -> list[str]:
        transaction = connection.transaction()
        await transaction.start()
        try:
            for statement in statements:
                await connection.execute(statement)
            await connection.execute(f"SET LOCAL SESSION AUTHORIZATION {role}")
            return await findings(connection)
        finally:
            await transaction.rollback()

    yield found
    await connection.close()
