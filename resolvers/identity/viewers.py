"""Whose a token is, whatever its kind: a Viewer, or nobody. A key is its own viewer, without a user or a session."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ApiKey, Institution, InstitutionStatus, Role
from resolvers.context import Connections
from resolvers.errors import NotFound, shown
from resolvers.identity.session_viewer import TIMEOUT, TOUCH_AFTER, Known, session_viewer, setting
from resolvers.identity.tokens import Kind, read_token, token_hash
from resolvers.trail.notes import KeyUse
from resolvers.viewer import NOBODY, Program, Viewer


async def find_viewer(connections: Connections, token: str, now: datetime.datetime) -> Known | None:
    """Who holds a session's token or an API key; None where it is neither, or no longer."""
    read = read_token(token)
    if read is None:
        return None
    kind, institution_id = read
    if kind is Kind.SESSION:
        return await session_viewer(connections, institution_id, token, now)
    return await key_viewer(connections, institution_id, token, now) if kind is Kind.KEY else None


def _usable_key(institution_id: int, key: str, now: datetime.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ApiKey.id,
            ApiKey.role,
            ApiKey.last_used_at,
            ApiKey.expires_at,
            setting(institution_id, "SCHOOL_TIMEZONE").label("zone"),
        )
        .join(Institution, Institution.id == ApiKey.institution_id)
        .where(
            ApiKey.institution_id == institution_id,
            ApiKey.key_hash == token_hash(key),
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at.is_(None) | (ApiKey.expires_at > now),
            Institution.status == InstitutionStatus.ACTIVE,
        )
    )


async def key_viewer(connections: Connections, institution_id: int, key: str, now: datetime.datetime) -> Known | None:
    """What a key may do; None where it is none, or no longer. Its use is written down once a minute."""
    async with connections.write(institution_id, TIMEOUT) as session:
        found = (await session.execute(_usable_key(institution_id, key, now))).one_or_none()
        if found is None:
            return None
    if found.last_used_at is None or now - found.last_used_at > TOUCH_AFTER:
        connections.note(KeyUse(institution_id, found.id, now))
    viewer = Viewer(NOBODY, institution_id, frozenset({found.role}), ZoneInfo(found.zone), NOBODY, key_id=found.id)
    return Known(viewer, found.expires_at)


async def program_at(session: AsyncSession, code: str) -> Program:
    """A program of the server's own machine, which reads a school, suspended ones too, as a REPORTER does.

    Raises NotFound.
    """
    institution_id = await session.scalar(select(Institution.id).where(Institution.code == code))
    if institution_id is None:
        raise NotFound(f"institution: there is none with the code {shown(code)}", field="institution")
    zone = await session.scalar(select(setting(institution_id, "SCHOOL_TIMEZONE")))
    return Program(NOBODY, institution_id, frozenset({Role.REPORTER}), ZoneInfo(zone or "UTC"), NOBODY)
