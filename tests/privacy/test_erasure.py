"""Erasing a person: nothing in any table says afterwards who it was, and the school's counts are the same."""

import datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

import models
from resolvers.privacy.held import HELD
from tests.academics.marking import create_class, record
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_guardian,
    create_student,
    create_user,
    gid,
    give_role,
    link_guardian,
    mark_attendance,
)
from tests.mutating import done, refused
from tests.privacy.marked import DIGITS, MARK, PHONE, TRAIL, contents, create_marked, sealed_bytes, where

SHOWN = "student { studentNumber fullName dateOfBirth gender nationalId } tables { table changed removed } dryRun"
COUNTED = """SELECT count(*), sum(score), count(DISTINCT student_id) FROM grade UNION ALL
             SELECT count(*), count(DISTINCT session), count(DISTINCT student_id) FROM attendance UNION ALL
             SELECT count(*), count(end_date), count(DISTINCT student_id) FROM enrollment UNION ALL
             SELECT count(*), count(exit_date), count(DISTINCT student_id) FROM school_enrollment UNION ALL
             SELECT count(*), sum(amount), count(DISTINCT student_id) FROM scholarship UNION ALL
             SELECT count(*), count(*) FILTER (WHERE gender = 'FEMALE'), count(deleted_at) FROM student"""


async def counted(session: AsyncSession) -> list[Any]:
    return [tuple(row) for row in await session.execute(text(COUNTED))]


async def test_every_column_is_searched_for_marks(
    connections: OneConnection, session: AsyncSession, school: School
) -> None:
    """The marked student stands in every table of what is held, or the next test would prove nothing."""
    await create_marked(session, school)
    hits = where(await contents(connections, school), MARK, DIGITS, PHONE)
    assert hits.keys() == HELD.keys() - {
        "attendance_taken", "school_enrollment", "reset_token", "user_institution", "user_role", "access_log"
    }  # fmt: skip
    assert hits.keys() >= set(TRAIL) - {"access_log"}


async def test_nothing_says_who_it_was(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_marked(session, school)
    sealed = await sealed_bytes(session, student)
    payload = await done(execute, "eraseSubject", SHOWN, student=gid(student), dryRun=False)
    assert payload["student"] == {
        "studentNumber": f"ERASED-{student.id}",
        "fullName": "Erased Student",
        "dateOfBirth": "2013-01-01",
        "gender": "FEMALE",
        "nationalId": None,
    }
    assert payload["dryRun"] is False
    found = await contents(connections, school)
    assert where(found, MARK, DIGITS, PHONE, "777766", "2013-05-17", *sealed) == {}
    for table in ("session", "reset_token", "user_role", "guardian", "student_guardian", "family_info", "stored_file"):
        assert found[table] == [], table


async def test_it_says_what_it_did(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_marked(session, school)
    tables = (await done(execute, "eraseSubject", SHOWN, student=gid(student), dryRun=False))["tables"]
    told = {each["table"]: (each["changed"], each["removed"]) for each in tables}
    changed = ["grade", "attendance", "enrollment", "rollover_line", "scholarship", "student"]
    removed = ["report_card_comment", "report_card", "family_info", "student_guardian", "external_id", "guardian"]
    assert {name: told.pop(name) for name in changed} == dict.fromkeys(changed, (1, 0))
    assert {name: told.pop(name) for name in removed} == dict.fromkeys(removed, (0, 1))
    # Of these the student's account and the guardian's have one each.
    pairs = ["session", "reset_token", "user_role"]
    assert {name: told.pop(name) for name in pairs} == dict.fromkeys(pairs, (0, 2))
    assert told.pop("app_user") == (2, 0)
    assert told.pop("stored_file") == (0, 1)
    assert told.pop("activity_log") == (2, 0)
    assert {told.pop(name) for name in ("outbox", "idempotency_key", "operation")} == {(1, 0)}
    # Two old entries, and those of what has just been changed.
    assert told.pop("audit_log") == (2 + 6 + 6 + 2 + 2 + 1, 0)
    assert told == {}


async def test_counts_and_averages_stay(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_marked(session, school)
    before = await counted(session)
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    assert await counted(session) == before


async def test_a_dry_run_counts_and_changes_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_marked(session, school)
    before = await contents(connections, school)
    dry = await done(execute, "eraseSubject", SHOWN, student=gid(student), dryRun=True)
    assert await contents(connections, school) == before
    assert dry["dryRun"] is True
    assert dry["student"]["fullName"] == "Erased Student"
    wet = await done(execute, "eraseSubject", SHOWN, student=gid(student), dryRun=False)
    assert wet == dry | {"dryRun": False}


async def test_the_trail_keeps_its_rows_and_tells_of_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_marked(session, school)
    before = await contents(connections, school)
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    after = await contents(connections, school)
    for table in TRAIL:
        assert len(after[table]) >= len(before[table]), table
    driver = await connections.driver()
    (entry,) = await driver.fetch(
        "SELECT details ->> 'id' AS id, actor_kind FROM activity_log WHERE action = 'student.erase'"
    )
    assert (entry["id"], entry["actor_kind"]) == (str(student.id), "USER")
    assert await driver.fetchval("SELECT count(*) FROM activity_log WHERE action = 'trail.erase'") == 1
    history = await driver.fetch(
        "SELECT after ->> 'gender' AS g FROM audit_log WHERE table_name = 'student' ORDER BY id"
    )
    assert history[0]["g"] == "FEMALE"


async def test_others_stay_as_they_are(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    """A guardian of another child, a classmate of the same name, what is told of both, and another school."""
    student = await create_marked(session, school)
    sibling = await create_student(session, school, first_name=f"{MARK} first_name", last_name=f"{MARK} last_name")
    guardian = await create_guardian(session, school, first_name="Lata", mobile="9123456789")
    await link_guardian(session, student, guardian)
    link = await link_guardian(session, sibling, guardian)
    note = {"institution_id": school.id, "topic": "student", "key": str(sibling.id), "payload": {"name": "Lata Rao"}}
    session.add(models.Outbox(**note))
    await session.flush()
    elsewhere = await contents(connections, other_school)
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    found = await contents(connections, school)
    assert where(found, MARK).keys() == {"student"}
    assert len(where(found, MARK)["student"]) == 1
    assert [f'"id": {guardian.id},' in row for row in found["guardian"]] == [True]
    assert [f'"id": {link.id},' in row for row in found["student_guardian"]] == [True]
    assert "outbox" in where(found, "Lata Rao")
    assert await contents(connections, other_school) == elsewhere


async def test_what_was_told_of_a_whole_class_stays_though_its_key_is_the_same(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """An event's key is of the kind of records that its topic names: a course's, and no mark's of the same number."""
    given = await create_class(session, school, 1)
    marked = {"student": gid(given.students[0]), "status": "PRESENT"}
    called = {"course": gid(given.course), "date": "2025-09-01", "marks": [marked]}
    assert (await record(execute, "recordAttendance", **called))["errors"] == []
    student = await create_student(session, school)
    await mark_attendance(session, student, given.course, id=given.course.id, date=datetime.date(2025, 9, 2))
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    (event,) = await session.scalars(select(models.Outbox).where(models.Outbox.topic == "course"))
    assert (event.key, event.payload["date"]) == (str(given.course.id), "2025-09-01")


async def test_an_account_of_the_staff_is_not_a_students(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    await give_role(session, user, models.Role.TEACHER)
    student = await create_student(session, school, user_id=user.id)
    before = await contents(connections, school)
    for dry in (True, False):
        codes = await refused(execute, "eraseSubject", student=gid(student), dryRun=dry)
        assert codes == [("CONFLICT", ["student"])]
    assert await contents(connections, school) == before


async def test_a_guardians_account_with_a_role_of_its_own_stays(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, first_name="Kamala")
    await give_role(session, user, models.Role.TEACHER)
    student = await create_student(session, school)
    await link_guardian(session, student, await create_guardian(session, school, user_id=user.id))
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    found = await contents(connections, school)
    assert where(found, "Kamala").keys() == {"app_user"}
    assert found["guardian"] == []


async def test_it_can_be_done_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_marked(session, school)
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    again = await done(execute, "eraseSubject", SHOWN, student=gid(student), dryRun=False)
    assert again["tables"] == []


@pytest.mark.parametrize("dry", [True, False])
async def test_who_is_not_there_is_not_erased(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute, dry: bool
) -> None:
    await connections.enter(other_school.id, 60)
    theirs = await create_student(session, other_school)
    await connections.enter(school.id, 60)
    before = await contents(connections, school)
    for missing in (gid(theirs), "stu_999999999"):
        assert await refused(execute, "eraseSubject", student=missing, dryRun=dry) == [("NOT_FOUND", ["student"])]
    assert await contents(connections, school) == before


async def test_the_trail_can_be_blotted_out_and_not_rewritten(connections: OneConnection, school: School) -> None:
    """By the API's role: not without a school, not by marks so short that they are in everything."""
    await connections.enter(school.id, 60)
    driver = await connections.driver()
    call = "SELECT * FROM erase_from_trail('[]', '{}', '{}', $1::text[])"
    assert {row["table"]: row["changed"] for row in await driver.fetch(call, ["nobody"])} == dict.fromkeys(
        ["activity_log", "audit_log", "idempotency_key", "operation", "outbox"], 0
    )
    for marks, tenant in ((["a"], str(school.id)), (["nobody"], "")):
        await driver.execute("SAVEPOINT before")
        await driver.execute(f"SET LOCAL app.institution_id = '{tenant}'")
        with pytest.raises(asyncpg.RaiseError):
            await driver.fetch(call, marks)
        await driver.execute("ROLLBACK TO SAVEPOINT before")
