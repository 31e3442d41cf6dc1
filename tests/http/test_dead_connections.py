"""Connections that the database has ended while they were idle: nobody is lent one, and no read is repeated."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.snapshot import ReadingConnection
from resolvers.connection import ConnectionLost
from resolvers.context import Context
from resolvers.rows import Row
from resolvers.statements import Statement
from resolvers.viewer import Viewer
from schema.execution import chunks
from tests.http.conftest import Api, client_of, only_error
from tests.http.cutting import Cutting, cut
from tests.http.school import Served, administering, bearer, serving, sign_in
from tests.http.test_revocations import until_heard
from tests.waiting import until

COUNTED = "{ students { totalCount } }"
NESTED = "{ students { totalCount nodes { id guardians { guardian { id lastName } } } } guardians { nodes { id } } }"
LISTED = "{ students(first: 2) { nodes { id studentNumber } } }"
READS = {"one statement": COUNTED, "several": NESTED, "a cursor": LISTED}
WRITE = 'mutation { createSubject(input: { name: "Botany" }) { subject { name } errors { code } } }'
MADE = {"data": {"createSubject": {"subject": {"name": "Botany"}, "errors": []}}}
SESSION = Statement(
    "SELECT current_setting('app.institution_id') AS tenant, current_setting('transaction_isolation') AS isolation,"
    " current_setting('transaction_read_only') AS reading, count(*) AS seen FROM student",
    (),
    Row,
    {},
)
MOST = 4
both_ways = pytest.mark.parametrize("site", [True, False], indirect=True, ids=["planned", "standard"])


class Site:
    """A process of the server with some connections in each of its pools."""

    def __init__(self, served: Served, client: httpx.AsyncClient, token: str, cutting: Cutting) -> None:
        self.served = served
        self.database = served.database
        self.client = client
        self.token = token
        self.cutting = cutting

    async def read(self, query: str, *, path: str = "/graphql") -> httpx.Response:
        return await self.client.post(path, json={"query": query}, headers=bearer(self.token))

    async def reads(self, query: str) -> list[str]:
        """What as many get at once as there are connections."""
        answers = await asyncio.gather(*[self.read(query) for _ in range(MOST)])
        return [answer.text for answer in answers]

    async def filled(self) -> "Site":
        """Pools whose connections are all open: some in a transaction that was begun ahead, some in none.

        The viewer is remembered: no statement that asks for one is under way when reads are lent connections.
        """
        await until_heard(self.served)
        for query in (NESTED, COUNTED):
            self.database.viewers.forget_all()
            await self.reads(query)
        await self.settled()
        return self

    async def settled(self) -> None:
        async def all_are_back() -> bool:
            return self.database.readers.taken == 0 and not self.database.readers.tasks

        await until(all_are_back)
        assert self.database.pool.get_size() <= MOST

    async def viewer(self) -> Viewer:
        return await self.database.viewer(self.token)

    async def context(self) -> Context:
        return self.database.context(await self.viewer(), request_id="", timeout=30)


@pytest.fixture
async def site(served: Served, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr(chunks, "LONG", 1)
    monkeypatch.setattr(chunks, "CHUNK", 1)
    async with (
        serving(served.urls, planning=getattr(request, "param", True), pool_max=MOST) as other,
        client_of(other.app()) as client,
    ):
        token = await sign_in(Api(client))
        assert token
        yield Site(other, client, token, Cutting(served.urls, other.database, monkeypatch))


@both_ways
@pytest.mark.parametrize("query", READS.values(), ids=READS.keys())
async def test_reads_after_all_connections_were_ended_are_answered(site: Site, query: str) -> None:
    expected = (await site.read(query)).text
    assert '"errors"' not in expected
    for _ in range(2):
        await site.filled()
        site.cutting.times, site.cutting.ended = 1, 0
        assert await site.reads(query) == [expected] * MOST
        assert site.cutting.ended >= MOST
        await site.settled()


@both_ways
async def test_an_export_after_all_connections_were_ended_is_whole(site: Site) -> None:
    expected = await site.read(LISTED, path="/export")
    await site.filled()
    site.cutting.times = 1
    found = await site.read(LISTED, path="/export")
    assert (found.status_code, found.text) == (200, expected.text)
    assert "STU-1" in found.text


@pytest.mark.parametrize("alone", [True, False])
async def test_all_that_are_ended_are_given_up_at_once(site: Site, alone: bool) -> None:
    await site.filled()
    readers = site.database.readers
    kept = [*readers._idle, *readers._begun]
    assert kept
    assert cut(site.served.urls) >= len(kept)
    # The driver has not heard of it.
    assert not any(connection.is_closed() for connection in kept)
    connection = await readers.take(alone=alone)
    assert all(connection.is_closed() for connection in kept)
    assert await connection.fetchval("SELECT 1") == 1
    await readers.put(connection)
    assert (readers._idle, readers._begun) == ([connection], [])


async def test_one_that_lives_is_lent_where_another_was_ended(site: Site) -> None:
    readers = site.database.readers
    await site.filled()
    held = [await readers.take(alone=True) for _ in range(MOST)]
    for connection in held:
        await connection.settle(begin=False, timeout=10)
        await readers.put(connection)
    async with administering(site.served) as admin:
        pids = [connection.get_server_pid() for connection in held[1:]]
        await admin.execute("SELECT pg_terminate_backend(pid, 30000) FROM unnest($1::int[]) AS pid", pids)
    assert await readers.take(alone=True) is held[0]
    await readers.put(held[0])


async def test_one_is_lent_in_the_end_where_even_new_ones_look_ended(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.filled()
    looked: list[Any] = []

    def ended(connection: ReadingConnection) -> bool:
        looked.append(connection)
        return True

    monkeypatch.setattr(ReadingConnection, "is_ended", ended)
    connection = await site.database.readers.take(alone=True)
    assert (looked[-1], len(looked)) == (connection, MOST + 1)
    assert await connection.fetchval("SELECT 1") == 1
    await site.database.readers.put(connection)


async def test_one_that_lives_is_kept_when_the_settings_change(site: Site) -> None:
    await site.filled()
    readers = site.database.readers
    kept = {*readers._idle, *readers._begun}
    async with administering(site.served) as admin:
        await admin.execute("ALTER SYSTEM SET IntervalStyle = 'iso_8601'")
        try:
            await admin.execute("SELECT pg_reload_conf()")
            assert (await site.read(COUNTED)).status_code == 200
        finally:
            await admin.execute("ALTER SYSTEM RESET IntervalStyle")
            await admin.execute("SELECT pg_reload_conf()")
    await site.settled()
    assert {*readers._idle, *readers._begun} == kept


async def test_one_that_is_ended_once_it_is_lent_is_told_and_not_repeated(site: Site) -> None:
    await site.filled()
    site.cutting.times, site.cutting.after = 1, True
    answer = await site.read(COUNTED)
    assert (answer.status_code, only_error(answer)[0]) == (503, "SERVICE_UNAVAILABLE")
    assert (await site.read(COUNTED)).status_code == 200
    await site.settled()


async def test_the_session_in_its_place_is_told_the_same(site: Site) -> None:
    institution = (await site.viewer()).institution_id
    for alone in (True, False):
        await site.filled()
        async with await site.context() as context:
            context.alone = alone
            site.cutting.times = 1
            (row,) = await context.fetch(SESSION)
        assert tuple(row) == (str(institution), "repeatable read", "on", 1)


async def test_what_has_read_something_goes_on_in_no_other_snapshot(site: Site) -> None:
    async with await site.context() as context:
        await context.fetch(SESSION)
        cut(site.served.urls)
        with pytest.raises(ConnectionLost):
            await context.fetch(SESSION)
    async with await site.context() as context:
        rows = context.stream(SESSION, 1)
        await anext(rows)
        cut(site.served.urls)
        with pytest.raises(ConnectionLost):
            await anext(rows)
    await site.settled()


async def test_a_token_is_looked_up_though_connections_were_ended(site: Site) -> None:
    for _ in range(3):
        await site.filled()
        cut(site.served.urls)
        site.database.viewers.forget_all()
        assert (await site.viewer()).institution_id
        # Others of the pool are as dead.
        found = await asyncio.gather(*[site.viewer() for _ in range(MOST)])
        assert len({viewer.user_id for viewer in found}) == 1


@both_ways
async def test_a_mutation_after_all_connections_were_ended_is_done_once(site: Site) -> None:
    await site.filled()
    await site.viewer()
    assert cut(site.served.urls)
    assert (await site.read(WRITE)).json() == MADE
    async with administering(site.served) as admin:
        assert await admin.fetchval("SELECT count(*) FROM subject WHERE name = 'Botany'") == 1
        assert await admin.fetchval("SELECT count(*) FROM activity_log WHERE action = 'subject.create'") == 1


async def test_a_process_is_ready_though_connections_were_ended(site: Site) -> None:
    await site.filled()
    site.cutting.times = 1
    assert (await site.client.get("/readyz")).status_code == 200
    assert (await site.read(COUNTED)).status_code == 200
