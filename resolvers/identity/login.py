"""Signing in.

A wrong institution, a wrong user, a wrong password, a locked and an inactive account all get the same answer after the
same work: as many statements, and one check of a password. A hash of another system takes another time to check than
one of ours, so no refusal is told before a time that is longer than either.

Five failures in a row lock an account for fifteen minutes, and the lock is looked at again by the statement that opens
the session, so that guessing side by side gains nothing.

What failed is written down though the sign-in is refused, also for accounts that do not exist. The name that was typed
is not: people type passwords into that field.
"""

import asyncio
import datetime
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, Update, case, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, ActorKind, Institution, InstitutionStatus, Session, User, UserStatus
from resolvers.context import Connections, Context
from resolvers.errors import Forbidden, Unauthenticated
from resolvers.identity.passwords import hash_password, is_outdated, verify_nobody, verify_password
from resolvers.identity.session_viewer import TIMEOUT, lifetime, setting, viewer_at_home
from resolvers.identity.tokens import Kind, new_token, token_hash
from resolvers.trail.alarms import Alarm, AlarmKind, SignInFailed
from resolvers.viewer import NOBODY, Viewer
from resolvers.writing.recording import AUDITED, Author

MAX_FAILURES = 5
LOCK = datetime.timedelta(minutes=15)
NO_TENANT = 0
REFUSED = "Institution, user name or password is wrong, or the account is locked for now"


@dataclass(frozen=True)
class Opened:
    """A session just opened: the only moment at which its token is known. In a cookie, `token` is not told."""

    token: str | None
    expires_at: datetime.datetime
    viewer: Viewer

    @property
    def user(self) -> int:
        """Key of the user who has signed in."""
        return self.viewer.user_id


@dataclass(frozen=True)
class School:
    """Where somebody wants to sign in; `id` is NO_TENANT where there is no such institution."""

    id: int
    active: bool


async def login(context: Context, *, institution: str, username: str, password: str, cookie: bool = False) -> Opened:
    """Open a session for the user with this name or e-mail; the rest of the operation is the new session's.

    Raises Unauthenticated with one answer for all reasons, RateLimited where the address failed too often, and
    Forbidden where a page asks for a cookie that may not use it.
    """
    if cookie and not context.client.cookies:
        raise Forbidden("cookie: this page may not use a session cookie; leave it out for a token", field="cookie")
    attempts, address = context.services.attempts, context.client.address
    attempts.take(address, context.now)
    not_before = asyncio.get_running_loop().time() + context.services.refusal_seconds
    school = await find_school(context.connections, institution)
    user = await find_account(context.connections, school, username)
    right = await _check(user, password)
    reason = _reason(school, user, right, context.now)
    if user is not None and reason is None:
        opened = await _open(context, user, password)
        if opened is not None:
            attempts.give_back(address, context.now)
            context.sign_in(opened.viewer)
            if cookie:
                context.cookie, opened = opened.token, replace(opened, token=None)
            return opened
        reason = "locked"
    await _record_failure(context, school, user, reason)
    await asyncio.sleep(not_before - asyncio.get_running_loop().time())
    raise Unauthenticated(REFUSED)


async def find_school(connections: Connections, code: str) -> School:
    """The institution with a code, found before there is any tenant."""
    async with connections.write(NO_TENANT, TIMEOUT) as session:
        # No institution is called by a text that PostgreSQL cannot hold.
        by_code = func.institution_by_code(code.replace("\0", "?")).table_valued("id", "status")
        row = (await session.execute(select(by_code.c.id, by_code.c.status))).one_or_none()
    return School(row.id, row.status == InstitutionStatus.ACTIVE) if row is not None else School(NO_TENANT, False)


async def find_account(connections: Connections, school: School, name: str) -> User | None:
    """The user in use whose user name or e-mail it is; upper and lower case are alike."""
    async with connections.write(school.id, TIMEOUT) as session:
        return await find_user(session, school.id, name)


async def find_user(session: AsyncSession, institution_id: int, name: str) -> User | None:
    """The same in a transaction that is open already."""
    return await session.scalar(_account(institution_id, name))


def _account(institution_id: int, name: str) -> Select[User]:
    folded = func.lower(name.replace("\0", "?"))
    return select(User).where(
        User.institution_id == institution_id,
        (User.username_folded == folded) | (User.email_folded == folded),
        User.deleted_at.is_(None),
    )


async def _check(user: User | None, password: str) -> bool:
    if user is None or user.password_hash is None:
        await verify_nobody(password)
        return False
    return await verify_password(user.password_hash, password)


def _reason(school: School, user: User | None, right: bool, now: datetime.datetime) -> str | None:
    """Why nobody is let in, for the administrators of the school; None where nothing is in the way."""
    if user is None:
        return "unknown account"
    if user.locked_until is not None and user.locked_until > now:
        return "locked"
    if not right:
        return "wrong password"
    if user.status != UserStatus.ACTIVE:
        return "inactive"
    return None if school.active else "suspended"


async def _record_failure(context: Context, school: School, user: User | None, reason: str | None) -> None:
    """Count a wrong password, and lock the account for a while at the fifth; all reasons take the same statements."""
    async with context.connections.write(school.id, TIMEOUT) as session:
        user_id = user.id if user is not None and reason == "wrong password" else NOBODY
        locked = await session.scalar(_counted(school.id, user_id, context.now)) is not None
        details = {"reason": reason, "locked": True} if locked else {"reason": reason}
        values: dict[str, ColumnElement[Any]] = {
            "institution_id": literal(school.id),
            "action": literal("login.failed"),
            "details": literal(details, JSONB),
            "actor_kind": literal(ActorKind.USER.value),
            "actor_id": literal(user.id if user is not None else None, ActivityEntry.actor_id.type),
            "at": literal(context.now),
            "request_id": literal(context.request_id or None, ActivityEntry.request_id.type),
            "address": literal(context.client.address, ActivityEntry.address.type),
        }
        # Where there is no such institution, nothing is chosen and nothing inserted.
        known = select(*values.values()).select_from(Institution).where(Institution.id == school.id)
        await session.execute(insert(cast(Table, ActivityEntry.__table__)).from_select(list(values), known))
    context.connections.note(SignInFailed())
    if locked:
        context.connections.note(lock_alarm(context, school.id, user_id))


def lock_alarm(context: Context, institution_id: int, user_id: int) -> Alarm:
    """What is told of an account that has just been locked; nobody need be signed in."""
    where = context.now, context.request_id or None, context.client.address
    details = {"minutes": int(LOCK.total_seconds()) // 60}
    return Alarm(AlarmKind.ACCOUNT_LOCKED, institution_id, ActorKind.USER, user_id, *where, details)


def _counted(institution_id: int, user_id: int, now: datetime.datetime) -> Update:
    last = User.failed_logins + 1 >= MAX_FAILURES
    return (
        update(User)
        .where(
            User.institution_id == institution_id,
            User.id == user_id,
            User.locked_until.is_(None) | (User.locked_until <= now),
        )
        .values(
            failed_logins=case((last, 0), else_=User.failed_logins + 1),
            locked_until=case((last, now + LOCK), else_=None),
            last_failed_login_at=now,
        )
        .returning(User.locked_until)
        .execution_options(**AUDITED)
    )


async def _open(context: Context, user: User, password: str) -> Opened | None:
    """A new session; None where the account was locked or changed while its password was checked."""
    checked = user.password_hash or ""
    renewed = await hash_password(password) if is_outdated(checked) else None
    author = Author(ActorKind.USER, user.id, context.now, context.request_id or None, context.client.address)
    try:
        async with context.change("login", institution_id=user.institution_id, author=author, apart=True) as change:
            account = await change.session.scalar(_unchanged(user, checked, context.now))
            if account is None:
                raise Unauthenticated(REFUSED)
            if renewed is not None:
                account.password_hash = renewed
            await change.count(User, user.id, last_login_at=context.now, failed_logins=0, locked_until=None)
            return await _new_session(context, change.session, account)
    except Unauthenticated:
        return None


def _unchanged(user: User, checked: str, now: datetime.datetime) -> Select[User]:
    return (
        select(User)
        .where(
            User.institution_id == user.institution_id,
            User.id == user.id,
            User.password_hash == checked,
            User.status == UserStatus.ACTIVE,
            User.deleted_at.is_(None),
            User.locked_until.is_(None) | (User.locked_until <= now),
        )
        .with_for_update(key_share=True)
    )


async def _new_session(context: Context, session: AsyncSession, user: User) -> Opened:
    over = delete(Session).where(Session.institution_id == user.institution_id, Session.user_id == user.id)
    await session.execute(over.where(Session.expires_at <= context.now))
    minutes, zone = (
        await session.execute(
            select(
                setting(user.institution_id, "SESSION_TIMEOUT_MINUTES"), setting(user.institution_id, "SCHOOL_TIMEZONE")
            )
        )
    ).one()
    token = new_token(Kind.SESSION, user.institution_id)
    opened = Session(
        institution_id=user.institution_id,
        user_id=user.id,
        acting_institution_id=user.institution_id,
        token_hash=token_hash(token),
        created_at=context.now,
        last_seen_at=context.now,
        expires_at=context.now + lifetime(minutes),
        user_agent=context.client.user_agent,
        address=context.client.address,
    )
    session.add(opened)
    await session.flush()
    viewer = await viewer_at_home(
        session, opened, zone=zone, must_change_password=user.must_change_password, now=context.now
    )
    return Opened(token, opened.expires_at, viewer)
