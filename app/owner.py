"""A session as the owner of the tables: for the commands that set up, import and load, never for the server.

The owner is not under row-level security, so each statement names its institution itself.
"""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession

from app.engines import engine_of
from app.urls import WRITING, Urls


@contextlib.asynccontextmanager
async def owner_session(urls: Urls) -> AsyncIterator[AsyncSession]:
    """One transaction as the owner; commits at the end, rolls back on an exception.

    Raises ValueError where no owner's URL is known.
    """
    if urls.owner is None:
        raise ValueError("DATABASE_OWNER_URL is not set; this command works as the owner of the tables")
    engine = engine_of(urls.owner, connect_args={"server_settings": WRITING})
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        await engine.dispose()
