"""Choosing a new password: the current one is needed, the new one is checked, and other sessions end."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, ApiKey, Role, Session, User
from resolvers.identity.passwords import verify_password
from resolvers.viewer import NOBODY, Viewer
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, open_session
from tests.mutating import done, mutate, refused

CURRENT, NEW = "correct horse battery", "staple of the horse"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(CURRENT)
GIVEN = {"currentPassword": CURRENT, "newPassword": NEW}
WRONG = GIVEN | {"currentPassword": "wrong"}


@pytest.fixture
async def user(session: AsyncSession, school: School) -> User:
    return await create_user(session, school, username="meera", password_hash=HASH, must_change_password=True)


async def signed_in(session: AsyncSession, school: School, user: User, **values: Any) -> Viewer:
    opened = await open_session(session, user)
    return replace(school.viewer(user_id=user.id), session_id=opened.id, **values)


@pytest.mark.parametrize("role", [None, *Role])
async def test_everybody_changes_their_own(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    user: User,
    role: Role | None,
) -> None:
    await open_session(session, user)
    viewer = await signed_in(session, school, user, roles=frozenset({role} if role else ()))
    async with audited(connections, school, other_school):
        found = await done(execute, "changePassword", "user { id mustChangePassword }", viewer=viewer, **GIVEN)
    assert found["user"] == {"id": gid(user), "mustChangePassword": False}
    await session.refresh(user)
    assert user.password_hash is not None
    assert await verify_password(user.password_hash, NEW)
    assert (user.must_change_password, user.version) == (False, 2)
    assert (await session.scalars(select(Session.id))).all() == [viewer.session_id]
    told = (await session.scalars(select(ActivityEntry))).one()
    assert (told.action, told.actor_id, told.details) == ("password.change", user.id, {"id": user.id})


BAD_PASSWORDS: list[tuple[dict[str, str], tuple[str, list[str]]]] = [
    ({"newPassword": "short"}, ("BAD_USER_INPUT", ["newPassword"])),
    ({"newPassword": "password123"}, ("BAD_USER_INPUT", ["newPassword"])),
    ({"newPassword": "my name is Meera"}, ("BAD_USER_INPUT", ["newPassword"])),
    ({"newPassword": "x1" * 513}, ("BAD_USER_INPUT", ["newPassword"])),
    ({"newPassword": CURRENT}, ("BAD_USER_INPUT", ["newPassword"])),
    ({"currentPassword": "wrong"}, ("BAD_USER_INPUT", ["currentPassword"])),
    ({"currentPassword": ""}, ("BAD_USER_INPUT", ["currentPassword"])),
]


@pytest.mark.parametrize(("given", "error"), BAD_PASSWORDS)
async def test_a_password_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    user: User,
    given: dict[str, str],
    error: tuple[str, list[str]],
) -> None:
    viewer = await signed_in(session, school, user)
    other = await open_session(session, user)
    async with audited(connections, school):
        assert await refused(execute, "changePassword", viewer=viewer, **(GIVEN | given)) == [error]
    await session.refresh(user)
    assert (user.password_hash, user.version) == (HASH, 1)
    assert set(await session.scalars(select(Session.id))) == {viewer.session_id, other.id}


async def test_the_school_may_want_longer_ones(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, user: User
) -> None:
    setting = "UPDATE configuration_setting SET value = '30' WHERE key = 'MIN_PASSWORD_LENGTH'"
    await (await connections.driver()).execute(setting)
    viewer = await signed_in(session, school, user)
    async with audited(connections, school, nothing=True):
        found = await mutate(execute, "changePassword", "user { id }", viewer=viewer, **GIVEN)
    message = f"newPassword: has {len(NEW)} characters, at least 30 are needed"
    assert [error["message"] for error in found["errors"]] == [message]


async def test_wrong_ones_lock_as_failed_sign_ins_do(
    session: AsyncSession, school: School, execute: Execute, user: User
) -> None:
    viewer = await signed_in(session, school, user)
    for failures in (1, 2, 3, 4, 0):
        await refused(execute, "changePassword", viewer=viewer, **WRONG)
        await session.refresh(user)
        assert user.failed_logins == failures
    assert user.locked_until == NOW + datetime.timedelta(minutes=15)
    errors = (await mutate(execute, "changePassword", "__typename", viewer=viewer, **GIVEN))["errors"]
    assert [error["message"] for error in errors] == ["currentPassword: too many have been wrong: try again later"]
    await session.refresh(user)
    assert user.password_hash == HASH
    assert (await session.scalars(select(ActivityEntry.action))).all() == ["password.refused"] * 5


async def test_who_must_change_the_password_does_nothing_else_before(
    session: AsyncSession, school: School, execute: Execute, user: User
) -> None:
    viewer = await signed_in(session, school, user, must_change_password=True)
    message = "Choose a new password first: call `changePassword`"
    for document in ("{ students { totalCount } }", '{ me { id } user(id: "usr_1") { id } }'):
        answer = await execute(document, viewer=viewer, refused=True)
        assert [error.message for error in answer.errors] == [message]
        assert answer.refusal[0] == "FORBIDDEN"
    update = 'mutation { unlockUser(input: { id: "usr_1" }) { errors { code } } }'
    answer = await execute(update, viewer=viewer, refused=True)
    assert (answer.data, answer.errors[0].message) == ({"unlockUser": None}, message)
    found = (await execute("{ me { id mustChangePassword } __typename }", viewer=viewer)).found
    assert found == {"me": {"id": gid(user), "mustChangePassword": True}, "__typename": "Query"}
    await done(execute, "changePassword", "__typename", viewer=viewer, **GIVEN)


async def test_an_api_key_has_no_password(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    key = ApiKey(institution_id=school.id, name="reports", prefix="sgk", key_hash=bytes(32), role=Role.REPORTER)
    session.add(key)
    await session.flush()
    viewer = replace(school.viewer(Role.REPORTER, user_id=NOBODY), key_id=key.id)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "changePassword", viewer=viewer, **GIVEN) == [("FORBIDDEN", None)]


async def test_an_operator_changes_it_at_home(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    user: User,
) -> None:
    opened = await open_session(session, user)
    viewer = Viewer(
        user.id,
        other_school.id,
        frozenset({Role.SUPERADMIN}),
        school.admin.time_zone,
        opened.id,
        home_institution_id=school.id,
    )
    async with audited(connections, school, other_school):
        await done(execute, "changePassword", "__typename", viewer=viewer, **GIVEN)
    await session.refresh(user)
    assert user.version == 2
