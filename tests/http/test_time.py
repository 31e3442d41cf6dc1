"""An operation ends when its time is up, and when its client goes away."""

import asyncio

import httpx
import orjson
import pytest

from app.endpoint import BULK
from resolvers.permissions import MUTATIONS
from tests.http.conftest import GRAPHQL, Api, client_of, fields_of, listening, only_error
from tests.http.sample import Gate, NoDatabase, gates, sample_app
from tests.waiting import PATIENCE


def gate(name: str) -> Gate:
    gates[name] = Gate()
    return gates[name]


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 504), ("application/json", 200)])
@pytest.mark.parametrize(("kind", "setting"), [("query", "read_seconds"), ("mutation", "write_seconds")])
async def test_an_operation_that_takes_too_long_is_cancelled(accept: str, status: int, kind: str, setting: str) -> None:
    waiting, database = gate("slow"), NoDatabase()
    bounds = {"read_seconds": 600, "write_seconds": 600} | {setting: 0.05}
    async with client_of(sample_app(database, **bounds)) as client, asyncio.timeout(PATIENCE):
        response = await Api(client).post(f'{kind} {{ gate(name: "slow") }}', accept)

    assert response.status_code == status
    assert only_error(response) == ("TIMEOUT", "The operation was stopped after 0.05 seconds: ask for less at once")
    assert waiting.cancelled.is_set()
    assert database.open == []


async def test_the_context_knows_the_limit_of_its_operation() -> None:
    database = NoDatabase()
    async with client_of(sample_app(database, read_seconds=7, write_seconds=3, bulk_seconds=11)) as client:
        await Api(client).post("{ undo: __typename }")
        await Api(client).post('mutation { undo: note(text: "limit") }')
        await Api(client).post('mutation { note(text: "limit") whole: undo }')
        await Api(client).post("mutation { ... on Mutation { ...Twice ...Twice } } fragment Twice on Mutation { undo }")

    assert database.timeouts == [7, 3, 11, 11]
    assert database.patient == [False, False, True, True]


def test_the_mutations_of_a_whole_school_are_there() -> None:
    assert MUTATIONS.keys() >= BULK


def request_bytes(port: int, body: bytes, announced: int | None = None, token: str | None = None) -> bytes:
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{signed}"
        f"Content-Length: {announced or len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def test_an_operation_whose_client_has_gone_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "schoolgraph.operation")
    waiting, database = gate("gone"), NoDatabase()
    async with listening(sample_app(database)) as port, asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        query = '{ a: gate(name: "gone") b: gate(name: "gone") }'
        writer.write(request_bytes(port, orjson.dumps({"query": query})))
        await waiting.entered.wait()
        assert len(database.open) == 1

        writer.close()

        await waiting.cancelled.wait()
        await database.idle.wait()

        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            assert (await Api(client).post("{ __typename }")).json() == {"data": {"__typename": "Query"}}
    lines = [fields_of(record) for record in caplog.records if record.name == "schoolgraph.operation"]
    assert [line.get("disconnected", False) for line in lines] == [True, False]
    assert [line["status"] for line in lines] == [None, 200]


async def test_a_client_that_goes_before_its_body_has_come() -> None:
    database = NoDatabase()
    async with listening(sample_app(database)) as port, asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes(port, b'{"query": "{', announced=100))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            assert (await Api(client).post("{ __typename }")).status_code == 200
    assert database.timeouts == [10]


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with listening(sample_app(read_seconds=0.05)) as port, asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes(port, b'{"query": "{', announced=100))
        answer = await reader.read()
        writer.close()

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert orjson.loads(body)["errors"][0]["extensions"] == {"code": "TIMEOUT"}


async def test_a_body_too_large_is_answered_before_it_has_come() -> None:
    async with listening(sample_app()) as port, asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes(port, b"{", announced=1 << 30))
        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ")
