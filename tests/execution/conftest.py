"""A committed database that tests break, lock and mend, and its administrator."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.urls import Urls, asyncpg_url
from tests.execution.held import Admin
from tests.worlds import Worlds, open_worlds


@pytest.fixture(scope="session")
async def broken(server: Urls, template: Urls) -> AsyncIterator[Worlds]:
    async with open_worlds(server, "suite_broken") as worlds:
        yield worlds


@pytest.fixture
async def admin(broken: Worlds) -> AsyncIterator[Admin]:
    assert broken.urls.admin
    connection = await asyncpg.connect(asyncpg_url(broken.urls.admin))
    yield connection
    await connection.close()
