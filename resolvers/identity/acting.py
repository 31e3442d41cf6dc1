"""Operators: who has the role SUPERADMIN acts in one institution at a time, the own one or one on the operator's list.

The choice belongs to the session, so the token stays as it is. What the operator does is recorded in the institution
acted in, under the operator's own id; that the operator came is recorded in both, and there by name.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import InstitutionStatus, Session, User
from resolvers.context import Context
from resolvers.errors import Forbidden, NotFound, Unauthenticated, shown
from resolvers.identity.revocation import Subject, tell
from resolvers.identity.session_viewer import acting_viewer, setting, viewer_at_home
from resolvers.viewer import Viewer


@dataclass(frozen=True)
class Place:
    """An institution that an operator may act in."""

    id: int
    code: str
    name: str
    status: InstitutionStatus


async def places(context: Context) -> list[Place]:
    """The viewer's own institution, and those that the viewer may act in besides; by code."""
    viewer = context.viewer
    found = func.institutions_of(viewer.user_id).table_valued("id", "code", "name", "status")
    async with context.connections.write(viewer.home, context.timeout) as session:
        rows = (await session.execute(select(found.c.id, found.c.code, found.c.name, found.c.status))).all()
    statuses = {status.value: status for status in InstitutionStatus}
    return [Place(row.id, row.code, row.name, statuses[row.status]) for row in rows]


async def act_in(context: Context, *, institution: str) -> Viewer:
    """Act in another institution from now on, until the session ends or another is chosen."""
    viewer = context.viewer
    if viewer.key_id is not None:
        raise Forbidden("An API key acts in the institution that it was made in")
    allowed = await places(context)
    chosen = next((place for place in allowed if place.code == institution), None)
    if chosen is None:
        message = f"institution: {shown(institution)} is not the code of an institution that you may act in"
        raise NotFound(message, field="institution")
    if chosen.status is not InstitutionStatus.ACTIVE:
        raise Forbidden(f"institution: {chosen.code} is suspended", field="institution")
    async with context.change("operator.act", institution_id=viewer.home, institution=chosen.code) as change:
        acting = await _sent(context, change.session, chosen)
        await tell(change.session, Subject.SESSION, viewer.home, viewer.session_id)
        known = {
            "operator": await change.session.scalar(_name(viewer)),
            "home": next(place.code for place in allowed if place.id == viewer.home),
        }
    if chosen.id != viewer.home:
        async with context.change("operator.enter", institution_id=chosen.id, apart=True, **known):
            pass
    context.sign_in(acting)
    return acting


def _name(viewer: Viewer) -> Select[Any]:
    """What the operator signs in with, for the school that cannot look an account of another up."""
    return select(func.coalesce(User.username, User.email)).where(
        User.institution_id == viewer.home, User.id == viewer.user_id
    )


async def _sent(context: Context, session: AsyncSession, chosen: Place) -> Viewer:
    """The viewer as whom the session acts in the chosen institution."""
    home = context.viewer.home
    mine = select(Session).where(Session.institution_id == home, Session.id == context.viewer.session_id)
    row = await session.scalar(mine.with_for_update())
    zone = await session.scalar(select(setting(home, "SCHOOL_TIMEZONE")))
    if row is None or zone is None:
        raise Unauthenticated("The session has ended: sign in again")
    row.acting_institution_id = chosen.id
    at_home = await viewer_at_home(session, row, zone=zone, must_change_password=False, now=context.now)
    if chosen.id == home:
        return at_home
    acting = await acting_viewer(context.connections, at_home, chosen.id)
    if acting is None:
        raise Forbidden(f"institution: {chosen.code} is suspended", field="institution")
    return acting
