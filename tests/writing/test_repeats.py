"""Mutations that the database gives way to, or goes away from: repeated where nothing stays, told where not."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from app.urls import asyncpg_url
from resolvers.connection import is_lost
from resolvers.context import Context
from tests.academics.marking import Class
from tests.answers import NOW, Answer
from tests.waiting import until, until_waiting
from tests.writing.conftest import Committed
from tests.writing.test_once import committed_class

RECORD = (
    "mutation($input: RecordAttendanceInput!) { payload: recordAttendance(input: $input)"
    " { created course { id } errors { code field message } } }"
)
KILL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE usename = 'schoolgraph_api' AND datname = current_database()"
)
# The transaction that waits: each attempt is another one.
WAITER = "SELECT min(virtualtransaction) FROM pg_locks WHERE NOT granted"
MARKS = "SELECT count(*) FROM attendance"
TOLD = "SELECT count(*) FROM activity_log WHERE action = 'attendance.record'"


def call(given: Class, **more: Any) -> dict[str, Any]:
    marks = given.marks(*[{"status": "PRESENT"}] * len(given.students))
    return {"course": f"crs_{given.course.id}", "date": "2025-09-01", "marks": marks, **more}


async def end_sessions(committed: Committed) -> None:
    """End all sessions of the server, as a restart of the database does."""
    connection = await asyncpg.connect(asyncpg_url(committed.urls.admin or ""))
    try:
        await connection.fetchval(KILL)
    finally:
        await connection.close()


async def done_once(committed: Committed, answer: Answer, size: int) -> None:
    assert answer.found["payload"]["errors"] == []
    assert answer.found["payload"]["created"] == size
    assert (await committed.value(MARKS), await committed.value(TOLD)) == (size, 1)


async def test_one_of_a_deadlock_is_repeated(committed: Committed) -> None:
    """The other holds the roster's rows, and waits for the course behind the mutation, which gets it first.

    Whoever waits looks for a deadlock once, a second after it began to wait: the other does so when all is over.
    """
    given = await committed_class(committed, 2)
    committed.database.patience = None
    async with committed.owner() as first, committed.admin() as other, committed.owner() as looking:
        gate, transaction = first.transaction(), other.transaction()
        await gate.start()
        await first.execute("SELECT 1 FROM course FOR UPDATE")
        await transaction.start()
        await other.execute("SET LOCAL deadlock_timeout = '1min'")
        await other.execute("SELECT 1 FROM enrollment FOR UPDATE")
        task = asyncio.create_task(committed.ask(RECORD, input=call(given)))
        await until_waiting(looking, 1)
        wanting = asyncio.create_task(other.execute("SELECT 1 FROM course FOR UPDATE"))
        await until_waiting(looking, 2)
        await gate.rollback()
        await wanting
        await transaction.rollback()
    await done_once(committed, await task, 2)


async def test_a_lock_that_is_not_got_in_time_is_tried_again(committed: Committed) -> None:
    """The transaction that gave up is another than the one that waits until it gets the lock."""
    given = await committed_class(committed, 2)
    committed.database.patience = 0.5
    async with committed.owner() as other, committed.owner() as looking:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT 1 FROM course FOR UPDATE")
        task = asyncio.create_task(committed.ask(RECORD, input=call(given)))
        await until_waiting(looking)
        committed.database.patience = None
        tried = await looking.fetchval(WAITER)

        async def tried_again() -> bool:
            return await looking.fetchval(WAITER) not in (None, tried)

        await until(tried_again)
        await transaction.rollback()
    await done_once(committed, await task, 2)


@pytest.mark.parametrize(
    ("patient", "timeout", "waits"), [(False, 30, "1100ms"), (True, 30, "6s"), (True, 5, "1100ms")]
)
async def test_who_has_more_time_waits_longer_for_a_lock(
    committed: Committed, patient: bool, timeout: float, waits: str
) -> None:
    context = Context(committed.database, committed.viewer, now=NOW, timeout=timeout)
    context.patient = patient
    try:
        async with context.mutation(), context.change("student.create") as change:
            assert await change.session.scalar(select(func.current_setting("lock_timeout"))) == waits
            change.withdraw()
    finally:
        await context.close()


async def test_the_repetitions_have_an_end_and_tell_of_the_time(committed: Committed) -> None:
    given = await committed_class(committed, 1)
    committed.database.patience = 0.01
    async with committed.owner() as other, other.transaction():
        await other.execute("SELECT 1 FROM course FOR UPDATE")
        answer = await committed.ask(RECORD, input=call(given))
    (error,) = answer.found["payload"]["errors"]
    said = "somebody else has been changing the same records for too long, and nothing was done: try again later"
    assert error == {"code": "TIMEOUT", "field": None, "message": said}
    assert (await committed.value(MARKS), await committed.value(TOLD)) == (0, 0)


@pytest.mark.parametrize("lock", ["course", "attendance", "activity_log"])
async def test_a_connection_lost_before_the_commit_is_replaced(committed: Committed, lock: str) -> None:
    given = await committed_class(committed, 2)
    async with committed.owner() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(f"LOCK TABLE {lock} IN ACCESS EXCLUSIVE MODE")
        task = asyncio.create_task(committed.ask(RECORD, input=call(given)))
        async with committed.owner() as looking:
            await until_waiting(looking)
            await end_sessions(committed)
        await transaction.rollback()
    await done_once(committed, await task, 2)


@pytest.mark.parametrize(("state", "lost"), [(2, True), (12, False)], ids=["the server's farewell", "a fault of ours"])
def test_a_session_that_is_being_ended_is_lost_before_its_connection_is_closed(state: int, lost: bool) -> None:
    said = f"cannot switch to state 12; another operation ({state}) is in progress"
    assert is_lost(asyncpg.InternalClientError(said)) == lost


SLOW_COMMIT = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON attendance_taken DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait();
"""


async def lost_in_the_commit(committed: Committed, **asked: Any) -> Answer:
    async with committed.owner() as owner:
        await owner.execute(SLOW_COMMIT)
        async with owner.transaction():
            await owner.execute("SELECT pg_advisory_xact_lock(7)")
            task = asyncio.create_task(committed.ask(RECORD, refused=None, **asked))
            async with committed.owner() as looking:
                await until_waiting(looking)
            await end_sessions(committed)
    return await task


async def test_a_connection_lost_in_the_commit_leaves_it_in_doubt(committed: Committed) -> None:
    answer = await lost_in_the_commit(committed, input=call(await committed_class(committed, 2)))
    assert answer.data == {"payload": None}
    assert answer.refusal == ("INTERNAL_SERVER_ERROR", None)
    assert (await committed.value(MARKS), await committed.value(TOLD)) == (0, 0)


async def test_with_a_key_it_is_done_or_found_done(committed: Committed) -> None:
    given = await committed_class(committed, 2)
    await done_once(committed, await lost_in_the_commit(committed, input=call(given, idempotencyKey="k")), 2)


async def test_an_earlier_field_is_not_done_again(committed: Committed) -> None:
    given = await committed_class(committed, 2)
    document = (
        "mutation($subject: CreateSubjectInput!, $input: RecordAttendanceInput!) {"
        " first: createSubject(input: $subject) { errors { code } }"
        " payload: recordAttendance(input: $input) { created errors { code } } }"
    )
    async with committed.owner() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT 1 FROM course FOR UPDATE")
        task = asyncio.create_task(committed.ask(document, subject={"name": "Latin"}, input=call(given)))
        async with committed.owner() as looking:
            await until_waiting(looking)
        await end_sessions(committed)
        await transaction.rollback()
    await done_once(committed, await task, 2)
    assert await committed.value("SELECT count(*) FROM subject") == 1
