"""Ending sessions by the deployment's commands: of a user, of an institution, or all there are."""

import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, Institution
from resolvers.errors import NotFound
from resolvers.identity.accounts import find_institution
from resolvers.identity.login import find_user
from resolvers.identity.revocation import end_sessions, end_sessions_in
from resolvers.unit_of_work import change_in
from resolvers.writing.recording import Author


def _system() -> Author:
    return Author(ActorKind.SYSTEM, None, datetime.datetime.now(datetime.UTC))


async def end_those_of(session: AsyncSession, *, institution: str, username: str) -> int:
    """End the sessions of a user; how many there were. Raises NotFound."""
    key = await find_institution(session, institution)
    user = await find_user(session, key, username)
    if user is None:
        raise NotFound(f"user: there is nobody called {username!r} in {institution}", field="user")
    async with change_in(session, key, _system(), "session.revoke", {"user": user.id}) as change:
        change.details["ended"] = ended = await end_sessions(session, key, user.id)
    return ended


async def end_those_in(session: AsyncSession, *, institution: str | None) -> int:
    """End all sessions of an institution's users, or with None of everybody; how many there were. Raises NotFound."""
    keys = [await find_institution(session, institution)] if institution else await session.scalars(_ALL)
    ended = 0
    for key in list(keys):
        async with change_in(session, key, _system(), "session.revoke", {}) as change:
            change.details["ended"] = here = await end_sessions_in(session, key)
        ended += here
    return ended


_ALL = select(Institution.id).order_by(Institution.id)
