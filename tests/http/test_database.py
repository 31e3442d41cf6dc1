"""The endpoint over a real database: who is asking, and what a stopped operation leaves behind there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import httpx
import orjson
import pytest

from app.main import worker
from tests.http.conftest import Api, client_of, listening, only_error
from tests.http.school import LOGIN, PASSWORD, Served, administering, bearer, sign_in
from tests.http.test_time import request_bytes
from tests.waiting import until, until_waiting

STUDENTS = "{ students { nodes { studentNumber guardians { guardian { fullName } } } } }"


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


async def test_what_is_hidden_is_said_beside_the_data(served: Served) -> None:
    async with client_of(served.app()) as client:
        async with administering(served) as admin:
            await admin.execute("UPDATE user_role SET role = 'REPORTER'")
        headers = bearer(await sign_in(Api(client)))
        answer = await Api(client).post("{ students { nodes { studentNumber nationalId } } }", headers=headers)
        filtered = '{ students(where: { nationalId: { eq: "234500000000" } }) { totalCount } }'
        refused = await Api(client).post(filtered, headers=headers)

    hidden = {"path": "students.nodes.*.nationalId", "reason": "Shown to ADMIN and REGISTRAR."}
    assert answer.json() == {
        "data": {"students": {"nodes": [{"studentNumber": "STU-1", "nationalId": None}]}},
        "extensions": {"redactions": [hidden]},
    }
    (error,) = refused.json()["errors"]
    assert error["extensions"] == {"code": "FORBIDDEN", "field": "where.nationalId"}
    assert "2345" not in refused.text


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
async def locked(served: Served, table: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Whoever reads `table` waits."""
    async with administering(served) as admin, admin.transaction():
        await admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield admin


async def all_connections_are_back(served: Served) -> None:
    async def none_is_taken() -> bool:
        return served.database.readers.taken == 0

    await until(none_is_taken)


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
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
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
