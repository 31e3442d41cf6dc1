"""Changing, unlocking, retiring and bringing back users."""

import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Role, Session, User, UserStatus
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, give_role, open_session
from tests.mutating import done, mutate, refused

OPERATOR = Role.SUPERADMIN


async def sessions(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Session)) or 0


async def stranger(connections: OneConnection, session: AsyncSession, other: School, school: School) -> User:
    """A user of the other school."""
    await connections.enter(other.id, 60)
    user = await create_user(session, other)
    await connections.enter(school.id, 60)
    return user


async def test_only_what_is_given_changes(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    user = await create_user(session, school, first_name="Meera", last_name="Nair", phone="1", position="Head")
    opened = await open_session(session, user)
    async with audited(connections, school, other_school):
        found = await done(
            execute,
            "updateUser",
            "user { firstName lastName phone position version }",
            id=gid(user),
            version=1,
            firstName="Mira",
            phone=None,
        )
    expected = {"firstName": "Mira", "lastName": "Nair", "phone": None, "position": "Head", "version": 2}
    assert found["user"] == expected
    assert await session.scalar(select(Session.id)) == opened.id


async def test_nothing_to_change_changes_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, first_name="Meera")
    async with audited(connections, school, nothing=True):
        found = await done(execute, "updateUser", "user { version }", id=gid(user), version=1, firstName="Meera")
    assert found["user"] == {"version": 1}


async def test_an_older_version_is_refused_and_shown_the_newer(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, first_name="Meera")
    await done(execute, "updateUser", "__typename", id=gid(user), version=1, firstName="Mira")
    async with audited(connections, school, nothing=True):
        for name in ("updateUser", "retireUser", "restoreUser"):
            found = await mutate(execute, name, "user { firstName version }", id=gid(user), version=1)
            assert found == {
                "user": {"firstName": "Mira", "version": 2},
                "errors": [
                    {
                        "code": "CONFLICT",
                        "field": ["version"],
                        "message": "version: somebody else has changed the record: read it again",
                        "currentVersion": 2,
                    }
                ],
            }


BAD_CHANGES: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({"username": None, "email": None}, ("BAD_USER_INPUT", ["username"])),
    ({"username": "a b"}, ("BAD_USER_INPUT", ["username"])),
    ({"username": "taken"}, ("CONFLICT", ["username"])),
    ({"email": "TAKEN@example.org"}, ("CONFLICT", ["email"])),
    ({"email": "x"}, ("BAD_USER_INPUT", ["email"])),
    ({"position": "x" * 101}, ("BAD_USER_INPUT", ["position"])),
    ({"lastName": ""}, ("BAD_USER_INPUT", ["lastName"])),
    ({"id": "usr_999999999"}, ("NOT_FOUND", ["id"])),
    ({"id": "stu_1"}, ("BAD_USER_INPUT", ["id"])),
    ({"id": "nonsense"}, ("BAD_USER_INPUT", ["id"])),
]


@pytest.mark.parametrize(("given", "error"), BAD_CHANGES)
async def test_a_change_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    await create_user(session, school, username="Taken", email="taken@example.org")
    user = await create_user(session, school, email="m@example.org")
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "updateUser", **({"id": gid(user), "version": 1} | given)) == [error]


@pytest.mark.parametrize("name", ["updateUser", "unlockUser", "retireUser", "restoreUser"])
async def test_users_of_another_school_do_not_exist(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    name: str,
) -> None:
    user = await stranger(connections, session, other_school, school)
    version = {} if name == "unlockUser" else {"version": 1}
    async with audited(connections, school, other_school, nothing=True):
        found = await mutate(execute, name, "user { id }", id=gid(user), **version)
        absent = await mutate(execute, name, "user { id }", id="usr_999999999", **version)
    assert found == absent
    assert found["user"] is None
    assert [(error["code"], error["field"]) for error in found["errors"]] == [("NOT_FOUND", ["id"])]


@pytest.mark.parametrize("name", ["updateUser", "unlockUser", "retireUser", "restoreUser"])
async def test_the_account_of_an_operator_is_not_an_administrators(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    user = await create_user(session, school, deleted_at=NOW if name == "restoreUser" else None)
    await give_role(session, user, OPERATOR, end_date=datetime.date(2020, 1, 1))
    given = {"id": gid(user)} | ({} if name == "unlockUser" else {"version": 1})
    async with audited(connections, school, nothing=True):
        assert await refused(execute, name, **given) == [("FORBIDDEN", ["id"])]
    await done(execute, name, "__typename", viewer=school.viewer(OPERATOR), **given)


async def test_a_user_who_may_not_sign_in_has_no_session(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user, other = await create_user(session, school), await create_user(session, school)
    kept = await open_session(session, other)
    await open_session(session, user)
    async with audited(connections, school):
        found = await done(execute, "updateUser", "user { status version }", id=gid(user), version=1, status="INACTIVE")
    assert found["user"] == {"status": "INACTIVE", "version": 2}
    assert (await session.scalars(select(Session.id))).all() == [kept.id]


async def test_a_lock_is_opened(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    later = NOW + datetime.timedelta(minutes=10)
    user = await create_user(session, school, failed_logins=3, locked_until=later)
    async with audited(connections, school, nothing=False):
        found = await done(execute, "unlockUser", "user { version }", id=gid(user))
    assert found["user"] == {"version": 1}
    await session.refresh(user)
    assert (user.failed_logins, user.locked_until) == (0, None)
    assert (await session.scalars(select(ActivityEntry.action))).all() == ["user.unlock"]


async def test_retired_and_brought_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, username="meera")
    await open_session(session, user)
    listed = 'query { users(where: { username: { eq: "meera" } }) { totalCount } }'
    async with audited(connections, school):
        found = await done(execute, "retireUser", "user { id version }", id=gid(user), version=1)
    assert found["user"] == {"id": gid(user), "version": 2}
    assert await sessions(session) == 0
    assert (await execute(listed)).found["users"]["totalCount"] == 0
    assert await refused(execute, "updateUser", id=gid(user), version=2) == [("BAD_USER_INPUT", ["id"])]
    async with audited(connections, school):
        found = await done(execute, "restoreUser", "user { version }", id=gid(user), version=2)
    assert found["user"] == {"version": 3}
    assert (await execute(listed)).found["users"]["totalCount"] == 1


async def test_a_name_given_to_somebody_else_stands_in_the_way_of_coming_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, username="meera", deleted_at=NOW)
    await create_user(session, school, username="MEERA")
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "restoreUser", id=gid(user), version=1) == [("CONFLICT", ["username"])]


ENDINGS: list[tuple[str, dict[str, Any], str]] = [
    ("updateUser", {"status": "INACTIVE"}, "status"),
    ("retireUser", {}, "id"),
]


@pytest.mark.parametrize(("name", "given", "field"), ENDINGS)
async def test_the_last_administrator_stays(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    name: str,
    given: dict[str, Any],
    field: str,
) -> None:
    user = await create_user(session, school)
    await give_role(session, user, Role.ADMIN)
    gone = await create_user(session, school, status=UserStatus.INACTIVE)
    await give_role(session, gone, Role.ADMIN)
    later = await create_user(session, school)
    await give_role(session, later, Role.ADMIN, begin_date=datetime.date(2030, 1, 1))
    call = {"id": gid(user), "version": 1} | given
    async with audited(connections, school, nothing=True):
        assert await refused(execute, name, **call) == [("BAD_USER_INPUT", [field])]
    await give_role(session, await create_user(session, school), Role.ADMIN)
    async with audited(connections, school):
        await done(execute, name, "__typename", **call)
