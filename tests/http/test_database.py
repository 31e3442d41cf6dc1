"""The endpoint over a real database: who is asking, and what a stopped operation leaves behind there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import httpx
import orjson
import pytest
from starlette.applications import Starlette

from app.database import Database
from app.main import create_app, worker
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role, UserRole
from resolvers.identity.passwords import hash_password
from resolvers.institution.institution import create_institution
from tests import factories
from tests.http.conftest import Api, client_of, listening, only_error
from tests.http.test_time import request_bytes

PASSWORD = "correct horse battery"
PATIENCE = 20
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token user { username } errors { code } } }"
STUDENTS = "{ students { nodes { studentNumber guardians { guardian { fullName } } } } }"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = 'schoolgraph_api' AND wait_event_type = 'Lock'"
)


@dataclass
class Served:
    """A committed school with one student, one guardian and one administrator, and the application over it."""

    urls: Urls
    database: Database

    def app(self, **settings: float) -> Starlette:
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


@pytest.fixture
async def served(empty_database: Urls) -> AsyncIterator[Served]:
    await fill(empty_database)
    database = await Database.open(empty_database, Settings())
    try:
        yield Served(empty_database, database)
    finally:
        await database.close()


async def sign_in(api: Api, password: str = PASSWORD) -> str | None:
    found = {"institution": "GAMMA", "username": "asha", "password": password}
    answer = (await api.post(LOGIN, variables={"input": found})).json()["data"]["login"]
    token: str | None = answer["token"]
    assert answer["user"] == ({"username": "asha"} if token else None)
    return token


def bearer(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_only_a_token_opens_the_school(served: Served) -> None:
    async with client_of(served.app()) as client:
        api = Api(client)
        token = await sign_in(api)
        closed = await api.post(STUDENTS)
        opened = await api.post(STUDENTS, headers=bearer(token))

    assert closed.status_code == 200
    assert [error["extensions"]["code"] for error in closed.json()["errors"]] == ["UNAUTHENTICATED"]
    assert closed.json()["errors"][0]["path"] == ["students"]
    expected = [{"studentNumber": "STU-1", "guardians": [{"guardian": {"fullName": "Ravi Rao"}}]}]
    assert opened.json() == {"data": {"students": {"nodes": expected}}}


async def test_without_a_token_the_schema_is_open(served: Served) -> None:
    async with client_of(served.app()) as client:
        response = await Api(client).post('{ __type(name: "Student") { name } __typename }')

    assert response.json() == {"data": {"__type": {"name": "Student"}, "__typename": "Query"}}


@pytest.mark.parametrize(
    "authorization",
    ["Bearer sgs_1_" + "x" * 43, "Bearer nonsense", "Bearer", "Bearer ", "Basic YTpi", "sgs_1_x", "Bearer a b", ""],
)
@pytest.mark.parametrize("query", ["{ __typename }", STUDENTS])
async def test_a_token_that_is_not_good_is_refused_as_a_whole(served: Served, authorization: str, query: str) -> None:
    async with client_of(served.app()) as client:
        response = await Api(client).post(query, headers={"authorization": authorization})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert only_error(response)[0] == "UNAUTHENTICATED"


async def test_a_session_that_has_ended(served: Served) -> None:
    async with client_of(served.app()) as client:
        token = await sign_in(Api(client))
        async with administering(served) as admin:
            await admin.execute("UPDATE session SET expires_at = now() - interval '1 second'")
        response = await Api(client).post(STUDENTS, accept="application/json", headers=bearer(token))

    assert response.status_code == 401


async def test_a_wrong_password_is_the_payloads_word(served: Served) -> None:
    async with client_of(served.app()) as client:
        assert await sign_in(Api(client), "wrong") is None


async def test_the_database_is_asked_whether_it_is_ready(served: Served) -> None:
    async with client_of(served.app()) as client:
        assert (await client.get("/readyz")).status_code == 200
        await served.database.close()
        assert (await client.get("/readyz")).status_code == 503


async def test_a_worker_opens_and_closes_the_database_itself(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", served.urls.api)
    app = worker()
    async with app.router.lifespan_context(app), client_of(app) as client:
        token = await sign_in(Api(client))
        assert (await Api(client).post("{ students { totalCount } }", headers=bearer(token))).json() == {
            "data": {"students": {"totalCount": 1}}
        }
        pool = app.state.database.pool

    assert pool.is_closing()


@contextlib.asynccontextmanager
async def administering(served: Served) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    assert served.urls.admin
    connection = await asyncpg.connect(asyncpg_url(served.urls.admin))
    try:
        yield connection
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def locked(served: Served, table: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Whoever reads `table` waits."""
    async with administering(served) as admin, admin.transaction():
        await admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield admin


async def until_waiting(admin: "asyncpg.Connection[asyncpg.Record]", count: int) -> None:
    """Wait until so many of the server's statements wait for a lock."""
    async with asyncio.timeout(PATIENCE):
        while (found := await admin.fetchval(WAITING)) != count:
            assert found in {0, 1}
            await asyncio.sleep(0.01)


async def all_connections_are_back(served: Served) -> None:
    pool = served.database.pool
    async with asyncio.timeout(PATIENCE):
        while pool.get_idle_size() != pool.get_size():
            await asyncio.sleep(0.01)
            assert pool.get_size() > 0


@pytest.mark.parametrize("table", ["student", "student_guardian", "guardian"])
async def test_a_client_that_goes_takes_its_statement_along(served: Served, table: str) -> None:
    app = served.app(read_seconds=3600)
    async with client_of(app) as client:
        token = await sign_in(Api(client))
    async with listening(app) as port, locked(served, table) as admin:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes(port, orjson.dumps({"query": STUDENTS}), token=token))
        await until_waiting(admin, 1)

        writer.close()

        await until_waiting(admin, 0)
        await all_connections_are_back(served)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            response = await Api(client).post("{ currentSchoolYear { id } }", headers=bearer(token))
    assert response.json() == {"data": {"currentSchoolYear": None}}


@pytest.mark.parametrize("table", ["student", "guardian"])
async def test_an_operation_that_takes_too_long_takes_its_statement_along(served: Served, table: str) -> None:
    async with client_of(served.app()) as client:
        token = await sign_in(Api(client))
    async with client_of(served.app(read_seconds=0.3)) as client, locked(served, table) as admin:
        response = await Api(client).post(STUDENTS, headers=bearer(token))
        await until_waiting(admin, 0)
        await all_connections_are_back(served)

    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes == {"TIMEOUT"}
    assert response.json().get("data") is None


async def test_a_mutation_that_takes_too_long_changes_nothing(served: Served) -> None:
    async with client_of(served.app(write_seconds=0.3)) as client, locked(served, "activity_log") as admin:
        found = {"institution": "GAMMA", "username": "asha", "password": PASSWORD}
        response = await Api(client).post(LOGIN, variables={"input": found})
        await until_waiting(admin, 0)
        sessions = await admin.fetchval("SELECT count(*) FROM session")

    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"TIMEOUT"}
    assert sessions == 0
