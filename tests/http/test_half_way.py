"""A client that goes away while its mutation is at work leaves nothing of it, and may send it again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson
import pytest

from app.owner import owner_session
from models import Role
from resolvers.viewer import Viewer
from tests.academics.rollover_school import create_years, decide_all, plan
from tests.answers import run
from tests.audited import compare
from tests.conftest import School
from tests.http.conftest import Api, client_of, listening
from tests.http.school import Served, administering, bearer, sign_in
from tests.http.test_database import all_connections_are_back
from tests.http.uploading import PREFLIGHT
from tests.schema_map import object_type
from tests.waiting import until, until_waiting
from tests.writing.good_calls import CALLS
from tests.writing.storm_checks import ENTRIES, rows_of

Given = dict[str, Any]
KEY = {"idempotencyKey": "half-way"}
CSV = "firstName,lastName,gender,dateOfBirth\n" + "".join(f"Anju {n},Menon,FEMALE,2014-02-28\n" for n in range(3))
AT_WORK = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'schoolgraph_api'"
    " AND xact_start IS NOT NULL"
)
KNOWN = """
SELECT (SELECT count(*) FROM audit_log) AS audited, (SELECT count(*) FROM activity_log) AS done,
    (SELECT count(*) FROM outbox) AS published, (SELECT count(*) FROM idempotency_key) AS answered"""
SLOW_COMMIT = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON idempotency_key DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait();
"""
# What is written last of all that a mutation is about, and what tells how often it was done.
WRITES = {
    "recordAttendance": ("attendance", "attendance.record"),
    "recordGrades": ("grade", "grade.record"),
    "enrollStudents": ("enrollment", "enrollment.record"),
    "importStudents": ("student", "student.import"),
    "applyRollover": ("enrollment", "rollover_plan.apply"),
}


def locks(name: str) -> dict[str, str]:
    """What has a mutation wait before it begins, while it writes, before it tells the trail, and in its commit."""
    tables = ("idempotency_key", WRITES[name][0], "activity_log")
    return {table: f"LOCK TABLE {table} IN SHARE MODE" for table in tables} | {
        "commit": "SELECT pg_advisory_xact_lock(7)"
    }


async def input_of(served: Served, name: str, school: School) -> Given:
    if name == "importStudents":
        return {"file": None}
    if name != "applyRollover":
        async with owner_session(served.urls) as session:
            return await CALLS[name](session, school)
    async with owner_session(served.urls) as session:
        made = await create_years(session, SimpleNamespace(id=school.id))
    viewer = Viewer(1, school.id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)

    async def execute(document: str, **variables: Any) -> Any:
        return await run(served.database, viewer, document, variables)

    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    return {"id": planned["id"], "version": planned["version"]}


@dataclass
class Sender:
    """Sends one call to a server again and again; a file goes in a form."""

    client: httpx.AsyncClient
    name: str
    given: Given

    def request(self) -> httpx.Request:
        kind = object_type("Mutation").fields[self.name].args["input"].type
        document = (
            f"mutation($input: {kind}) {{ payload: {self.name}(input: $input) {{ operation errors {{ code }} }} }}"
        )
        body = {"query": document, "variables": {"input": self.given | KEY}}
        if "file" not in self.given:
            return self.client.build_request("POST", "/graphql", json=body)
        parts = {"operations": orjson.dumps(body).decode(), "map": '{"0": ["variables.input.file"]}'}
        files: list[Any] = [(part, (None, text)) for part, text in parts.items()]
        return self.client.build_request("POST", "/graphql", files=[*files, ("0", ("a.csv", CSV))], headers=PREFLIGHT)

    async def send(self) -> Given:
        payload: Given = (await self.client.send(self.request())).json()["data"]["payload"]
        return payload


@contextlib.asynccontextmanager
async def sender(served: Served, name: str) -> AsyncIterator[Sender]:
    async with client_of(served.app()) as client:
        token = await sign_in(Api(client))
    served.database.patience = None
    async with administering(served) as admin:
        institution = await admin.fetchval("SELECT id FROM institution")
        await admin.execute(SLOW_COMMIT)
    given = await input_of(served, name, School(institution, "GAMMA"))
    async with listening(served.app(write_seconds=600)) as port:
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, headers=bearer(token), timeout=60) as client:
            yield Sender(client, name, given)


async def gone_while(served: Served, lock: str, send: Callable[[], Awaitable[Given]]) -> None:
    """The client sends, and goes away when its mutation waits; that ends before what it waits for is to be had."""
    async with administering(served) as admin, admin.transaction(), administering(served) as looking:
        await admin.execute(lock)
        sending = asyncio.ensure_future(send())
        await until_waiting(looking)
        sending.cancel()
        await asyncio.wait([sending])

        async def over() -> bool:
            return not await looking.fetchval(AT_WORK)

        await until(over)


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_is_left_of_a_mutation_whose_client_has_gone(served: Served, name: str) -> None:
    async with sender(served, name) as sending, administering(served) as admin:
        before, known = await rows_of(served.urls), await admin.fetchrow(KNOWN)
        for lock in locks(name).values():
            await gone_while(served, lock, sending.send)
            assert await admin.fetchrow(KNOWN) == known, lock
        assert await rows_of(served.urls) == before
        answers = [await sending.send() for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0]["errors"] == []
        assert known
        entries = await admin.fetch(ENTRIES)
        compare(before, await rows_of(served.urls), entries[known["audited"] :])
        counted = "SELECT count(*) FROM activity_log WHERE action = $1"
        assert await admin.fetchval(counted, WRITES[name][1]) == 1
        await all_connections_are_back(served)
        assert served.database.engine.pool.status().endswith("Current Checked out connections: 0")


async def test_nothing_is_left_of_a_file_that_came_half_way(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "schoolgraph.operation")
    async with sender(served, "importStudents") as sending:
        before, caplog.records[:] = await rows_of(served.urls), []
        request = sending.request()
        headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        _, writer = await asyncio.open_connection(request.url.host, request.url.port)
        writer.write(f"POST /graphql HTTP/1.1\r\n{headers}\r\n".encode() + request.read()[: -len(CSV) // 2])
        await writer.drain()
        writer.close()

        async def told() -> bool:
            return any(record.name == "schoolgraph.operation" for record in caplog.records)

        await until(told)
        assert await rows_of(served.urls) == before
        assert (await sending.send())["errors"] == []
        await all_connections_are_back(served)
