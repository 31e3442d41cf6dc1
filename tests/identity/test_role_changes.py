"""Giving roles and taking them back: by whom, for which days, and what becomes of sessions."""

import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Role, Session, User, UserRole
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, give_role, open_session
from tests.mutating import done, mutate, refused

TODAY = datetime.date(2025, 11, 20)
DAY = datetime.timedelta(days=1)
GIVEN = "userRole { role beginDate endDate version user { id } }"


async def sessions(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Session)) or 0


async def spans(session: AsyncSession, user: User) -> list[tuple[Any, ...]]:
    statement = select(UserRole.role, UserRole.begin_date, UserRole.end_date, UserRole.version)
    found = await session.execute(statement.where(UserRole.user_id == user.id).order_by(UserRole.id))
    return [tuple(row) for row in found]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERADMIN])
async def test_an_administrator_gives_any_role_of_the_school(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    role: Role,
) -> None:
    user = await create_user(session, school)
    await open_session(session, user)
    async with audited(connections, school, other_school):
        found = await done(execute, "grantRole", GIVEN, user=gid(user), role=role, endDate="2026-01-31")
    expected = {"role": role, "beginDate": None, "endDate": "2026-01-31", "version": 1, "user": {"id": gid(user)}}
    assert found["userRole"] == expected
    assert await sessions(session) == 0
    told = (await session.scalars(select(ActivityEntry))).one()
    assert (told.action, told.details) == ("role.grant", {"id": user.id, "role": role.value})


async def test_only_an_operator_makes_operators(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    async with audited(connections, school, nothing=True):
        errors = await refused(execute, "grantRole", user=gid(user), role="SUPERADMIN")
    assert errors == [("FORBIDDEN", ["role"])]
    operator = school.viewer(Role.SUPERADMIN)
    found = await done(execute, "grantRole", "userRole { role }", viewer=operator, user=gid(user), role="SUPERADMIN")
    assert found["userRole"] == {"role": "SUPERADMIN"}


BAD_GRANTS: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({"beginDate": "2025-02-01", "endDate": "2025-01-31"}, ("BAD_USER_INPUT", ["endDate"])),
    ({"beginDate": "2025-06-30"}, ("CONFLICT", ["role"])),
    ({"endDate": "2025-01-01"}, ("CONFLICT", ["role"])),
    ({}, ("CONFLICT", ["role"])),
    ({"user": "usr_999999999"}, ("NOT_FOUND", ["user"])),
    ({"user": "uro_1"}, ("BAD_USER_INPUT", ["user"])),
]


@pytest.mark.parametrize(("given", "error"), BAD_GRANTS)
async def test_a_role_is_not_given(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    user = await create_user(session, school)
    days = {"begin_date": datetime.date(2025, 1, 1), "end_date": datetime.date(2025, 6, 30)}
    await give_role(session, user, Role.TEACHER, **days)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "grantRole", **({"user": gid(user), "role": "TEACHER"} | given)) == [error]


async def test_a_role_is_held_again_after_a_while(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    await give_role(session, user, Role.TEACHER, end_date=TODAY - 9 * DAY)
    await done(execute, "grantRole", "__typename", user=gid(user), role="TEACHER", beginDate=str(TODAY))
    assert [span[1:3] for span in await spans(session, user)] == [(None, TODAY - 9 * DAY), (TODAY, None)]


async def test_a_retired_user_gets_no_role(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school, deleted_at=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    assert await refused(execute, "grantRole", user=gid(user), role="TEACHER") == [("BAD_USER_INPUT", ["user"])]


Span = tuple[datetime.date | None, datetime.date | None]
REVOKED: list[tuple[Span, str | None, list[Span]]] = [
    ((None, None), None, [(None, TODAY - DAY)]),
    ((TODAY - DAY, None), None, [(TODAY - DAY, TODAY - DAY)]),
    ((TODAY, None), None, []),
    ((TODAY + DAY, TODAY + 9 * DAY), None, []),
    ((None, TODAY), None, [(None, TODAY - DAY)]),
    ((None, None), "2026-01-31", [(None, datetime.date(2026, 1, 31))]),
    ((TODAY, None), str(TODAY), [(TODAY, TODAY)]),
]


@pytest.mark.parametrize(("held", "end", "left"), REVOKED)
async def test_a_role_is_taken_back(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    held: Span,
    end: str | None,
    left: list[Span],
) -> None:
    user = await create_user(session, school)
    role = await give_role(session, user, Role.TEACHER, begin_date=held[0], end_date=held[1])
    await open_session(session, user)
    given = {} if end is None else {"endDate": end}
    async with audited(connections, school, other_school):
        found = await done(execute, "revokeRole", "user { id }", id=gid(role), version=1, **given)
    assert found["user"] == {"id": gid(user)}
    assert [span[1:3] for span in await spans(session, user)] == left
    assert await sessions(session) == 0


BAD_REVOKES: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({}, ("BAD_USER_INPUT", ["id"])),
    ({"endDate": "2024-12-31"}, ("BAD_USER_INPUT", ["endDate"])),
    ({"version": 2}, ("CONFLICT", ["version"])),
    ({"id": "uro_999999999"}, ("NOT_FOUND", ["id"])),
]


@pytest.mark.parametrize(("given", "error"), BAD_REVOKES)
async def test_a_role_is_not_taken_back(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    days = {"begin_date": datetime.date(2025, 1, 1), "end_date": TODAY - DAY}
    role = await give_role(session, await create_user(session, school), Role.TEACHER, **days)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "revokeRole", **({"id": gid(role), "version": 1} | given)) == [error]


async def test_roles_of_another_school_do_not_exist(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await connections.enter(other_school.id, 60)
    stranger = await create_user(session, other_school)
    role = await give_role(session, stranger, Role.TEACHER)
    await connections.enter(school.id, 60)
    async with audited(connections, school, other_school, nothing=True):
        assert await refused(execute, "grantRole", user=gid(stranger), role="TEACHER") == [("NOT_FOUND", ["user"])]
        assert await refused(execute, "revokeRole", id=gid(role), version=1) == [("NOT_FOUND", ["id"])]


async def test_an_operator_keeps_roles_from_administrators(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    top = await give_role(session, user, Role.SUPERADMIN)
    teaching = await give_role(session, user, Role.TEACHER)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "grantRole", user=gid(user), role="ADMIN") == [("FORBIDDEN", ["user"])]
        for role in (top, teaching):
            assert await refused(execute, "revokeRole", id=gid(role), version=1) == [("FORBIDDEN", ["id"])]
    viewer = school.viewer(Role.SUPERADMIN)
    for role in (top, teaching):
        await done(execute, "revokeRole", "__typename", viewer=viewer, id=gid(role), version=1)


@pytest.mark.parametrize("given", [{}, {"endDate": "2026-01-31"}])
async def test_a_school_keeps_an_administrator(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, given: dict[str, str]
) -> None:
    role = await give_role(session, await create_user(session, school), Role.ADMIN)
    await give_role(session, await create_user(session, school), Role.ADMIN, end_date=TODAY - DAY)
    call = {"id": gid(role), "version": 1} | given
    async with audited(connections, school, nothing=True):
        found = await mutate(execute, "revokeRole", "user { id }", **call)
    message = "id: this is the school's last active ADMIN: name another one first"
    assert [error["message"] for error in found["errors"]] == [message]
    await give_role(session, await create_user(session, school), Role.ADMIN)
    await done(execute, "revokeRole", "__typename", **call)
