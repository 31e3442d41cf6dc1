"""The server as a program of a school: what a command reads, and who the access log says that it was."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.database import Database
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls
from resolvers.identity.viewers import program_at
from resolvers.viewer import Viewer


@asynccontextmanager
async def program_of(urls: Urls, settings: Settings, institution: str) -> AsyncIterator[tuple[Database, Viewer]]:
    """The database, open, and a viewer at the institution of this code."""
    async with owner_session(urls) as session:
        viewer = await program_at(session, institution)
    database = await Database.open(urls, settings)
    try:
        yield database, viewer
    finally:
        await database.close()
