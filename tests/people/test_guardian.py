"""Guardians: siblings share one, and a retired one stays where it is linked."""

import datetime
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_guardian, create_student, create_user, gid, link_guardian, name_outside


async def test_a_guardian_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school, username="ravi")
    guardian = await create_guardian(
        session, school, first_name="Ravi", last_name="Rao", income=Decimal("250000.50"), user_id=user.id
    )
    await name_outside(session, guardian, value="g-1")
    document = """query($id: ID!) { guardian(id: $id) {
        fullName firstName lastName singleName income believer numberOfChildren user { username } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(guardian))).found["guardian"] == {
        "fullName": "Ravi Rao",
        "firstName": "Ravi",
        "lastName": "Rao",
        "singleName": None,
        "income": "250000.5",
        "believer": None,
        "numberOfChildren": None,
        "user": {"username": "ravi"},
        "externalIds": [{"value": "g-1"}],
    }


@pytest.mark.parametrize(
    ("first_name", "last_name", "single_name", "full_name"),
    [
        ("Ravi", "Rao", None, "Ravi Rao"),
        (None, None, "Ravi of Pune", "Ravi of Pune"),
        ("Ravi", "Rao", "Ravi Kumar Rao", "Ravi Kumar Rao"),
        ("Ravi", None, "Ravi", "Ravi"),
    ],
)
async def test_a_name_is_whole_or_first_and_last(
    session: AsyncSession,
    school: School,
    execute: Execute,
    first_name: str | None,
    last_name: str | None,
    single_name: str | None,
    full_name: str,
) -> None:
    names = {"first_name": first_name, "last_name": last_name, "single_name": single_name}
    await create_guardian(session, school, **names)
    found = (await execute("{ guardians { nodes { fullName } } }")).found["guardians"]["nodes"]
    assert found == [{"fullName": full_name}]


async def test_siblings_share_one_guardian(session: AsyncSession, school: School, execute: Execute) -> None:
    guardian = await create_guardian(session, school)
    for first_name in ("Asha", "Uma"):
        student = await create_student(session, school, first_name=first_name)
        await link_guardian(session, student, guardian, legal_guardian=first_name == "Uma")
    document = """query($id: ID!) {
        guardian(id: $id) { students { legalGuardian student { firstName } } }
        students { nodes { firstName guardians { guardian { id students { student { firstName } } } } } }
    }"""
    both = [{"student": {"firstName": "Asha"}}, {"student": {"firstName": "Uma"}}]
    shared = [{"guardian": {"id": gid(guardian), "students": both}}]
    answer = await execute(document, id=gid(guardian))
    assert answer.found == {
        "guardian": {
            "students": [
                {"legalGuardian": False, "student": {"firstName": "Asha"}},
                {"legalGuardian": True, "student": {"firstName": "Uma"}},
            ]
        },
        "students": {"nodes": [{"firstName": name, "guardians": shared} for name in ("Asha", "Uma")]},
    }


async def test_retired_guardians_leave_lists_and_stay_linked(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    guardian = await create_guardian(session, school, deleted_at=datetime.datetime.now(datetime.UTC))
    await link_guardian(session, student, guardian)
    document = """query($id: ID!) {
        guardians { totalCount nodes { id } }
        found: guardians(search: "ravi") { totalCount }
        student(id: $id) { guardians { guardian { fullName } } }
    }"""
    assert (await execute(document, id=gid(student))).found == {
        "guardians": {"totalCount": 0, "nodes": []},
        "found": {"totalCount": 0},
        "student": {"guardians": [{"guardian": {"fullName": "Ravi Rao"}}]},
    }
