"""Whose session a token is: a Viewer, or nobody.

Roles count by the day at the account's own school. An operator who acts in another institution has the one role that
reaches there, as long as the institution is open and on the operator's list; a session that may not act where it was
sent to is no session, since falling back to another school unasked would let changes go astray.
"""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    ConfigurationSetting,
    Institution,
    InstitutionStatus,
    Role,
    Session,
    SettingCategory,
    User,
    UserInstitution,
    UserRole,
    UserStatus,
)
from resolvers.context import Connections
from resolvers.identity.tokens import token_hash
from resolvers.trail.notes import SessionUse
from resolvers.viewer import Viewer

# How often it is written down that a session is in use.
TOUCH_AFTER = datetime.timedelta(minutes=1)
TIMEOUT = 5.0


@dataclass(frozen=True)
class Known:
    """Who holds a token, and until when that is certain without asking again; None: the token has no end."""

    viewer: Viewer
    expires_at: datetime.datetime | None

    def seconds_left(self, now: datetime.datetime) -> float:
        return (self.expires_at - now).total_seconds() if self.expires_at is not None else float("inf")


def setting(institution_id: int, key: str) -> ScalarSelect[str]:
    """Value of a GENERAL setting, which every school is made with."""
    return (
        select(ConfigurationSetting.value)
        .where(
            ConfigurationSetting.institution_id == institution_id,
            ConfigurationSetting.category == SettingCategory.GENERAL,
            ConfigurationSetting.key == key,
        )
        .scalar_subquery()
    )


def lifetime(minutes: str) -> datetime.timedelta:
    """How long a session lives without use, from the setting SESSION_TIMEOUT_MINUTES."""
    return datetime.timedelta(minutes=int(minutes))


async def _roles(session: AsyncSession, institution_id: int, user_id: int, today: datetime.date) -> frozenset[Role]:
    """The roles that a user holds on a day."""
    held = select(UserRole.role).where(
        UserRole.institution_id == institution_id,
        UserRole.user_id == user_id,
        func.coalesce(UserRole.begin_date, today) <= today,
        func.coalesce(UserRole.end_date, today) >= today,
    )
    return frozenset(await session.scalars(held))


def _open_session(institution_id: int, token: str, now: datetime.datetime) -> Select[*tuple[Any, ...]]:
    listed = select(UserInstitution.id).where(
        UserInstitution.institution_id == institution_id,
        UserInstitution.user_id == Session.user_id,
        UserInstitution.acting_institution_id == Session.acting_institution_id,
    )
    return (
        select(
            Session.institution_id,
            Session.id,
            Session.user_id,
            Session.acting_institution_id,
            Session.last_seen_at,
            Session.expires_at,
            User.must_change_password,
            listed.exists().label("listed"),
            setting(institution_id, "SCHOOL_TIMEZONE").label("zone"),
        )
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


async def viewer_at_home(
    session: AsyncSession, opened: Any, *, zone: str, must_change_password: bool, now: datetime.datetime
) -> Viewer:
    """Who has opened a session, in the institution of the account."""
    zone_info = ZoneInfo(zone)
    roles = frozenset[Role]()
    if not must_change_password:
        roles = await _roles(session, opened.institution_id, opened.user_id, now.astimezone(zone_info).date())
    return Viewer(
        opened.user_id,
        opened.institution_id,
        roles,
        zone_info,
        opened.id,
        must_change_password=must_change_password,
    )


async def session_viewer(
    connections: Connections, institution_id: int, token: str, now: datetime.datetime
) -> Known | None:
    """Who holds a session's token; None where there is no such session. Use moves its end on,
    once a minute."""
    async with connections.write(institution_id, TIMEOUT) as session:
        found = (await session.execute(_open_session(institution_id, token, now))).one_or_none()
        if found is None:
            return None
        must_change = found.must_change_password
        viewer = await viewer_at_home(session, found, zone=found.zone, must_change_password=must_change, now=now)
    if now - found.last_seen_at > TOUCH_AFTER:
        connections.note(SessionUse(institution_id, viewer.session_id, now))
    if found.acting_institution_id == institution_id:
        return Known(viewer, found.expires_at)
    if Role.SUPERADMIN not in viewer.roles or not found.listed:
        return None
    acting = await acting_viewer(connections, viewer, found.acting_institution_id)
    return Known(acting, found.expires_at) if acting is not None else None


async def acting_viewer(connections: Connections, viewer: Viewer, institution_id: int) -> Viewer | None:
    """An operator at home as the same operator in another institution; None where that one is suspended."""
    async with connections.write(institution_id, TIMEOUT) as session:
        statement = select(setting(institution_id, "SCHOOL_TIMEZONE")).where(
            Institution.id == institution_id, Institution.status == InstitutionStatus.ACTIVE
        )
        zone = await session.scalar(statement.select_from(Institution))
    if zone is None:
        return None
    return Viewer(
        viewer.user_id,
        institution_id,
        viewer.roles & {Role.SUPERADMIN},
        ZoneInfo(zone),
        viewer.session_id,
        home_institution_id=viewer.home,
    )
