"""A call that is sent twice under one key is carried out once."""

import asyncio
import datetime
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.owner import owner_session
from models import ActorKind, IdempotencyKey, Role
from resolvers.viewer import NOBODY
from tests.academics.marking import Class, create_class, outcomes, record
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import gid
from tests.mutating import refused
from tests.waiting import until_waiting
from tests.writing.conftest import Committed

MARK = {"status": "ABSENT", "reason": "Ill"}
RECORD = (
    "mutation($input: RecordAttendanceInput!) { payload: recordAttendance(input: $input)"
    " { created unchanged results { outcome mark { id version } } errors { code field } } }"
)


def call(given: Class, mark: dict[str, Any] = MARK, **more: Any) -> dict[str, Any]:
    marks = given.marks(*[mark] * len(given.students))
    return {"course": gid(given.course), "date": "2025-09-01", "marks": marks, "idempotencyKey": "k-1", **more}


async def test_the_same_call_is_answered_again_and_not_done_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 2)
    broken = given.marks(MARK, {"code": "NONE"})
    first = await record(execute, "recordAttendance", **call(given, mode="VALID_ROWS", marks=broken))
    assert outcomes(first) == ["CREATED", "REFUSED"]
    await record(execute, "recordAttendance", **call(given, {"status": "PRESENT"}, idempotencyKey=None))
    async with audited(connections, school, nothing=True):
        again = await record(execute, "recordAttendance", **call(given, mode="VALID_ROWS", marks=broken))
    # The outcome is the first's, records are shown as they are now.
    assert [each["mark"] and each["mark"]["version"] for each in again["results"]] == [2, None]
    for answer in (first, again):
        answer["results"][0].pop("mark")
    assert again == first


@pytest.mark.parametrize(
    "other",
    [{"mode": "VALID_ROWS"}, {"date": "2025-09-02"}, {"marks": []}, {"session": "AM"}],
    ids=["mode", "date", "marks", "session"],
)
async def test_another_call_under_the_same_key_is_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, other: dict[str, Any]
) -> None:
    given = await create_class(session, school, 1)
    await record(execute, "recordAttendance", **call(given))
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "recordAttendance", **call(given, **other)) == [("CONFLICT", ["idempotencyKey"])]


async def test_keys_are_of_the_caller_alone(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    await record(execute, "recordAttendance", **call(given))
    other = school.viewer(Role.ADMIN, user_id=given.teacher.id)
    payload = await record(execute, "recordAttendance", viewer=other, **call(given, {"status": "PRESENT"}))
    assert outcomes(payload) == ["UPDATED"]


async def test_an_api_key_of_the_same_number_is_another_caller(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    await record(execute, "recordAttendance", **call(given))
    program = replace(school.viewer(Role.REGISTRAR, user_id=NOBODY), key_id=school.admin.user_id)
    payload = await record(execute, "recordAttendance", viewer=program, **call(given, {"status": "PRESENT"}))
    assert outcomes(payload) == ["UPDATED"]
    again = await record(execute, "recordAttendance", viewer=program, **call(given, {"status": "PRESENT"}))
    assert outcomes(again) == ["UPDATED"]
    kept = await session.scalars(select(IdempotencyKey.actor_kind).order_by(IdempotencyKey.id))
    assert list(kept) == [ActorKind.USER, ActorKind.API_KEY]


async def test_what_is_refused_or_rehearsed_leaves_no_answer(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    assert await refused(execute, "recordAttendance", **call(given, {"code": "NONE"}))
    assert outcomes(await record(execute, "recordAttendance", **call(given, dryRun=True))) == ["CREATED"]
    assert (await session.scalars(select(IdempotencyKey))).all() == []
    assert outcomes(await record(execute, "recordAttendance", **call(given))) == ["CREATED"]


@pytest.mark.parametrize(("key", "words"), [(" ", "is empty"), ("x" * 101, "101 characters")], ids=["empty", "long"])
async def test_a_key_that_is_none_is_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, key: str, words: str
) -> None:
    given = await create_class(session, school, 1)
    payload = await record(execute, "recordAttendance", **call(given, idempotencyKey=key))
    (error,) = payload["errors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["idempotencyKey"])
    assert words in error["message"]


async def test_an_answer_that_was_erased_is_not_told_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    await record(execute, "recordAttendance", **call(given))
    blot = "UPDATE idempotency_key SET answer = replace(answer::text, 'stu_', '[erased]')::jsonb"
    await session.execute(text(blot), execution_options={"audited": True})
    assert await refused(execute, "recordAttendance", **call(given)) == [("CONFLICT", ["idempotencyKey"])]


async def committed_class(committed: Committed, size: int) -> Class:
    async with owner_session(committed.urls) as session:
        return await create_class(session, School(committed.institution_id, "GAMMA"), size)


async def test_the_second_of_two_at_once_waits_and_gets_the_firsts_answer(committed: Committed) -> None:
    given = await committed_class(committed, 3)
    answers = await asyncio.gather(*(committed.ask(RECORD, input=call(given)) for _ in range(4)))
    payloads = [each.found["payload"] for each in answers]
    assert payloads == [payloads[0]] * 4
    assert payloads[0]["created"] == 3
    assert await committed.value("SELECT count(*) FROM attendance") == 3
    assert await committed.value("SELECT count(*) FROM activity_log WHERE action = 'attendance.record'") == 1
    assert await committed.value("SELECT max(version) FROM attendance") == 1


async def test_the_second_does_it_where_the_first_did_not(committed: Committed) -> None:
    """It waits for the first, which is undone."""
    given = await committed_class(committed, 2)
    async with committed.owner() as first:
        transaction = first.transaction()
        await transaction.start()
        await first.execute(
            "INSERT INTO idempotency_key (institution_id, actor_kind, actor_id, key, request_hash, answer, created_at)"
            " VALUES ($1, 'USER', 99, 'k-1', $2, '{}', $3)",
            committed.institution_id,
            bytes(32),
            datetime.datetime.now(datetime.UTC),
        )
        second = asyncio.create_task(committed.ask(RECORD, input=call(given)))
        # A transaction that waits for another to end asks for a lock on its number.
        await until_waiting(first)
        await transaction.rollback()
    assert (await second).found["payload"]["created"] == 2
