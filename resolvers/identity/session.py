"""Relations of Session; ending sessions."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from models import Session, User
from resolvers.batches import one
from resolvers.context import Context
from resolvers.errors import Forbidden
from resolvers.identity.revocation import Subject, end_sessions, tell
from resolvers.permissions import ADMINS
from resolvers.unit_of_work import Change

user = one(User, parent="user_id")


@dataclass(frozen=True)
class Ended:
    """How many sessions have ended."""

    ended: int


async def logout(context: Context) -> Ended:
    """End the session of the request, if it has one, and have the browser forget its cookie."""
    viewer = context.signed_in
    context.cookie = ""
    if viewer is None:
        return Ended(0)
    if viewer.key_id is not None:
        raise Forbidden("An API key has no session; `revokeApiKey` takes it back")
    async with context.change("logout", institution_id=viewer.home) as change:
        ended = await _end(change, viewer.session_id)
    context.sign_in(None)
    return Ended(ended)


async def revoke_session(context: Context, *, id: int) -> Ended:
    """End one session: an own one, or as ADMIN any of the school."""
    home = context.viewer.home if await _is_own(context, id) else None
    async with context.change("session.revoke", institution_id=home, id=id) as change:
        found = await change.one(Session, id)
        change.details["user"] = found.user_id
        return Ended(await _end(change, id))


async def revoke_sessions(context: Context, *, user: int) -> Ended:
    """End all sessions of a user, the request's own included: of oneself, or as ADMIN of anybody in the school."""
    home = context.viewer.home if user == context.viewer.user_id else None
    async with context.change("session.revoke", institution_id=home, user=user) as change:
        await change.one(User, user, field="user")
        if not _may_end(context, user):
            raise Forbidden("user: the sessions of others are ended by ADMIN", field="user")
        return Ended(await end_sessions(change.session, change.institution_id, user))


async def _is_own(context: Context, key: int) -> bool:
    """Whether it is a session of an operator who acts elsewhere: own sessions are kept with the account."""
    viewer = context.viewer
    if not viewer.away:
        return False
    own = select(Session.id).where(
        Session.institution_id == viewer.home, Session.id == key, Session.user_id == viewer.user_id
    )
    async with context.connections.write(viewer.home, context.timeout) as session:
        return await session.scalar(own) is not None


def _may_end(context: Context, user: int) -> bool:
    return user == context.viewer.user_id or bool(context.viewer.roles & ADMINS)


async def _end(change: Change, key: int) -> int:
    this = delete(Session).where(Session.institution_id == change.institution_id, Session.id == key)
    found = await change.session.scalar(this.returning(Session.id))
    await tell(change.session, Subject.SESSION, change.institution_id, key)
    return 0 if found is None else 1
