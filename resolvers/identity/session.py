"""Signing in, and finding out whose session a token is.

A token carries its institution, `sgs_<institution>_<secret>`, so that the tenant can be set before the session is
looked up. It is shown once and stored as its SHA-256. A wrong institution, a wrong user, a wrong password, a locked
and an inactive account all get the same answer after the same work.
"""

import datetime
import hashlib
import re
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    ActivityLog,
    ActorKind,
    ConfigurationSetting,
    Institution,
    InstitutionStatus,
    Role,
    Session,
    User,
    UserRole,
    UserStatus,
)
from resolvers.client import Client
from resolvers.context import Connections, Context
from resolvers.errors import Unauthenticated
from resolvers.identity.passwords import verify_nobody, verify_password
from resolvers.trail.notes import SessionUse
from resolvers.viewer import Viewer

MAX_FAILURES = 5
LOCK = datetime.timedelta(minutes=15)
TOUCH_AFTER = datetime.timedelta(minutes=1)
TIMEOUT = 5.0
NO_TENANT = 0
_TOKEN = re.compile(r"sgs_(\d{1,18})_[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Opened:
    """A session just opened: the only moment at which its token is known."""

    token: str
    expires_at: datetime.datetime
    viewer: Viewer

    @property
    def user(self) -> int:
        """Key of the user who has signed in."""
        return self.viewer.user_id


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def _setting(session: AsyncSession, institution_id: int, key: str) -> str:
    """Value of a GENERAL setting, which every school is made with."""
    statement = select(ConfigurationSetting.value).where(
        ConfigurationSetting.institution_id == institution_id,
        ConfigurationSetting.category == "GENERAL",
        ConfigurationSetting.key == key,
    )
    return (await session.execute(statement)).scalar_one()


async def _lifetime(session: AsyncSession, institution_id: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=int(await _setting(session, institution_id, "SESSION_TIMEOUT_MINUTES")))


async def _viewer(session: AsyncSession, user: User, session_id: int, now: datetime.datetime) -> Viewer:
    zone = ZoneInfo(await _setting(session, user.institution_id, "SCHOOL_TIMEZONE"))
    today = now.astimezone(zone).date()
    roles = select(UserRole.role).where(
        UserRole.institution_id == user.institution_id,
        UserRole.user_id == user.id,
        func.coalesce(UserRole.begin_date, today) <= today,
        func.coalesce(UserRole.end_date, today) >= today,
    )
    held: list[Role] = list(await session.scalars(roles))
    return Viewer(user.id, user.institution_id, frozenset(held), zone, session_id)


def _open_session(institution_id: int, token: str, now: datetime.datetime) -> Select[Session, User]:
    return (
        select(Session, User)
        .join(User, (User.institution_id == Session.institution_id) & (User.id == Session.user_id))
        .join(Institution, Institution.id == Session.institution_id)
        .where(
            Session.institution_id == institution_id,
            Session.token_hash == token_hash(token),
            Session.expires_at > now,
            User.status == UserStatus.ACTIVE,
            User.deleted_at.is_(None),
            Institution.status == InstitutionStatus.ACTIVE,
        )
    )


async def find_viewer(connections: Connections, token: str, now: datetime.datetime) -> Viewer | None:
    """Who holds the token, or None where no open session has it. Use moves the session's end on, once a minute."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    institution_id = int(match[1])
    async with connections.write(institution_id, TIMEOUT) as session:
        found = (await session.execute(_open_session(institution_id, token, now))).one_or_none()
        if found is None:
            return None
        opened, user = found
        if now - opened.last_seen_at > TOUCH_AFTER:
            connections.note(SessionUse(institution_id, opened.id, now))
        return await _viewer(session, user, opened.id, now)


async def _institution(connections: Connections, code: str) -> int | None:
    async with connections.write(NO_TENANT, TIMEOUT) as session:
        by_code = func.institution_by_code(code.replace("\0", "?")).table_valued("id", "status")
        row = (await session.execute(select(by_code.c.id, by_code.c.status))).one_or_none()
    return row.id if row is not None and row.status == InstitutionStatus.ACTIVE else None


def _account(institution_id: int, username: str) -> Select[User]:
    # No account is called by a text that PostgreSQL cannot hold.
    folded = func.lower(username.replace("\0", "?"))
    return select(User).where(
        User.institution_id == institution_id,
        (User.username_folded == folded) | (User.email_folded == folded),
        User.deleted_at.is_(None),
    )


async def _find_account(connections: Connections, institution_id: int | None, username: str) -> User | None:
    async with connections.write(institution_id or NO_TENANT, TIMEOUT) as session:
        return await session.scalar(_account(institution_id or NO_TENANT, username))


async def _record_failure(connections: Connections, user: User, now: datetime.datetime) -> None:
    """Count the failure, and lock the account for a while at the fifth; committed though the sign-in is refused."""
    async with connections.write(user.institution_id, TIMEOUT) as session:
        counted = update(User).where(User.institution_id == user.institution_id, User.id == user.id)
        values = {"failed_logins": User.failed_logins + 1, "last_failed_login_at": now}
        failures = await session.scalar(counted.values(**values).returning(User.failed_logins))
        if failures is not None and failures >= MAX_FAILURES:
            await session.execute(counted.values(locked_until=now + LOCK, failed_logins=0))
        session.add(_activity("login.failed", user, now))


def _activity(action: str, user: User, now: datetime.datetime) -> ActivityLog:
    return ActivityLog(
        institution_id=user.institution_id, action=action, actor_kind=ActorKind.USER, actor_id=user.id, at=now
    )


async def _open(connections: Connections, user: User, now: datetime.datetime, client: Client) -> Opened:
    token = f"sgs_{user.institution_id}_{secrets.token_urlsafe(32)}"
    async with connections.write(user.institution_id, TIMEOUT) as session:
        opened = Session(
            institution_id=user.institution_id,
            user_id=user.id,
            acting_institution_id=user.institution_id,
            token_hash=token_hash(token),
            last_seen_at=now,
            expires_at=now + await _lifetime(session, user.institution_id),
            user_agent=client.user_agent,
            address=client.address,
        )
        session.add_all([opened, _activity("login", user, now)])
        signed_in = update(User).where(User.institution_id == user.institution_id, User.id == user.id)
        await session.execute(signed_in.values(last_login_at=now, failed_logins=0, locked_until=None))
        await session.flush()
        return Opened(token, opened.expires_at, await _viewer(session, user, opened.id, now))


async def login(context: Context, *, institution: str, username: str, password: str) -> Opened:
    """Open a session for the user with this name or e-mail; raises Unauthenticated with one answer for all reasons.

    The rest of the operation is the new session's.
    """
    connections, now = context.connections, context.now
    user = await _find_account(connections, await _institution(connections, institution), username)
    if user is None or user.password_hash is None:
        await verify_nobody(password)
        right = False
    else:
        right = await verify_password(user.password_hash, password)
    locked = user is not None and user.locked_until is not None and user.locked_until > now
    if user is not None and right and not locked and user.status == UserStatus.ACTIVE:
        opened = await _open(connections, user, now, context.client)
        context.sign_in(opened.viewer)
        return opened
    if user is not None and not right and not locked:
        await _record_failure(connections, user, now)
    raise Unauthenticated("Institution, user name or password is wrong, or the account is locked for now")
