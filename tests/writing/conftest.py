"""A committed school with two administrators, and the server's own connections to it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app.database import Database
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.client import Client
from resolvers.context import Context
from resolvers.institution.institution import create_institution
from resolvers.viewer import Viewer
from tests.answers import NOW, Answer, run
from tests.conftest import School
from tests.database import OneConnection, copied, copy
from tests.factories import create_user, gid, give_role

ACTOR = 7


@contextlib.asynccontextmanager
async def _connected(url: str | None) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(asyncpg_url(url or ""))
    try:
        yield connection
    finally:
        await connection.close()


@dataclass(frozen=True)
class Committed:
    """`users` are the ids of its two administrators, as clients know them."""

    urls: Urls
    database: Database
    institution_id: int
    users: tuple[str, str]

    @property
    def viewer(self) -> Viewer:
        return Viewer(99, self.institution_id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)

    async def ask(self, document: str, *, refused: bool | None = False, **variables: Any) -> Answer:
        return await run(self.database, self.viewer, document, variables, refused=refused)

    @contextlib.asynccontextmanager
    async def owner(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        async with _connected(self.urls.owner) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def admin(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """As the superuser, who alone sees what the sessions of others are doing."""
        async with _connected(self.urls.admin) as connection:
            yield connection

    async def value(self, sql: str) -> Any:
        async with self.owner() as connection:
            return await connection.fetchval(sql)


@pytest.fixture
async def context(connections: OneConnection, school: School) -> AsyncIterator[Context]:
    viewer = school.viewer(Role.ADMIN, user_id=ACTOR)
    context = Context(
        connections, viewer, now=NOW, timeout=60, request_id="request-1", client=Client(address="192.0.2.1")
    )
    yield context
    await context.close()


@dataclass(frozen=True)
class Original:
    """A database with the school, of which each test has a copy."""

    name: str
    institution_id: int
    users: tuple[str, str]


@pytest.fixture(scope="session")
async def original(server: Urls, template: Urls) -> Original:
    urls = await copy(server, name := "suite_committed")
    async with owner_session(urls) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        users = [await create_user(session, school, username=each) for each in ("first", "second")]
        for user in users:
            await give_role(session, user, Role.ADMIN)
    return Original(name, school.id, (gid(users[0]), gid(users[1])))


@pytest.fixture
async def committed(server: Urls, original: Original) -> AsyncIterator[Committed]:
    async with copied(server, original.name) as urls:
        database = await Database.open(urls, Settings(database_url=None))
        try:
            yield Committed(urls, database, original.institution_id, original.users)
        finally:
            await database.close()
