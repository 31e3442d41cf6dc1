"""Setting a password anew: who may have a token made, and what it is good for."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Institution, ResetToken, Role, Session, User, UserStatus
from resolvers.identity.passwords import verify_password
from resolvers.identity.tokens import token_hash
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, give_role, open_session
from tests.identity.test_login import HASH, PASSWORD
from tests.mutating import done, mutate, refused

NEW = "a brand new secret"
SET = "mutation($input: SetPasswordInput!) { payload: setPassword(input: $input) { changed errors { code field } } }"


async def account(session: AsyncSession, school: School, **values: Any) -> User:
    return await create_user(session, school, **({"username": "meera", "password_hash": HASH} | values))


async def made(execute: Execute, user: User) -> str:
    token: str = (await done(execute, "resetPassword", "token", user=gid(user)))["token"]
    return token


async def use(execute: Execute, token: str, password: str = NEW) -> Any:
    return (await execute(SET, viewer=None, input={"token": token, "newPassword": password})).found["payload"]


async def tokens(session: AsyncSession) -> list[ResetToken]:
    return list(await session.scalars(select(ResetToken).execution_options(populate_existing=True)))


async def test_a_token_is_shown_once_and_stored_as_its_hash(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await account(session, school)
    await open_session(session, user)
    async with audited(connections, school, nothing=True):
        found = await done(execute, "resetPassword", "token expiresAt user { username }", user=gid(user))
    (row,) = await tokens(session)
    assert found["token"].startswith(f"sgr_{school.id}_")
    assert row.token_hash == token_hash(found["token"])
    ends = NOW + datetime.timedelta(hours=24)
    assert (row.user_id, row.expires_at) == (user.id, ends)
    assert (found["expiresAt"], found["user"]) == (ends.isoformat(), {"username": "meera"})
    assert (await session.scalars(select(Session))).all() == []
    entry = (await session.scalars(select(ActivityEntry))).one()
    assert (entry.action, entry.details) == ("password.reset", {"id": user.id})


async def test_a_new_token_makes_those_before_void(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await account(session, school)
    first, second = await made(execute, user), await made(execute, user)
    assert (await use(execute, first))["errors"] == [{"code": "BAD_USER_INPUT", "field": ["token"]}]
    assert (await use(execute, second))["changed"]


@pytest.mark.parametrize(
    "how", ["the password is changed", "the e-mail address is changed", "retired and brought back"]
)
async def test_a_token_from_before_is_void_when(
    session: AsyncSession, school: School, execute: Execute, how: str
) -> None:
    """It may be in the hands, or the mailbox, of whoever the account is being saved from."""
    user = await account(session, school)
    other = await create_user(session, school, username="other")
    token, others = await made(execute, user), await made(execute, other)
    if how == "the password is changed":
        given = {"currentPassword": PASSWORD, "newPassword": "violet harbour 41"}
        opened = await open_session(session, user)
        viewer = replace(school.viewer(user_id=user.id), session_id=opened.id)
        await done(execute, "changePassword", "user { id }", viewer=viewer, **given)
    elif how == "the e-mail address is changed":
        await done(execute, "updateUser", "__typename", id=gid(user), version=1, email="new@example.org")
    else:
        await done(execute, "retireUser", "__typename", id=gid(user), version=1)
        await done(execute, "restoreUser", "__typename", id=gid(user), version=2)
    assert (await use(execute, token))["errors"] == [{"code": "BAD_USER_INPUT", "field": ["token"]}]
    assert (await use(execute, others))["changed"]


async def test_it_sets_the_password_once_and_ends_all_sessions(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    user = await account(
        session, school, must_change_password=True, failed_logins=3, locked_until=NOW + datetime.timedelta(minutes=1)
    )
    token = await made(execute, user)
    await open_session(session, user)
    other = await open_session(session, await create_user(session, school))
    async with audited(connections, school, other_school):
        assert await use(execute, token) == {"changed": True, "errors": []}
    await session.refresh(user)
    assert await verify_password(user.password_hash or "", NEW)
    assert (user.must_change_password, user.failed_logins, user.locked_until) == (False, 0, None)
    assert (await session.scalars(select(Session.id))).all() == [other.id]
    assert await tokens(session) == []
    entry = (await session.scalars(select(ActivityEntry).order_by(ActivityEntry.id.desc()))).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("password.set", user.id)
    async with audited(connections, school, nothing=True):
        assert (await use(execute, token, "another secret here"))["errors"] == [
            {"code": "BAD_USER_INPUT", "field": ["token"]}
        ]


@pytest.mark.parametrize(
    ("password", "message"), [("short", "at least 8"), ("password1", "most common"), ("x-meera-x", "the user name")]
)
async def test_a_password_that_is_refused_leaves_the_token_good(
    session: AsyncSession, school: School, execute: Execute, password: str, message: str
) -> None:
    token = await made(execute, await account(session, school))
    document = SET.replace("code field", "code field message")
    payload = (await execute(document, viewer=None, input={"token": token, "newPassword": password})).found["payload"]
    (error,) = payload["errors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["newPassword"])
    assert message in error["message"]
    assert password not in error["message"] or password == "short"
    assert (await use(execute, token))["changed"]


VOID: list[Any] = [
    update(ResetToken).values(expires_at=NOW),
    update(User).where(User.username == "meera").values(status=UserStatus.INACTIVE),
    update(User).where(User.username == "meera").values(deleted_at=NOW),
    update(Institution).values(status="SUSPENDED"),
]


@pytest.mark.parametrize("change", VOID)
async def test_a_token_that_is_no_longer_good(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, change: Any
) -> None:
    user = await account(session, school)
    token = await made(execute, user)
    await session.execute(change)
    async with audited(connections, school, nothing=True):
        assert (await use(execute, token))["errors"] == [{"code": "BAD_USER_INPUT", "field": ["token"]}]


WRONG: list[Callable[[str, School], str]] = [
    lambda token, other: "",
    lambda token, other: token[:-1],
    lambda token, other: token.replace("sgr_", "sgs_"),
    lambda token, other: f"sgr_{other.id}_{token.split('_', 2)[2]}",
    lambda token, other: f"sgr_{2**62}_{'x' * 43}",
    lambda token, other: "\ud800",
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_no_token(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    wrong: Callable[[str, School], str],
) -> None:
    token = await made(execute, await account(session, school))
    async with audited(connections, school, other_school, nothing=True):
        payload = await use(execute, wrong(token, other_school))
        assert payload == {"changed": None, "errors": [{"code": "BAD_USER_INPUT", "field": ["token"]}]}


async def test_admin_sets_no_operators_password_anew(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    operator = await account(session, school)
    await give_role(session, operator, Role.SUPERADMIN)
    opened = await open_session(session, operator)
    assert await refused(execute, "resetPassword", user=gid(operator)) == [("FORBIDDEN", ["user"])]
    assert await tokens(session) == []
    assert (await session.scalars(select(Session.id))).all() == [opened.id]
    viewer = school.viewer(Role.SUPERADMIN)
    found = await mutate(execute, "resetPassword", "token", viewer=viewer, user=gid(operator))
    assert found["errors"] == []


async def test_a_retired_user_gets_no_token(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await account(session, school, deleted_at=NOW)
    assert await refused(execute, "resetPassword", user=gid(user)) == [("BAD_USER_INPUT", ["user"])]
    assert await tokens(session) == []


async def test_where_no_mail_is_set_up_nothing_is_written(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await account(session, school, email="m.nair@example.org")
    for institution, username in ((school.code, "meera"), (school.code, "nobody"), ("NOWHERE", "meera")):
        document = """mutation($input: RequestPasswordResetInput!) {
            requestPasswordReset(input: $input) { accepted errors { code } }
        }"""
        given = {"institution": institution, "username": username}
        answer = await execute(document, viewer=None, input=given)
        assert answer.found["requestPasswordReset"] == {"accepted": True, "errors": []}
    assert await tokens(session) == []
    assert (await session.scalars(select(ActivityEntry))).all() == []
