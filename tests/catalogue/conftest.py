"""Connections to the database with two schools in it: as the superuser for its catalogue, as the API for its rights."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.urls import asyncpg_url
from tests.catalogue.reading import Catalogue
from tests.worlds import Worlds


@pytest.fixture(scope="session")
async def catalogue(worlds: Worlds) -> AsyncIterator[Catalogue]:
    assert worlds.urls.admin
    connection = await asyncpg.connect(asyncpg_url(worlds.urls.admin))
    yield Catalogue(connection)
    await connection.close()


@pytest.fixture
async def api(worlds: Worlds) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the API's role, outside any transaction."""
    connection = await asyncpg.connect(asyncpg_url(worlds.urls.api))
    yield connection
    await connection.close()


@pytest.fixture
async def reader(worlds: Worlds) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the role that only reads."""
    connection = await asyncpg.connect(asyncpg_url(worlds.urls.api.replace("schoolgraph_api", "schoolgraph_read")))
    yield connection
    await connection.close()


@pytest.fixture
async def owner(worlds: Worlds) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables."""
    assert worlds.urls.owner
    connection = await asyncpg.connect(asyncpg_url(worlds.urls.owner))
    yield connection
    await connection.close()
