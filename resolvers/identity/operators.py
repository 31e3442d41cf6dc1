"""Operators as the commands of the deployment set them up: their accounts, and the institutions they may act in.

As the owner of the tables, and recorded in the institution of the account; what is given and taken also in the
institution that it is about.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, Institution, Role, Session, User, UserInstitution, UserRole
from resolvers.errors import Conflict, Invalid, NotFound
from resolvers.identity.accounts import create_account, find_institution
from resolvers.identity.login import find_user
from resolvers.identity.revocation import forget_user
from resolvers.unit_of_work import change_in
from resolvers.writing.recording import Author

_HOLDS = (
    select(UserRole.id)
    .where(UserRole.institution_id == User.institution_id, UserRole.user_id == User.id)
    .where(UserRole.role == Role.SUPERADMIN)
    .exists()
)


@dataclass(frozen=True)
class Operator:
    """Somebody who holds SUPERADMIN, now or at other times; institutions by their codes."""

    username: str
    home: str
    institutions: tuple[str, ...]


async def create_operator(session: AsyncSession, *, institution: str, username: str, password: str) -> User:
    """A user with the role SUPERADMIN; raises NotFound, Invalid or Conflict, each with the field."""
    return await create_account(
        session, institution=institution, username=username, password=password, role=Role.SUPERADMIN
    )


async def allow(session: AsyncSession, *, institution: str, username: str, acting: str) -> None:
    """Put the institution with the code `acting` on an operator's list.

    Raises NotFound, Invalid where it is the operator's own or the user is no operator, and Conflict where it is on the
    list already.
    """
    user, place = await _both(session, institution, username, acting)
    if await session.scalar(select(User.id).where(User.id == user.id, _HOLDS)) is None:
        raise Invalid(f"username: {username} does not hold the role SUPERADMIN", field="username")
    same = select(UserInstitution.id).where(
        UserInstitution.institution_id == user.institution_id,
        UserInstitution.user_id == user.id,
        UserInstitution.acting_institution_id == place,
    )
    if await session.scalar(same) is not None:
        raise Conflict(f"in: {username} of {institution} may act in {acting} already", field="in")
    session.add(UserInstitution(institution_id=user.institution_id, user_id=user.id, acting_institution_id=place))
    await session.flush()
    await _tell(session, user, institution, acting, place, "operator.allow")


async def deny(session: AsyncSession, *, institution: str, username: str, acting: str) -> int:
    """Take it off the list; how many sessions that acted there have ended. Raises NotFound."""
    user, place = await _both(session, institution, username, acting)
    listed = delete(UserInstitution).where(
        UserInstitution.institution_id == user.institution_id,
        UserInstitution.user_id == user.id,
        UserInstitution.acting_institution_id == place,
    )
    if await session.scalar(listed.returning(UserInstitution.id)) is None:
        raise NotFound(f"in: {username} of {institution} may not act in {acting} as it is", field="in")
    there = delete(Session).where(
        Session.institution_id == user.institution_id,
        Session.user_id == user.id,
        Session.acting_institution_id == place,
    )
    ended = list(await session.scalars(there.returning(Session.id)))
    await _tell(session, user, institution, acting, place, "operator.deny")
    return len(ended)


async def operators(session: AsyncSession) -> list[Operator]:
    """All operators, by institution and name."""
    listed = (
        select(func.array_agg(Institution.code))
        .join(UserInstitution, UserInstitution.acting_institution_id == Institution.id)
        .where(UserInstitution.institution_id == User.institution_id, UserInstitution.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    home = select(Institution.code).where(Institution.id == User.institution_id).correlate(User).scalar_subquery()
    name = func.coalesce(User.username, User.email)
    found = await session.execute(select(name, home, listed).where(_HOLDS, User.deleted_at.is_(None)))
    return sorted(
        (Operator(username, code, tuple(sorted(codes or ()))) for username, code, codes in found),
        key=lambda each: (each.home, each.username),
    )


async def _both(session: AsyncSession, institution: str, username: str, acting: str) -> tuple[User, int]:
    """The operator, and the key of the institution with the code `acting`."""
    user = await find_user(session, await find_institution(session, institution), username)
    if user is None:
        raise NotFound(f"username: there is nobody called {username!r} in {institution}", field="username")
    place = await find_institution(session, acting, field="in")
    if place == user.institution_id:
        raise Invalid(f"in: {acting} is the institution of the account itself, where the role counts", field="in")
    return user, place


async def _tell(session: AsyncSession, user: User, home: str, acting: str, place: int, action: str) -> None:
    author = Author(ActorKind.SYSTEM, None, datetime.datetime.now(datetime.UTC))
    async with change_in(session, user.institution_id, author, action, {"id": user.id, "institution": acting}):
        await forget_user(session, user.institution_id, user.id)
    async with change_in(session, place, author, action, {"operator": user.username or user.email, "home": home}):
        pass
