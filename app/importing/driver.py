"""The driver's connection as an import uses it: bulk copies and set-based statements in SQLAlchemy's transaction."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.engines import engine_of
from app.places import DatabaseError
from app.urls import WRITING, Urls

if TYPE_CHECKING:
    Driver = asyncpg.Connection[asyncpg.Record]
else:
    Driver = asyncpg.Connection


@contextlib.asynccontextmanager
async def owner_connection(urls: Urls) -> AsyncIterator[AsyncConnection]:
    """A connection as the owner of the tables, outside of any transaction; its temporary tables end with it.

    The owner is not under row-level security, so each statement names its institution itself. Raises DatabaseError
    where the owner's URL is not known.
    """
    if urls.owner is None:
        raise DatabaseError("DATABASE_OWNER_URL is not set: an import runs as the role that owns the tables")
    engine = engine_of(urls.owner, pool_size=1, max_overflow=0, connect_args={"server_settings": WRITING})
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def driver_of(connection: AsyncConnection) -> Driver:
    raw: Any = await connection.get_raw_connection()
    driver: Driver = raw.driver_connection
    return driver


@contextlib.asynccontextmanager
async def transaction(connection: AsyncConnection) -> AsyncIterator[None]:
    """One transaction for SQLAlchemy and the driver; commits at the end, rolls back on an exception."""
    async with connection.begin():
        # The dialect sends BEGIN with the first statement of its own, and the driver's would run outside.
        await connection.exec_driver_sql("SELECT 1")
        yield
