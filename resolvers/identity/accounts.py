"""The first accounts of a school, made by its operator; as the owner role."""

import re

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, ActorKind, ConfigurationSetting, Institution, Role, SettingCategory, User, UserRole
from resolvers.errors import Conflict, Invalid, NotFound
from resolvers.identity.passwords import check_password, hash_password

MAX_USERNAME = 50
_USERNAME = re.compile(r"[A-Za-z0-9._-]+")


async def _institution_id(session: AsyncSession, code: str) -> int:
    found = await session.scalar(select(Institution.id).where(Institution.code == code))
    if found is None:
        raise NotFound(f"institution: there is none with the code {code!r}", field="institution")
    return found


async def _shortest_password(session: AsyncSession, institution_id: int) -> int:
    """The school's own rule, which every school is made with."""
    statement = select(ConfigurationSetting.value).where(
        ConfigurationSetting.institution_id == institution_id,
        ConfigurationSetting.category == SettingCategory.GENERAL,
        ConfigurationSetting.key == "MIN_PASSWORD_LENGTH",
    )
    return int((await session.execute(statement)).scalar_one())


async def _check_username(session: AsyncSession, institution_id: int, username: str) -> None:
    if not (_USERNAME.fullmatch(username) and len(username) <= MAX_USERNAME):
        raise Invalid(
            f"username: {username!r} is not 1 to {MAX_USERNAME} letters, digits, '.', '_' and '-'", field="username"
        )
    taken = select(User.id).where(
        User.institution_id == institution_id,
        User.username_folded == func.lower(username),
        User.deleted_at.is_(None),
    )
    if await session.scalar(taken) is not None:
        raise Conflict(f"username: a user {username!r} exists already", field="username")


async def create_admin(session: AsyncSession, *, institution: str, username: str, password: str) -> User:
    """A user with the role ADMIN in the institution with this code.

    Raises NotFound, Invalid or Conflict, each with the field.
    """
    institution_id = await _institution_id(session, institution)
    await _check_username(session, institution_id, username)
    check_password(password, username=username, shortest=await _shortest_password(session, institution_id))
    user = User(institution_id=institution_id, username=username, password_hash=await hash_password(password))
    session.add(user)
    await session.flush()
    session.add(UserRole(institution_id=institution_id, user_id=user.id, role=Role.ADMIN))
    session.add(
        ActivityEntry(
            institution_id=institution_id,
            action="user.create",
            actor_kind=ActorKind.SYSTEM,
            details={"id": user.id, "username": username, "role": Role.ADMIN.value},
        )
    )
    await session.flush()
    return user
