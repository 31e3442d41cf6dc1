"""Exporting a person: every marked value is in it, nothing of others, and nobody but ADMIN gets it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import AccessEntry, Role, Student
from resolvers.privacy.export import SECRET, shown
from resolvers.privacy.held import HELD
from tests.answers import Answer
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_guardian, create_student, create_user, gid, link_guardian
from tests.privacy.marked import MARK, TOLD, contents, create_marked, where
from tests.worlds import MARK as THEIRS
from tests.worlds import Worlds

EXPORT = "query Export($student: ID!) { exportSubject(student: $student) }"


def texts(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in texts(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in texts(inner)]
    return [value] if isinstance(value, str) else []


async def test_every_marked_value_is_in_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_marked(session, school)
    answer = await execute(EXPORT, student=gid(student))
    found = answer.found["exportSubject"]
    assert found.keys() == HELD.keys()
    assert found["student"][0].items() >= TOLD.items()
    told = set(texts(found))
    columns = await session.execute(text("SELECT to_jsonb(s) FROM student s WHERE id = :id"), {"id": student.id})
    for name, value in columns.scalar_one().items():
        if isinstance(value, str) and MARK in value and name != "search_text":
            assert value in told or name == "email_folded", name
    for table in where(await contents(connections, school), MARK):
        assert found[table], table


async def test_it_is_one_statement_a_table(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_marked(session, school)
    assert (await execute(EXPORT, student=gid(student))).statements == 1 + len(HELD)


async def test_it_holds_nothing_of_others(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    sibling = await create_student(session, school, first_name="Sibling")
    shared = await create_guardian(session, school, first_name="Lata")
    await link_guardian(session, student, shared)
    await link_guardian(session, sibling, shared)
    await create_user(session, school, username="somebody")
    found = (await execute(EXPORT, student=gid(student))).found["exportSubject"]
    assert [row["id"] for row in found["student"]] == [student.id]
    assert [row["guardian_id"] for row in found["student_guardian"]] == [shared.id]
    assert {"Sibling", "Lata", "somebody"}.isdisjoint(texts(found))


async def test_of_a_reading_of_several_it_tells_the_own_key_alone(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student, other = [await create_student(session, school) for _ in range(2)]
    by = {"institution_id": school.id, "actor_kind": "USER", "actor_id": 1}
    session.add_all(AccessEntry(**by, student_ids=keys) for keys in ([student.id, other.id], [other.id]))
    await session.flush()
    found = (await execute(EXPORT, student=gid(student))).found["exportSubject"]
    assert [row["student_ids"] for row in found["access_log"]] == [[student.id]]


async def test_another_school_is_not_in_it(worlds: Worlds) -> None:
    answer: Answer = await worlds.ask(EXPORT, student=worlds.ours.gid(Student, 0))
    assert not [each for each in texts(answer.found["exportSubject"]) if THEIRS in each]


@pytest.mark.parametrize("table", HELD)
def test_no_column_is_forgotten(table: str) -> None:
    hidden = {name for name, action in HELD[table].columns.items() if action == "derived"} | SECRET
    sealed = {name for name in HELD[table].columns if name.endswith("_sealed")}
    assert HELD[table].columns.keys() - set(shown(HELD[table])) <= hidden | sealed


async def test_looking_is_recorded(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    assert (await execute(EXPORT, student=gid(student))).students == {student.id}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.SUPERADMIN)])
async def test_others_are_refused(session: AsyncSession, school: School, execute: Execute, role: Role) -> None:
    """Alike whether there is such a student or not, and though it is the own record."""
    user = await create_user(session, school)
    student = await create_student(session, school, user_id=user.id)
    for wanted in (gid(student), "stu_999999999"):
        answer = await execute(EXPORT, viewer=school.viewer(role, user_id=user.id), refused=True, student=wanted)
        assert (answer.refusal[0], answer.statements) == ("FORBIDDEN", 0)


async def test_who_is_not_there_is_null(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await connections.enter(other_school.id, 60)
    theirs = await create_student(session, other_school)
    await connections.enter(school.id, 60)
    for missing in (gid(theirs), "stu_999999999"):
        assert (await execute(EXPORT, student=missing)).found == {"exportSubject": None}


async def test_what_is_no_student_is_refused(execute: Execute) -> None:
    answer = await execute(EXPORT, refused=True, student="usr_1")
    assert answer.refusal == ("BAD_USER_INPUT", "student")
