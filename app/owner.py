"""A session as the owner of the tables: for the commands that set up, import and load, never for the server.

The owner is not under row-level security, so each statement names its institution itself.
"""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.urls import WRITING, Urls, sqlalchemy_url


@contextlib.asynccontextmanager
async def owner_session(urls: Urls) -> AsyncIterator[AsyncSession]:
    """One transaction as the owner; commits at the end, rolls back on an exception.

    Raises ValueError where no owner's URL is known.
    """
    if urls.owner is None:
        raise ValueError("DATABASE_OWNER_URL is not set; this command works as the owner of the tables")
    engine = create_async_engine(sqlalchemy_url(urls.owner), connect_args={"server_settings": WRITING})
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        await engine.dispose()
