"""Who stands above whom: nobody gives a role above their own, nor changes the account of somebody who holds one.

Administrators stand above API keys, whatever the role of a key: whoever gets hold of one cannot become a person by it.

And a school that has an administrator keeps one. Whatever could take the last one away runs alone in its school.
"""

import contextlib
import datetime
from collections.abc import AsyncIterator

from sqlalchemy import ColumnElement, exists, func, select

from models import Role, User, UserRole, UserStatus
from resolvers.errors import Forbidden, Invalid
from resolvers.unit_of_work import Change
from resolvers.viewer import Viewer

# Roles that only their own holders give. Every other is given by whoever may call the mutation.
GIVEN_BY_THEIR_HOLDERS = frozenset({Role.SUPERADMIN})


# Roles that people alone give.
GIVEN_BY_PEOPLE = frozenset({Role.SUPERADMIN, Role.ADMIN})


def _above(viewer: Viewer) -> frozenset[Role]:
    keys = GIVEN_BY_PEOPLE if viewer.key_id is not None else frozenset()
    return (GIVEN_BY_THEIR_HOLDERS - viewer.roles) | keys


def _givers(role: Role, viewer: Viewer) -> str:
    return f"a {role}" if viewer.key_id is None else "people"


def check_grant(viewer: Viewer, role: Role, *, field: str = "role") -> None:
    """That the viewer may give or take a role."""
    if role in _above(viewer):
        raise Forbidden(f"{field}: {role} is given and taken by {_givers(role, viewer)} only", field=field)


async def check_rank(change: Change, viewer: Viewer, user_id: int, *, field: str = "id") -> None:
    """That the viewer may change the user's account; roles that have ended or not begun count too."""
    above = _above(viewer)
    held = select(UserRole.role).where(
        UserRole.institution_id == change.institution_id, UserRole.user_id == user_id, UserRole.role.in_(above)
    )
    found = await change.session.scalar(held.limit(1))
    if found is not None:
        raise Forbidden(f"{field}: the account of a {found} is changed by {_givers(found, viewer)} only", field=field)


def _on(day: datetime.date) -> ColumnElement[bool]:
    return (func.coalesce(UserRole.begin_date, day) <= day) & (func.coalesce(UserRole.end_date, day) >= day)


async def _has_admin(change: Change, day: datetime.date) -> bool:
    active = (
        exists()
        .where(UserRole.institution_id == change.institution_id, UserRole.role == Role.ADMIN, _on(day))
        .where(User.institution_id == UserRole.institution_id, User.id == UserRole.user_id)
        .where(User.status == UserStatus.ACTIVE, User.deleted_at.is_(None))
    )
    return bool(await change.session.scalar(select(active)))


@contextlib.asynccontextmanager
async def keeping_an_admin(change: Change, day: datetime.date, *, field: str) -> AsyncIterator[None]:
    """What the block changes must leave an active administrator on that day, where there was one; raises Invalid."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended("administrators", change.institution_id))
    await change.session.execute(select(lock))
    had = await _has_admin(change, day)
    yield
    await change.session.flush()
    if had and not await _has_admin(change, day):
        raise Invalid(f"{field}: this is the school's last active ADMIN: name another one first", field=field)
