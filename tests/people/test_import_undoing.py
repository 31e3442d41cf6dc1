"""An import taken back: as a whole, and while nothing depends on it."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import AccessEntry, Student
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, gid, name_outside
from tests.mutating import mutate, refused
from tests.people.importing import ANJU, RAVI, importing, numbered, stored
from tests.privacy.marked import contents, where


async def test_an_import_is_taken_back_while_nothing_depends_on_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    there = await create_student(session, school, student_number="STU-1999-00001")
    payload = await importing(execute, *numbered(2), system="ldap")
    given, (_, student) = {"operation": payload["operation"]}, [each["student"] for each in payload["results"]]
    added = await session.get_one(Student, (school.id, int(student["id"].removeprefix("stu_"))))
    name = await name_outside(session, added, system="ministry")
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", **given))["errors"]
    assert error["message"] == "operation: its students have 1 external id by now"
    await session.delete(name)
    await session.flush()
    async with audited(connections, school):
        undone = await mutate(execute, "undo", "removed restored", **given)
    assert undone == {"removed": 4, "restored": 0, "errors": []}
    assert [row.id for row in await stored(session)] == [there.id]
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", **given) == [("CONFLICT", ["operation"])]
    again = await importing(execute, ANJU)
    assert again["results"][0]["student"]["studentNumber"] == "STU-2025-00003"


async def test_who_looked_at_a_student_is_no_use_of_it_and_stays_in_the_log(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    payload = await importing(execute, ANJU)
    student = payload["results"][0]["student"]["id"]
    key = int(student.removeprefix("stu_"))
    entry = AccessEntry(institution_id=school.id, student_ids=[key], actor_kind="USER", actor_id=school.admin.user_id)
    session.add(entry)
    await session.flush()
    document = "query($of: ID!) { accessLog(where: { students: { has: $of } }) { nodes { id students { id } } } }"
    before = (await execute(document, of=student)).found["accessLog"]["nodes"]
    assert before == [{"id": gid(entry), "students": [{"id": student}]}]
    async with audited(connections, school):
        undone = await mutate(execute, "undo", "removed", operation=payload["operation"])
    assert undone == {"removed": 1, "errors": []}
    after = (await execute("{ accessLog { nodes { id students { id } } } }")).found["accessLog"]["nodes"]
    assert after == [{"id": gid(entry), "students": []}]


async def test_whoever_was_in_an_import_taken_back_can_be_erased(
    connections: OneConnection, school: School, execute: Execute
) -> None:
    anju = ANJU | {"mobile": "9876511111", "externalId": "LDAP-anju", "guardian1SingleName": "Leela of Kotagiri"}
    payload = await importing(execute, anju, RAVI, system="ldap", idempotencyKey="once")
    student = payload["results"][0]["student"]["id"]
    assert (await mutate(execute, "undo", "removed", operation=payload["operation"]))["errors"] == []
    said = ("9876511111", "Anju", "LDAP-anju", "Leela of Kotagiri")
    before = await contents(connections, school)
    assert [bool(where(before, words)) for words in said] == [True] * len(said)
    payload = await mutate(execute, "eraseSubject", "student { id } tables { table }", student=student, dryRun=False)
    assert (payload["errors"], payload["student"]) == ([], None)
    assert {"table": "audit_log"} in payload["tables"]
    after = await contents(connections, school)
    assert where(after, *said) == {}
    assert where(after, "Ravi") == where(before, "Ravi") != {}
    again = await mutate(execute, "eraseSubject", "tables { table }", student=student, dryRun=False)
    assert (again["errors"], again["tables"]) == ([], [])


async def test_who_has_come_back_with_the_next_import_keeps_what_is_theirs(
    connections: OneConnection, school: School, execute: Execute
) -> None:
    """The guardian has not come back: what told of her goes from answers that are kept."""
    anju = ANJU | {"mobile": "9876511111", "email": "anju@example.org", "externalId": "LDAP-anju"}
    leela = {"guardian1SingleName": "Leela of Kotagiri", "guardian1Mobile": "9876522222"}
    first = await importing(execute, anju | leela, system="ldap")
    assert (await mutate(execute, "undo", "removed", operation=first["operation"]))["errors"] == []
    wrong = RAVI | {"guardian1SingleName": "R", "guardian1Mobile": "9876522222 is Leela of Kotagiri's"}
    same = RAVI | {"firstName": "Arun", "mobile": "9876511111"}
    more = {"system": "ldap", "mode": "VALID_ROWS", "allowDuplicates": True, "idempotencyKey": "once"}
    second = await importing(execute, anju, wrong, same, **more)
    assert (second["created"], second["refused"], second["errors"]) == (1, 2, [])
    gone = first["results"][0]["student"]["id"]
    payload = await mutate(execute, "eraseSubject", "tables { table }", student=gone, dryRun=False)
    assert (payload["errors"], {"table": "idempotency_key"} in payload["tables"]) == ([], True)
    after = await contents(connections, school)
    (answer,) = after["idempotency_key"]
    assert "mobile: '9876511111' is in line 2 already" in answer
    assert '"message": "[erased]"' in answer
    assert where(after, "9876522222", "Leela of Kotagiri") == {}
    for kept in ("9876511111", "anju@example.org", "LDAP-anju"):
        assert {"student", "audit_log", "external_id"} & where(after, kept).keys()


BY_NOW: list[tuple[str, dict[str, Any], str]] = [
    ("updateStudent", {"version": 1, "firstName": "Manju"}, "1 of its 2 records have been changed since"),
    ("createFamilyInfo", {}, "its students have 1 family record by now"),
    (
        "linkGuardian",
        {"relation": "MOTHER"},
        "its students have 1 link of a guardian by now",
    ),
]


@pytest.mark.parametrize(("name", "more", "words"), BY_NOW, ids=[name for name, _, _ in BY_NOW])
async def test_an_import_stays_where_something_depends_on_it(
    connections: OneConnection, school: School, execute: Execute, name: str, more: dict[str, Any], words: str
) -> None:
    payload = await importing(execute, ANJU, RAVI)
    student = payload["results"][0]["student"]["id"]
    if name == "linkGuardian":
        guardian = await mutate(execute, "createGuardian", "guardian { id }", singleName="Leela")
        more = more | {"guardian": guardian["guardian"]["id"]}
    field = "id" if name == "updateStudent" else "student"
    assert (await mutate(execute, name, "__typename", **{field: student}, **more))["errors"] == []
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", operation=payload["operation"]))["errors"]
    assert (error["code"], error["message"]) == ("CONFLICT", f"operation: {words}")
