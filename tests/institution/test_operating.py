"""What operators do with institutions: make them, suspend them, open them again."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from resolvers.identity.login import find_school
from resolvers.institution.institution import DEFAULT_SETTINGS, LEVELS
from resolvers.viewer import Viewer
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, give_role
from tests.mutating import mutate

MADE = "code name adminUsername password"
STATE = "code name status"
SIGNING = "mutation($input: LoginInput!) { login(input: $input) { token errors { code } } }"


async def operator_of(session: AsyncSession, school: School) -> Viewer:
    user = await create_user(session, school)
    await give_role(session, user, Role.SUPERADMIN)
    return school.viewer(Role.SUPERADMIN, user_id=user.id)


async def make(execute: Execute, operator: Viewer, code: str = "GAMMA", **more: Any) -> dict[str, Any]:
    given = {"code": code, "name": "Gamma School", "adminUsername": "head"} | more
    return await mutate(execute, "createInstitution", MADE, viewer=operator, **given)


async def state(connections: OneConnection, code: str) -> bool | None:
    """Whether an institution is open; None where there is none."""
    school = await find_school(connections, code)
    return school.active if school.id else None


async def codes(execute: Execute, name: str, operator: Viewer, **given: Any) -> list[tuple[str, list[str] | None]]:
    payload = await mutate(execute, name, "code", viewer=operator, **given)
    return [(error["code"], error["field"]) for error in payload["errors"]]


async def test_an_institution_is_made_with_all_that_it_starts_with(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    operator = await operator_of(session, school)
    payload = await make(execute, operator, adminEmail="head@example.org")
    assert payload["errors"] == []
    made = await find_school(connections, "GAMMA")
    assert made.active
    await connections.enter(made.id, 60)
    driver = await connections.driver()
    for table, count in (("configuration_setting", len(DEFAULT_SETTINGS)), ("grade_level", LEVELS), ("app_user", 1)):
        assert await driver.fetchval(f"SELECT count(*) FROM {table}") == count, table
    roles = await driver.fetch("SELECT role FROM user_role")
    assert [row["role"] for row in roles] == ["ADMIN"]
    told = await driver.fetch("SELECT table_name, count(*) AS n FROM audit_log GROUP BY table_name")
    assert {row["table_name"]: row["n"] for row in told} == {
        "institution": 1,
        "school_profile": 1,
        "configuration_setting": len(DEFAULT_SETTINGS),
        "attendance_code": 4,
        "grade_level": LEVELS,
        "app_user": 1,
        "user_role": 1,
    }
    assert await driver.fetchval("SELECT count(*) FROM activity_log WHERE action = 'institution.create'") == 1
    await connections.enter(school.id, 60)
    listed = "SELECT acting_institution_id FROM user_institution WHERE user_id = $1"
    assert await driver.fetchval(listed, operator.user_id) == made.id


async def test_its_administrator_signs_in_once_and_chooses_a_password(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    payload = await make(execute, await operator_of(session, school))
    given = {"institution": "GAMMA", "username": "head", "password": payload["password"]}
    answer = await execute(SIGNING, viewer=None, input=given)
    assert answer.found["login"]["token"].startswith("sgs_")
    assert answer.found["login"]["errors"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "gamma"}, "code"),
        ({"code": "G"}, "code"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"adminUsername": "not so"}, "adminUsername"),
        ({"adminEmail": "nowhere"}, "adminEmail"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_made(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, given: Any, field: str
) -> None:
    payload = await make(execute, await operator_of(session, school), **given)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("BAD_USER_INPUT", [field])]
    assert payload["password"] is None
    assert await state(connections, "GAMMA") is None


async def test_a_code_is_one_institutions(
    session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    payload = await make(execute, await operator_of(session, school), code=other_school.code)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("CONFLICT", ["code"])]


async def test_the_function_makes_institutions_for_operators_only(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Whoever has the role in the token and not in the database gets none."""
    user = await create_user(session, school)
    pretender = school.viewer(Role.SUPERADMIN, user_id=user.id)
    given = {"code": "GAMMA", "name": "Gamma", "adminUsername": "head"}
    document = "mutation($input: CreateInstitutionInput!) { createInstitution(input: $input) { code } }"
    await execute(document, viewer=pretender, refused=True, input=given)
    assert await state(connections, "GAMMA") is None


async def test_a_suspended_institution_is_closed_and_can_be_opened_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    operator = await operator_of(session, school)
    password = (await make(execute, operator))["password"]
    given = {"institution": "GAMMA", "username": "head", "password": password}
    assert (await execute(SIGNING, viewer=None, input=given)).found["login"]["token"]
    closed = await mutate(
        execute, "suspendInstitution", f"{STATE} endedSessions", viewer=operator, code="GAMMA", reason=" Unpaid "
    )
    assert closed == {
        "code": "GAMMA", "name": "Gamma School", "status": "SUSPENDED", "endedSessions": 1, "errors": []
    }  # fmt: skip
    assert await state(connections, "GAMMA") is False
    refusal = (await execute(SIGNING, viewer=None, input=given)).found["login"]
    assert (refusal["token"], refusal["errors"]) == (None, [{"code": "UNAUTHENTICATED"}])
    key = (await find_school(connections, "GAMMA")).id
    await connections.enter(key, 60)
    driver = await connections.driver()
    assert await driver.fetchval("SELECT count(*) FROM session") == 0
    said = "SELECT details ->> 'reason' FROM activity_log WHERE action = 'institution.suspend'"
    assert await driver.fetchval(said) == "Unpaid"
    again = await mutate(execute, "resumeInstitution", STATE, viewer=operator, code="GAMMA")
    assert again == {"code": "GAMMA", "name": "Gamma School", "status": "ACTIVE", "errors": []}
    assert (await execute(SIGNING, viewer=None, input=given)).found["login"]["token"]


async def test_what_is_so_already_is_a_conflict(session: AsyncSession, school: School, execute: Execute) -> None:
    operator = await operator_of(session, school)
    await make(execute, operator)
    assert await codes(execute, "resumeInstitution", operator, code="GAMMA") == [("CONFLICT", ["code"])]
    assert await codes(execute, "suspendInstitution", operator, code="GAMMA", reason="Unpaid") == []
    assert await codes(execute, "suspendInstitution", operator, code="GAMMA", reason="x") == [("CONFLICT", ["code"])]


async def test_operators_reach_what_is_on_their_list(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    """Another's institution and one that does not exist are refused alike, and the own one stays open."""
    operator = await operator_of(session, school)
    for name, more in (("suspendInstitution", {"reason": "Unpaid"}), ("resumeInstitution", {})):
        for code in (other_school.code, "NOWHERE"):
            assert await codes(execute, name, operator, code=code, **more) == [("NOT_FOUND", ["code"])]
        assert await codes(execute, name, operator, code=school.code, **more) == [("BAD_USER_INPUT", ["code"])]
    assert await state(connections, other_school.code) is True
    assert await state(connections, school.code) is True


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_a_reason_is_given(session: AsyncSession, school: School, execute: Execute, reason: str) -> None:
    operator = await operator_of(session, school)
    await make(execute, operator)
    assert await codes(execute, "suspendInstitution", operator, code="GAMMA", reason=reason) == [
        ("BAD_USER_INPUT", ["reason"])
    ]
