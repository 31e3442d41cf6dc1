"""The first accounts of a school, made by its operator; as the owner role."""

import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, ConfigurationSetting, Institution, Role, SettingCategory, User, UserRole
from resolvers.errors import NotFound
from resolvers.identity.passwords import check_password, hash_password
from resolvers.identity.user_rules import check_free, check_username
from resolvers.unit_of_work import change_in
from resolvers.writing.recording import Author


async def find_institution(session: AsyncSession, code: str, *, field: str = "institution") -> int:
    """The key of the institution with a code; raises NotFound."""
    found = await session.scalar(select(Institution.id).where(Institution.code == code))
    if found is None:
        raise NotFound(f"{field}: there is none with the code {code!r}", field=field)
    return found


async def _shortest_password(session: AsyncSession, institution_id: int) -> int:
    """The school's own rule, which every school is made with."""
    statement = select(ConfigurationSetting.value).where(
        ConfigurationSetting.institution_id == institution_id,
        ConfigurationSetting.category == SettingCategory.GENERAL,
        ConfigurationSetting.key == "MIN_PASSWORD_LENGTH",
    )
    return int((await session.execute(statement)).scalar_one())


async def create_admin(session: AsyncSession, *, institution: str, username: str, password: str) -> User:
    """A user with the role ADMIN; raises as `create_account` does."""
    return await create_account(session, institution=institution, username=username, password=password, role=Role.ADMIN)


async def create_account(session: AsyncSession, *, institution: str, username: str, password: str, role: Role) -> User:
    """A user with a role in the institution with this code.

    Raises NotFound, Invalid or Conflict, each with the field.
    """
    institution_id = await find_institution(session, institution)
    check_username(username)
    check_password(password, username=username, shortest=await _shortest_password(session, institution_id))
    user = User(institution_id=institution_id, username=username, password_hash=await hash_password(password))
    await check_free(session, user)
    author = Author(ActorKind.SYSTEM, None, datetime.datetime.now(datetime.UTC))
    async with change_in(session, institution_id, author, "user.create", {"username": username}) as change:
        session.add(user)
        await session.flush()
        session.add(UserRole(institution_id=institution_id, user_id=user.id, role=role))
        change.details |= {"id": user.id, "role": role}
    return user
