"""Rules of guardians and of their links to students."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_guardian, create_student, create_user, gid, link_guardian
from tests.mutating import done, mutate, refused

GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
Errors = list[tuple[str, list[str]]]


def bad(*fields: str) -> Errors:
    return [("BAD_USER_INPUT", [field]) for field in fields]


BAD: list[tuple[dict[str, Any], Errors]] = [
    (
        {"mobile": "12", "phone": "call me", "email": "nobody", "country": "in"},
        bad("mobile", "phone", "email", "country"),
    ),
    ({"income": "-0.01", "numberOfChildren": 51}, bad("income", "numberOfChildren")),
    ({"firstName": "R", "lastName": "N"}, bad("firstName", "lastName")),
    ({"firstName": "x" * 51, "income": "0.00001"}, bad("firstName", "income")),
    ({"firstName": None}, bad("lastName")),
    ({"lastName": " "}, bad("lastName")),
]


@pytest.mark.parametrize(("given", "errors"), BAD)
async def test_a_guardian_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    guardian = await create_guardian(session, school)
    named = {"firstName": "Ravi", "lastName": "Nair"}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createGuardian", **named | given) == errors
        assert await refused(execute, "updateGuardian", id=gid(guardian), version=1, **given) == errors


async def test_a_single_name_is_enough(execute: Execute) -> None:
    found = await done(execute, "createGuardian", "guardian { fullName firstName }", singleName=" Sokha ")
    assert found["guardian"] == {"fullName": "Sokha", "firstName": None}


async def test_an_account_is_one_guardians(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    first = await create_guardian(session, school, user_id=user.id)
    gone = await create_guardian(session, school, user_id=user.id, deleted_at=GONE)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createGuardian", singleName="Sokha", user=gid(user)) == [("CONFLICT", ["user"])]
        assert await refused(execute, "restoreGuardian", id=gid(gone), version=1) == [("CONFLICT", ["user"])]
    await done(execute, "retireGuardian", "guardian { id }", id=gid(first), version=1)
    await done(execute, "restoreGuardian", "guardian { id }", id=gid(gone), version=1)


async def test_what_is_retired_is_not_changed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    guardian = await create_guardian(session, school, deleted_at=GONE)
    student = await create_student(session, school)
    async with audited(connections, school, nothing=True):
        given = {"id": gid(guardian), "version": 1, "church": "St. Mary"}
        assert await refused(execute, "updateGuardian", **given) == bad("id")
        link = {"student": gid(student), "guardian": gid(guardian), "relation": "MOTHER"}
        assert await refused(execute, "linkGuardian", **link) == bad("guardian")


async def test_links_outlast_the_retirement_of_the_guardian(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student, guardian = await create_student(session, school), await create_guardian(session, school)
    await link_guardian(session, student, guardian)
    asked = "query($id: ID!) { student(id: $id) { fatherOrGuardianName } }"
    names = []
    for version, verb in ((1, "retire"), (2, "restore")):
        names.append((await execute(asked, id=gid(student))).found["student"]["fatherOrGuardianName"])
        await done(execute, f"{verb}Guardian", "guardian { id }", id=gid(guardian), version=version)
    names.append((await execute(asked, id=gid(student))).found["student"]["fatherOrGuardianName"])
    assert names == ["Ravi Rao", None, "Ravi Rao"]


async def test_a_pair_has_one_link(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, guardian = await create_student(session, school), await create_guardian(session, school)
    link = await link_guardian(session, student, guardian)
    pair = {"student": gid(student), "guardian": gid(guardian), "relation": "MOTHER"}
    async with audited(connections, school, nothing=True):
        errors = [*bad("contactPriority"), ("CONFLICT", ["guardian"])]
        assert await refused(execute, "linkGuardian", **pair, contactPriority=100) == errors
        given = {"id": gid(link), "version": 1, "contactPriority": 0}
        assert await refused(execute, "updateGuardianLink", **given) == bad("contactPriority")
    await done(execute, "unlinkGuardian", "studentGuardian { id }", id=gid(link), version=1)
    shown = "studentGuardian { relation contactPriority mayAccessRecords guardian { id } student { id } }"
    found = await done(execute, "linkGuardian", shown, **pair)
    assert found["studentGuardian"] == {
        "relation": "MOTHER",
        "contactPriority": 1,
        "mayAccessRecords": False,
        "guardian": {"id": gid(guardian)},
        "student": {"id": gid(student)},
    }


async def test_siblings_share_a_guardian(session: AsyncSession, school: School, execute: Execute) -> None:
    guardian = await create_guardian(session, school)
    for _ in range(2):
        student = await create_student(session, school)
        given = {"student": gid(student), "guardian": gid(guardian), "relation": "FATHER"}
        payload = await mutate(
            execute, "linkGuardian", "studentGuardian { guardian { students { student { id } } } }", **given
        )
    assert len(payload["studentGuardian"]["guardian"]["students"]) == 2
