"""Giving roles to users and taking them back; either ends the user's sessions."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from models import Role, User, UserRole
from resolvers.constraints import STALE, Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.identity.ranks import check_grant, check_rank, keeping_an_admin
from resolvers.identity.revocation import end_sessions
from resolvers.unit_of_work import Change
from resolvers.viewer import Viewer

ENDS_TOO_EARLY = Rule(Invalid, "endDate", "is before the first day")
HELD_ALREADY = Rule(Conflict, "role", "is held on some of these days already")

keep({"ck_user_role_ends_after_begin": ENDS_TOO_EARLY, "ex_user_role_span": HELD_ALREADY})


@dataclass(frozen=True)
class RoleSpan:
    """A role and its days, both inclusive; None: from the start, without an end."""

    role: Role
    begin_date: datetime.date | None = None
    end_date: datetime.date | None = None

    def overlaps(self, other: "RoleSpan") -> bool:
        first, last = datetime.date.min, datetime.date.max
        return (
            self.role is other.role
            and (self.begin_date or first) <= (other.end_date or last)
            and (other.begin_date or first) <= (self.end_date or last)
        )


def check_spans(viewer: Viewer, spans: Sequence[RoleSpan], checks: Checks) -> None:
    """The roles of a new account, which the viewer gives."""
    for place, span in enumerate(spans):
        with checks:
            check_grant(viewer, span.role, field=f"roles.{place}.role")
        if span.begin_date and span.end_date and span.end_date < span.begin_date:
            checks.errors.append(replace(ENDS_TOO_EARLY, field=f"roles.{place}.endDate").error(span.end_date))
        if any(span.overlaps(other) for other in spans[:place]):
            checks.errors.append(replace(HELD_ALREADY, field=f"roles.{place}.role").error(span.role))


def add_roles(change: Change, user_id: int, spans: Sequence[RoleSpan]) -> None:
    change.session.add_all(
        UserRole(institution_id=change.institution_id, user_id=user_id, **vars(span)) for span in spans
    )


def tell(change: Change, user_id: int, action: str) -> None:
    """The activity's particulars, and the event for others."""
    change.details["id"] = user_id
    change.publish("user", user_id, {"action": action, "id": user_id})


async def account(context: Context, change: Change, key: int, version: int | None = None, *, field: str = "id") -> User:
    """An account to change, locked; raises NotFound, Conflict, and Forbidden where it is above the viewer's."""
    user = await change.one(User, key, version=version, field=field)
    await check_rank(change, context.viewer, key, field=field)
    return user


def in_use(user: User, *, field: str = "id") -> User:
    if user.deleted_at is not None:
        raise Invalid(f"{field}: the user has been retired: bring them back first", field=field)
    return user


async def _check_not_held(change: Change, user_id: int, span: RoleSpan) -> None:
    same = select(UserRole.role, UserRole.begin_date, UserRole.end_date).where(
        UserRole.institution_id == change.institution_id, UserRole.user_id == user_id, UserRole.role == span.role
    )
    for row in await change.session.execute(same):
        if span.overlaps(RoleSpan(*row)):
            raise HELD_ALREADY.error(span.role)


async def grant_role(
    context: Context,
    *,
    user: int,
    role: Role,
    begin_date: datetime.date | None = None,
    end_date: datetime.date | None = None,
) -> int:
    """Give a role for a span of days; gives the key of the span."""
    span = RoleSpan(role, begin_date, end_date)
    checks = Checks()
    with checks:
        check_grant(context.viewer, role)
    if begin_date and end_date and end_date < begin_date:
        checks.errors.append(ENDS_TOO_EARLY.error(end_date))
    checks.done()
    async with context.change("role.grant", role=role) as change:
        in_use(await account(context, change, user, field="user"), field="user")
        await _check_not_held(change, user, span)
        given = UserRole(institution_id=change.institution_id, user_id=user, **vars(span))
        change.session.add(given)
        await change.session.flush()
        await end_sessions(change.session, change.institution_id, user)
        tell(change, user, "grant")
    return given.id


async def revoke_role(context: Context, *, id: int, version: int, end_date: datetime.date | None = None) -> int:
    """Take a role back, at once or after `end_date`; gives the user's key. What was never held leaves no span."""
    last = end_date or context.viewer.today(context.now) - datetime.timedelta(days=1)
    async with context.change("role.revoke") as change:
        async with keeping_an_admin(change, last + datetime.timedelta(days=1), field="id"):
            held = await _held(change, id, version)
            check_grant(context.viewer, held.role, field="id")
            await check_rank(change, context.viewer, held.user_id)
            await _end(change, held, last, at_once=end_date is None)
        await end_sessions(change.session, change.institution_id, held.user_id)
        change.details["role"] = held.role
        tell(change, held.user_id, "revoke")
    return held.user_id


async def _held(change: Change, key: int, version: int) -> UserRole:
    """The role, locked; where somebody else has changed it since, its user is shown."""
    held = await change.one(UserRole, key)
    if held.version != version:
        raise Conflict(STALE, field="version", record=held.user_id, version=held.version)
    return held


async def _end(change: Change, held: UserRole, last: datetime.date, *, at_once: bool) -> None:
    if at_once and held.end_date is not None and held.end_date <= last:
        raise Invalid(f"id: the role has ended on {held.end_date} already", field="id")
    if held.begin_date is None or held.begin_date <= last:
        held.end_date = last
    elif at_once:
        await change.session.delete(held)
    else:
        raise ENDS_TOO_EARLY.error(last)
