"""A committed school, the application over it, and somebody who may sign in."""

import contextlib
from collections.abc import AsyncIterator
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
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token user { username } errors { code } } }"


@dataclass
class Served:
    """A committed school with one student, one guardian and one administrator, and the application over it."""

    urls: Urls
    database: Database

    def app(self, **settings: Any) -> Starlette:
        return create_app(Settings(**settings), self.database)


_hashes: dict[str, str] = {}


async def hash_once(password: str) -> str:
    """Hashing is made to take its time; the accounts of the tests share what it gives."""
    if password not in _hashes:
        _hashes[password] = await hash_password(password)
    return _hashes[password]


async def fill(urls: Urls) -> None:
    async with owner_session(urls) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        student = await factories.create_student(session, school, student_number="STU-1")
        guardian = await factories.create_guardian(session, school)
        await factories.link_guardian(session, student, guardian)
        password_hash = await hash_once(PASSWORD)
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
