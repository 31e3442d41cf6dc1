"""Rules of user accounts, kept by the checks here and by the database."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import User
from resolvers.checking import check_values
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid

MAX_USERNAME = 50
_USERNAME = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_USERNAME}}}")

USERNAME_FORM = Rule(Invalid, "username", f"is not 1 to {MAX_USERNAME} letters, digits, '.', '_' and '-'")
USERNAME_TAKEN = Rule(Conflict, "username", "is another user's already")
EMAIL_FORM = Rule(Invalid, "email", "is not an e-mail address")
EMAIL_TAKEN = Rule(Conflict, "email", "is another user's already")
NAME_NEEDED = Rule(Invalid, "username", "a user name or an e-mail must be given")

keep(
    {
        "ck_app_user_username_format": USERNAME_FORM,
        "ck_app_user_email_format": EMAIL_FORM,
        "ck_app_user_username_or_email": NAME_NEEDED,
        "ix_app_user_institution_id_username_folded": USERNAME_TAKEN,
        "ix_app_user_institution_id_email_folded": EMAIL_TAKEN,
    }
)


def check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise USERNAME_FORM.error(username)


def check_account(values: Mapping[str, Any], checks: Checks) -> None:
    """What can be told of an account's new values by themselves."""
    check_values(User, {name: value for name, value in values.items() if name != "username"}, checks)
    if (username := values.get("username")) is not None:
        with checks:
            check_username(username)


async def check_free(session: AsyncSession, user: User) -> None:
    """That nobody else in use signs in by the user's name or e-mail."""
    same = or_(User.username_folded == func.lower(user.username), User.email_folded == func.lower(user.email))
    statement = select(
        User.username_folded == func.lower(user.username), User.email_folded == func.lower(user.email)
    ).where(User.institution_id == user.institution_id, User.deleted_at.is_(None), same)
    if user.id is not None:
        statement = statement.where(User.id != user.id)
    checks = Checks()
    for same_name, same_email in await session.execute(statement):
        if same_name:
            checks.errors.append(USERNAME_TAKEN.error(user.username))
        if same_email:
            checks.errors.append(EMAIL_TAKEN.error(user.email))
    checks.done()
