"""What reads leave behind is written within the second, by one transaction a school, and nothing of it is dropped."""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import AsyncIterator

import pytest

from models import ActorKind
from resolvers.trail.notes import Access, Exported, KeyUse, write
from tests.trail.conftest import READ, Watched
from tests.waiting import until

pytestmark = pytest.mark.any_database

NOBODY = "query Levels { gradeLevels { nodes { name } } }"
MANY_MORE = """
    INSERT INTO student (
        institution_id, student_number, first_name, last_name, date_of_birth, gender, registration_date)
    SELECT $1, 'M' || n, 'Asha', 'Rao', '2012-05-01', 'FEMALE', '2024-06-01' FROM generate_series(1, 8000) n"""
LOST = "1 readings and uses are lost: the database did not take them"


@contextlib.asynccontextmanager
async def refusing(watched: Watched) -> AsyncIterator[None]:
    """The database takes no row of the access log meanwhile; the flusher does not wait long before it tries again."""
    watched.database.flusher.seconds = 0.01
    await watched.admin.execute("REVOKE INSERT ON access_log FROM schoolgraph_api")
    yield
    await watched.admin.execute("GRANT INSERT ON access_log TO schoolgraph_api")


async def test_a_row_says_who_read_whom_when_and_for_what(watched: Watched) -> None:
    before = datetime.datetime.now(datetime.UTC)
    context = await watched.read()
    assert await watched.rows() == []

    await watched.database.flusher.close()

    assert await watched.rows() == [watched.row()]
    assert await watched.admin.fetchval("SELECT institution_id FROM access_log") == watched.institution_id
    assert await watched.admin.fetchval("SELECT at FROM access_log") == context.now >= before


async def test_it_is_written_while_the_process_goes_on(watched: Watched) -> None:
    await watched.read()

    async def written() -> bool:
        return await watched.rows() == [watched.row()]

    await until(written)
    assert watched.database.flusher.seconds < 1


async def test_a_clean_stop_loses_nothing(watched: Watched) -> None:
    for n in range(20):
        await watched.read(READ.replace("Look", f"Look{n}"), request_id=f"r-{n}", id=f"stu_{watched.students[n % 2]}")

    await watched.database.close()

    assert await watched.rows() == [watched.row(n % 2, purpose=f"Look{n}", request_id=f"r-{n}") for n in range(20)]


async def test_a_reading_that_goes_on_is_recorded_once(watched: Watched) -> None:
    for n in range(3):
        await watched.read(request_id=f"r-{n}")
    await watched.read("query Look { students { nodes { id } } }", request_id="r-9")

    await watched.database.close()

    assert await watched.rows() == [watched.row(0, request_id="r-0"), watched.row(1, request_id="r-9")]


async def test_one_operation_is_one_row(watched: Watched) -> None:
    await watched.read("{ a: students { nodes { id } } b: students { nodes { grades { id } } } }")
    await watched.read(NOBODY)
    await watched.database.flusher.close()

    assert await watched.rows() == [watched.row(n, purpose=None) for n in (0, 1)]
    assert await watched.admin.fetchval("SELECT count(*) FROM access_log") == 1
    assert watched.database.flusher.written == 2


async def test_many_students_are_written_in_time_whatever_the_planner_knows(watched: Watched) -> None:
    """Where it thinks that a school has one student, each must not be looked for in each operation's."""
    await watched.admin.execute(MANY_MORE, watched.institution_id)
    keys = [row["id"] for row in await watched.admin.fetch("SELECT id FROM student ORDER BY id")]
    who = watched.institution_id, ActorKind.USER, watched.user_id
    now = datetime.datetime.now(datetime.UTC)
    notes = [Access(*who, f"Look{n}", "r-1", now, frozenset({*keys, 10**9})) for n in range(3)]
    async with watched.database.write(watched.institution_id, 5) as session:
        await write(session, watched.institution_id, notes, now)
    rows = await watched.admin.fetch("SELECT purpose, student_ids FROM access_log ORDER BY id")
    assert [tuple(row) for row in rows] == [(f"Look{n}", keys) for n in range(3)]


async def test_names_longer_than_their_columns_are_cut(watched: Watched) -> None:
    await watched.read(READ.replace("Look", "L" * 101), request_id="r" * 65, id=f"stu_{watched.students[0]}")
    await watched.database.flusher.close()

    assert await watched.rows() == [watched.row(purpose="L" * 100, request_id="r" * 64)]


async def test_an_operation_that_is_cancelled_has_read(watched: Watched) -> None:
    answered = asyncio.Event()

    async def read() -> None:
        async with watched.reading():
            answered.set()
            await asyncio.get_running_loop().create_future()

    reading = asyncio.create_task(read())
    await answered.wait()
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled()
    await watched.database.flusher.close()

    assert await watched.rows() == [watched.row()]


async def test_uses_of_a_key_move_on_and_never_back(watched: Watched) -> None:
    await watched.admin.execute(
        "INSERT INTO api_key (institution_id, name, prefix, key_hash, role)"
        " VALUES ($1, 'reports', 'sgk', sha256('k'), 'REPORTER')",
        watched.institution_id,
    )
    key = await watched.admin.fetchval("SELECT id FROM api_key")
    noon = datetime.datetime(2025, 11, 20, 12, tzinfo=datetime.UTC)
    for minutes in (1, 3, 2):
        watched.database.note(KeyUse(watched.institution_id, key, noon + datetime.timedelta(minutes=minutes)))
    await watched.database.flusher.close()
    watched.database.note(KeyUse(watched.institution_id, key, noon))
    await watched.database.flusher.close()

    used = await watched.admin.fetchval("SELECT last_used_at FROM api_key")
    assert used == noon + datetime.timedelta(minutes=3)


async def test_a_database_that_fails_is_asked_again(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    flusher = watched.database.flusher

    async def failed() -> bool:
        return flusher.failures > 1

    async def written() -> bool:
        return (flusher.written, flusher.waiting) == (1, 0)

    with caplog.at_level(logging.ERROR, "schoolgraph.flusher"):
        async with refusing(watched):
            await watched.read()
            await until(failed)
            assert (flusher.waiting, flusher.written) == (1, 0)
        await until(written)

    assert await watched.rows() == [watched.row()]
    said = f"1 readings and uses of institution {watched.institution_id} could not be written and are tried again"
    assert {record.getMessage() for record in caplog.records} == {said}


async def test_what_is_refused_to_the_last_is_told(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "schoolgraph.flusher"):
        async with refusing(watched):
            await watched.read()
            await watched.database.flusher.close()

    assert [record.getMessage() for record in caplog.records][-1] == LOST
    assert await watched.rows() == []


async def test_a_school_that_fails_holds_up_no_other(watched: Watched) -> None:
    flusher = watched.database.flusher
    flusher.seconds = 0.01
    nowhere = watched.institution_id + 1
    now = datetime.datetime.now(datetime.UTC)
    flusher.put(Exported(nowhere, ActorKind.USER, 1, now, None, None, {}))
    await watched.read()

    async def written() -> bool:
        # What is committed is counted a moment later.
        return await watched.rows() == [watched.row()] and flusher.waiting == 1

    await until(written)


async def test_a_queue_that_is_full_makes_operations_wait_before_they_read(watched: Watched) -> None:
    flusher = watched.database.flusher
    flusher.bound = 2
    async with refusing(watched):
        await watched.read("query Look { students { nodes { id } } }")
        again = READ.replace("Look", "Again")
        waiting = asyncio.create_task(watched.read(again, request_id="r-2", id=f"stu_{watched.students[0]}"))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        assert flusher.waiting == 2
    context = await waiting
    await flusher.close()

    assert context.statements == 1
    assert await watched.rows() == [watched.row(0), watched.row(1), watched.row(0, purpose="Again", request_id="r-2")]
