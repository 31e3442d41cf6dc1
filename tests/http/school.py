"""A committed school, the application over it, and somebody who may sign in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
from starlette.applications import Starlette

from app.database import Database
from app.main import create_app
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role, UserRole
from resolvers.identity.passwords import hash_password
from resolvers.institution.institution import create_institution
from tests import factories

if TYPE_CHECKING:
    from tests.http.conftest import Api

PASSWORD = "correct horse battery"
PATIENCE = 20
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token user { username } errors { code } } }"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = 'schoolgraph_api' AND wait_event_type = 'Lock'"
)


@dataclass
class Served:
    """A committed school with one student, one guardian and one administrator, and the application over it."""

    urls: Urls
    database: Database

    def app(self, **settings: Any) -> Starlette:
        return create_app(Settings(**settings), self.database)


async def fill(urls: Urls) -> None:
    async with owner_session(urls) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        student = await factories.create_student(session, school, student_number="STU-1")
        guardian = await factories.create_guardian(session, school)
        await factories.link_guardian(session, student, guardian)
        password_hash = await hash_password(PASSWORD)
        user = await factories.create_user(session, school, username="asha", password_hash=password_hash)
        session.add(UserRole(institution_id=school.id, user_id=user.id, role=Role.ADMIN))


async def sign_in(api: "Api", password: str = PASSWORD) -> str | None:
    found = {"institution": "GAMMA", "username": "asha", "password": password}
    answer = (await api.post(LOGIN, variables={"input": found})).json()["data"]["login"]
    token: str | None = answer["token"]
    assert answer["user"] == ({"username": "asha"} if token else None)
    return token


def bearer(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@contextlib.asynccontextmanager
async def serving(urls: Urls, **settings: Any) -> AsyncIterator[Served]:
    """What one process of the server has of a database. Who is refused need not wait, unless a test says so."""
    database = await Database.open(urls, Settings(**({"login_refusal_seconds": 0} | settings)))
    try:
        yield Served(urls, database)
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def administering(served: Served) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    assert served.urls.admin
    connection = await asyncpg.connect(asyncpg_url(served.urls.admin))
    try:
        yield connection
    finally:
        await connection.close()


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait for something that comes about by itself; fails when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.01)


async def until_waiting(admin: "asyncpg.Connection[asyncpg.Record]", count: int) -> None:
    """Wait until so many of the server's statements wait for a lock."""

    async def so_many() -> bool:
        # A transaction sees the activity of others as it was when it first looked.
        await admin.execute("SELECT pg_stat_clear_snapshot()")
        found = await admin.fetchval(WAITING)
        assert found in {0, 1}
        return bool(found == count)

    await until(so_many)
