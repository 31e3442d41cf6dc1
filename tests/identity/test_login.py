"""Signing in: one answer for every reason not to, a lock after five failures, and roles by their days."""

import datetime
from typing import Any

import bcrypt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Institution, Role, Session, User, UserStatus
from resolvers.identity.passwords import is_outdated
from resolvers.identity.tokens import token_hash
from resolvers.identity.viewers import find_viewer
from tests.answers import NOW, Answer
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, give_role, open_session

PASSWORD = "correct horse battery"
# Cheap, since what costs is not what is tested here.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
LOGIN = """mutation($input: LoginInput!) { login(input: $input) {
    token expiresAt user { username roles { role } } errors { code field message }
} }"""
MINUTE = datetime.timedelta(minutes=1)


async def create_account(session: AsyncSession, school: School, **values: Any) -> User:
    return await create_user(session, school, **({"username": "Meera", "password_hash": HASH} | values))


async def login(execute: Execute, school: School, **given: str) -> Answer:
    account = {"institution": school.code, "username": "meera", "password": PASSWORD}
    return await execute(LOGIN, viewer=None, input=account | given)


async def test_a_token_is_given_once_and_stored_as_its_hash(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_account(session, school, failed_logins=3)
    await give_role(session, user, Role.REPORTER)
    found = (await login(execute, school)).found["login"]
    assert found["errors"] == []
    assert found["user"] == {"username": "Meera", "roles": [{"role": "REPORTER"}]}
    assert found["expiresAt"] == (NOW + 30 * MINUTE).isoformat()
    assert found["token"].startswith(f"sgs_{school.id}_")
    opened = (await session.scalars(select(Session))).one()
    assert opened.token_hash == token_hash(found["token"])
    assert (opened.user_id, opened.acting_institution_id) == (user.id, school.id)
    await session.refresh(user)
    assert (user.failed_logins, user.last_login_at) == (0, NOW)
    assert (await session.scalars(select(ActivityEntry.action))).all() == ["login"]


@pytest.mark.parametrize("username", ["meera", "MEERA", "m.nair@example.org", "M.Nair@Example.org"])
async def test_name_or_e_mail_in_any_case(
    session: AsyncSession, school: School, execute: Execute, username: str
) -> None:
    await create_account(session, school, email="M.Nair@example.org")
    assert (await login(execute, school, username=username)).found["login"]["errors"] == []


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {"password": "wrong"}),
    ({}, {"password": ""}),
    ({}, {"username": "nobody"}),
    ({}, {"username": "mee\0ra"}),
    ({}, {"institution": "NOWHERE"}),
    ({}, {"institution": "BETA"}),
    ({}, {"institution": "\0"}),
    ({"status": UserStatus.INACTIVE}, {}),
    ({"deleted_at": NOW}, {}),
    ({"password_hash": None}, {}),
    ({"password_hash": "no hash"}, {}),
    ({"locked_until": NOW + MINUTE}, {}),
]


@pytest.mark.parametrize(("account", "given"), REFUSED)
async def test_every_refusal_says_the_same(
    session: AsyncSession, school: School, execute: Execute, account: dict[str, Any], given: dict[str, str]
) -> None:
    await create_account(session, school, **account)
    message = "Institution, user name or password is wrong, or the account is locked for now"
    assert (await login(execute, school, **given)).found["login"] == {
        "token": None,
        "expiresAt": None,
        "user": None,
        "errors": [{"code": "UNAUTHENTICATED", "field": None, "message": message}],
    }
    assert await session.scalar(select(func.count()).select_from(Session)) == 0


async def test_nobody_signs_in_to_a_suspended_school(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_account(session, school)
    await session.execute(update(Institution).values(status="SUSPENDED"))
    assert (await login(execute, school)).found["login"]["token"] is None


async def test_five_failures_lock_for_fifteen_minutes(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_account(session, school)
    for failures in (1, 2, 3, 4, 0):
        await login(execute, school, password="wrong")
        await session.refresh(user)
        assert user.failed_logins == failures
    assert user.locked_until == NOW + 15 * MINUTE
    assert (await login(execute, school)).found["login"]["token"] is None
    wrong = {"reason": "wrong password"}
    expected = [wrong, wrong, wrong, wrong, wrong | {"locked": True}, {"reason": "locked"}]
    found = (await session.scalars(select(ActivityEntry).order_by(ActivityEntry.id))).all()
    assert [(entry.action, entry.actor_id, entry.details) for entry in found] == [
        ("login.failed", user.id, details) for details in expected
    ]


async def test_a_lock_that_is_over_lets_in_and_counts_anew(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_account(session, school, locked_until=NOW - MINUTE)
    await login(execute, school, password="wrong")
    await session.refresh(user)
    assert (user.failed_logins, user.locked_until, user.last_failed_login_at) == (1, None, NOW)
    assert (await login(execute, school)).found["login"]["errors"] == []
    await session.refresh(user)
    assert (user.failed_logins, user.last_login_at) == (0, NOW)


@pytest.mark.parametrize(
    ("account", "given", "reason"),
    [
        ({}, {"password": "wrong"}, "wrong password"),
        ({}, {"username": "correct horse battery"}, "unknown account"),
        ({"status": UserStatus.INACTIVE}, {}, "inactive"),
        ({"locked_until": NOW + MINUTE}, {"password": "wrong"}, "locked"),
        ({"password_hash": None}, {}, "wrong password"),
    ],
)
async def test_a_failure_is_recorded_without_what_was_typed(
    session: AsyncSession, school: School, execute: Execute, account: dict[str, Any], given: dict[str, str], reason: str
) -> None:
    user = await create_account(session, school, **account)
    await login(execute, school, **given)
    (entry,) = (await session.scalars(select(ActivityEntry))).all()
    known = None if reason == "unknown account" else user.id
    assert (entry.action, entry.actor_id, entry.details) == ("login.failed", known, {"reason": reason})
    await session.refresh(user)
    assert user.failed_logins == (1 if reason == "wrong password" else 0)


async def test_of_an_institution_that_does_not_exist_nothing_can_be_recorded(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await login(execute, school, institution="NOWHERE")
    assert (await session.scalars(select(ActivityEntry))).all() == []


@pytest.mark.parametrize(
    "outdated", [HASH, bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()], ids=["argon2id", "bcrypt"]
)
async def test_an_outdated_hash_is_replaced_when_its_password_is_seen(
    session: AsyncSession, school: School, execute: Execute, outdated: str
) -> None:
    user = await create_account(session, school, password_hash=outdated)
    await login(execute, school, password="wrong")
    await session.refresh(user)
    assert user.password_hash == outdated
    assert (await login(execute, school)).found["login"]["errors"] == []
    await session.refresh(user)
    assert user.password_hash is not None
    assert not is_outdated(user.password_hash)
    renewed = user.password_hash
    assert (await login(execute, school)).found["login"]["errors"] == []
    await session.refresh(user)
    assert user.password_hash == renewed


async def test_sessions_that_are_over_are_cleared_away(session: AsyncSession, school: School, execute: Execute) -> None:
    user, other = await create_account(session, school), await create_user(session, school)
    for whose, ends in ((user, NOW), (user, NOW + MINUTE), (other, NOW)):
        await open_session(session, whose, expires_at=ends)
    await login(execute, school)
    left = (await session.execute(select(Session.user_id, Session.expires_at).order_by(Session.id))).all()
    assert left == [(user.id, NOW + MINUTE), (other.id, NOW), (user.id, NOW + 30 * MINUTE)]


async def opened(execute: Execute, school: School) -> str:
    token: str = (await login(execute, school)).found["login"]["token"]
    return token


async def test_a_token_finds_its_viewer(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    user = await create_account(session, school)
    today = datetime.date(2025, 11, 20)
    await give_role(session, user, Role.TEACHER, begin_date=today, end_date=today)
    await give_role(session, user, Role.REPORTER, end_date=today - datetime.timedelta(days=1))
    await give_role(session, user, Role.ADMIN, begin_date=today + datetime.timedelta(days=1))
    known = await find_viewer(connections, await opened(execute, school), NOW)
    assert known is not None
    viewer = known.viewer
    assert (viewer.user_id, viewer.institution_id, *viewer.roles) == (user.id, school.id, Role.TEACHER)
    assert viewer.time_zone.key == "Asia/Kolkata"


async def test_use_moves_the_end_of_a_session_on(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    await create_account(session, school)
    token = await opened(execute, school)
    for minutes in (1, 29, 58):
        assert await find_viewer(connections, token, NOW + minutes * MINUTE) is not None
        await connections.flush(NOW + minutes * MINUTE)
    opened_at, ends_at = (await session.execute(select(Session.last_seen_at, Session.expires_at))).one()
    assert (opened_at, ends_at) == (NOW + 58 * MINUTE, NOW + 88 * MINUTE)
    assert await find_viewer(connections, token, NOW + 89 * MINUTE) is None


async def test_a_use_that_is_written_late_opens_no_session_again(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    await create_account(session, school)
    token = await opened(execute, school)
    assert await find_viewer(connections, token, NOW + 29 * MINUTE) is not None
    await session.execute(update(Session).values(expires_at=NOW + 29 * MINUTE))
    await connections.flush(NOW + 30 * MINUTE)
    assert await session.scalar(select(Session.expires_at)) == NOW + 29 * MINUTE


@pytest.mark.parametrize("change", [{"status": UserStatus.INACTIVE}, {"deleted_at": NOW}])
async def test_a_session_ends_with_its_account(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection, change: dict[str, Any]
) -> None:
    user = await create_account(session, school)
    token = await opened(execute, school)
    await session.refresh(user)
    for name, value in change.items():
        setattr(user, name, value)
    await session.flush()
    assert await find_viewer(connections, token, NOW) is None


async def test_what_is_no_token_finds_nobody(
    session: AsyncSession, school: School, other_school: School, execute: Execute, connections: OneConnection
) -> None:
    await create_account(session, school)
    token = await opened(execute, school)
    elsewhere = token.replace(f"sgs_{school.id}_", f"sgs_{other_school.id}_")
    for wrong in ("", "sgs", token[:-1], token + "A", token.upper(), elsewhere, f"sgs_{2**70}_{'a' * 43}", "x" * 5000):
        assert await find_viewer(connections, wrong, NOW) is None


async def test_the_rest_of_the_operation_is_the_new_sessions(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_account(session, school)
    document = LOGIN.replace("user { username roles { role } }", "user { id fullName status }")
    account = {"institution": school.code, "username": "meera", "password": PASSWORD}
    found = (await execute(document, viewer=None, input=account)).found["login"]
    assert found["user"] == {"id": gid(user), "fullName": "Meera Nair", "status": "ACTIVE"}
