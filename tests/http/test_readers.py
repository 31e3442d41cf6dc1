"""Connections for reads: handed on between operations, some with their transaction begun already."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.readers import Readers
from app.snapshot import SESSION, ReadingConnection, Snapshot
from app.urls import asyncpg_url
from resolvers.rows import Row
from tests.http.school import Served, administering
from tests.waiting import PATIENCE, until

OURS, OTHERS = (f"SET SESSION app.institution_id = '{number}'" for number in (1, 2))
TENANT = "SELECT current_setting('app.institution_id')"
MOST = 2


@pytest.fixture
async def readers(served: Served) -> AsyncIterator[Readers]:
    pool = asyncpg.create_pool(
        asyncpg_url(served.urls.api),
        min_size=1,
        max_size=MOST,
        connection_class=ReadingConnection,
        record_class=Row,
        server_settings=SESSION,
        reset=_keep,
    )
    async with asyncio.timeout(PATIENCE), pool:
        readers = Readers(pool)
        yield readers
        await readers.close()


async def _keep(_: object) -> None:
    """As the server's own pool does."""


async def settled(readers: Readers) -> None:
    while readers.tasks:
        await asyncio.wait(readers.tasks)


def several(readers: Readers, settings: str = OURS) -> Snapshot:
    return Snapshot(readers, settings, 5)


def single(readers: Readers, settings: str = OURS) -> Snapshot:
    return Snapshot(readers, settings, 5, alone=True)


async def test_the_next_transaction_is_begun_and_sees_what_was_written_since(served: Served, readers: Readers) -> None:
    async with several(readers) as first:
        before = await first.fetchval("SELECT clock_timestamp()")
    await settled(readers)
    assert first.begun

    async with administering(served) as admin:
        await admin.execute("CREATE TABLE later AS SELECT 1 AS one")
        await admin.execute("GRANT SELECT ON later TO PUBLIC")
        try:
            async with several(readers) as second:
                begun = await second.fetchval("SELECT transaction_timestamp()")
                seen = await second.fetchval("SELECT count(*) FROM later")
                await admin.execute("INSERT INTO later VALUES (2)")
                again = await second.fetchval("SELECT count(*) FROM later")
        finally:
            await settled(readers)
            await admin.execute("DROP TABLE later")

    assert second is first
    assert begun > before
    # One snapshot, taken by the first statement.
    assert (seen, again) == (1, 1)


async def test_another_school_gets_a_session_that_was_told_so(readers: Readers) -> None:
    for settings, tenant in ((OURS, "1"), (OTHERS, "2"), (OURS, "1")):
        for opened in (several, single, several):
            async with opened(readers, settings) as connection:
                assert await connection.fetchval(TENANT) == tenant
            await settled(readers)
            async with opened(readers, settings) as connection:
                assert await connection.fetchval(TENANT) == tenant
            await settled(readers)


async def test_one_statement_leaves_no_transaction_behind(readers: Readers) -> None:
    async with several(readers):
        pass
    await settled(readers)
    async with single(readers) as connection:
        await connection.fetchval("SELECT 1")
    await settled(readers)
    assert not connection.begun
    async with single(readers) as again:
        assert again is connection
        await again.fetchval("SELECT 1")
        assert not again.is_in_transaction()


@pytest.mark.parametrize("alone", [False, True], ids=["in a transaction", "by itself"])
async def test_a_statement_that_is_known_outlives_a_change_of_the_schema(
    served: Served, readers: Readers, *, alone: bool
) -> None:
    """By itself it is prepared once more; a transaction cannot go on, and the next one knows of the change."""

    async def asks(connection: ReadingConnection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch(asked, record_class=Row)]

    asked, opened = "SELECT * FROM changing", single if alone else several
    async with administering(served) as admin:
        await admin.execute("CREATE TABLE changing AS SELECT 1 AS one")
        await admin.execute("GRANT SELECT ON changing TO PUBLIC")
        try:
            for _ in range(2):
                async with opened(readers) as connection:
                    assert await asks(connection) == [(1,)]
                await settled(readers)
            await admin.execute("ALTER TABLE changing ALTER one TYPE text, ADD COLUMN two int")
            if not alone:
                async with opened(readers) as connection:
                    with pytest.raises(asyncpg.InvalidCachedStatementError):
                        await asks(connection)
                await settled(readers)
            async with opened(readers) as connection:
                assert await asks(connection) == [("1", None)]
        finally:
            await settled(readers)
            await admin.execute("DROP TABLE changing")


class Bare(asyncpg.Record):
    """Another kind of row than the pool's."""


async def test_a_statement_that_is_known_goes_straight_to_the_protocol(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual: list[str] = []
    fetch = asyncpg.Connection.fetch

    async def counted(self: object, query: str, *arguments: object, **how: object) -> object:
        usual.append(query)
        return await fetch(self, query, *arguments, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    for opened in (single, single, several):
        async with opened(readers) as connection:
            for kind in (Row, Bare, Row):
                (row,) = await connection.fetch("SELECT $1::int AS one", 1, record_class=kind)
                assert (type(row), row["one"]) == (kind, 1)
        await settled(readers)

    # Each kind of row is a statement of its own; in a transaction they all go the usual way.
    # Other connections may be made meanwhile, and have statements of their own.
    assert len([query for query in usual if query.endswith("AS one")]) == 2 + 3


async def test_those_who_wait_are_served_in_turn_and_one_who_goes_is_passed_over(readers: Readers) -> None:
    held = [await readers.take(alone=True) for _ in range(MOST)]
    order: list[str] = []

    async def waits(name: str) -> None:
        connection = await readers.take(alone=True)
        order.append(name)
        await readers.put(connection)

    tasks = [asyncio.create_task(waits(name)) for name in ("first", "gone", "second", "third")]
    await asyncio.sleep(0)
    tasks[1].cancel()
    for connection in held:
        await readers.put(connection)
    await asyncio.gather(*tasks, return_exceptions=True)

    assert order == ["first", "second", "third"]
    assert readers.taken == 0
    assert readers.pool.get_size() == MOST


async def test_one_who_goes_when_it_is_his_turn_hands_the_connection_on(readers: Readers) -> None:
    held = [await readers.take(alone=True) for _ in range(MOST)]
    going, staying = (asyncio.create_task(readers.take(alone=True)) for _ in range(2))
    await asyncio.sleep(0)
    await readers.put(held.pop())
    going.cancel()

    taken = await staying
    assert going.cancelled()
    for connection in (taken, *held):
        await readers.put(connection)
    assert readers.taken == 0


async def test_a_connection_that_is_cut_makes_room_for_another(served: Served, readers: Readers) -> None:
    async with several(readers) as first:
        process = first.get_server_pid()
    await settled(readers)
    async with administering(served) as admin:
        await admin.execute("SELECT pg_terminate_backend($1)", process)

    async def is_closed() -> bool:
        return first.is_closed()

    await until(is_closed)

    async with several(readers) as second:
        assert await second.fetchval("SELECT 1") == 1
    assert second is not first


async def test_a_ping_that_is_given_up_leaves_the_connection(served: Served, readers: Readers) -> None:
    for _ in range(MOST + 1):
        async with several(readers):
            pass
        await settled(readers)
        ping = asyncio.create_task(readers.ping())
        for _ in range(3):
            await asyncio.sleep(0)
        ping.cancel()
        await asyncio.wait([ping])
        await settled(readers)
        assert readers.taken == 0
    await readers.ping()


async def test_a_statement_that_was_given_up_is_over_before_anybody_has_the_connection(readers: Readers) -> None:
    async def sleeps() -> None:
        async with single(readers) as connection:
            await connection.execute("SELECT pg_sleep(3600)")

    async def is_taken() -> bool:
        return readers.taken == 1

    for _ in range(MOST + 1):
        task = asyncio.create_task(sleeps())
        await until(is_taken)
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        async with single(readers) as connection:
            assert not connection.unsettled
            assert await connection.fetchval("SELECT 1") == 1


async def test_what_nobody_uses_goes_back_to_the_pool_without_a_transaction(readers: Readers) -> None:
    async with several(readers) as connection:
        pass
    await settled(readers)
    assert readers.pool.get_idle_size() == 0

    async def is_back() -> bool:
        return readers.pool.get_idle_size() == 1

    await until(is_back)
    assert not connection.is_in_transaction()


async def test_a_server_that_refuses_connections_leaves_room_for_later_ones(served: Served, readers: Readers) -> None:
    async with readers.pool.acquire():
        # The pool's one connection is lent elsewhere, so that those below have to be opened.
        async with administering(served) as admin:
            await admin.execute("ALTER ROLE schoolgraph_api CONNECTION LIMIT 0")
            try:
                for _ in range(MOST + 1):
                    with pytest.raises(asyncpg.TooManyConnectionsError):
                        await readers.take(alone=True)
            finally:
                await admin.execute("ALTER ROLE schoolgraph_api CONNECTION LIMIT -1")
        connection = await readers.take(alone=True)
        await readers.put(connection)
    assert readers.taken == 0
