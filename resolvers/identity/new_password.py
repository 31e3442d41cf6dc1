"""Choosing a new password with a token that is good once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, Institution, InstitutionStatus, ResetToken, User, UserStatus
from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.identity.passwords import check_password, hash_password
from resolvers.identity.revocation import end_sessions, void_reset_tokens
from resolvers.identity.role_changes import tell
from resolvers.identity.session_viewer import TIMEOUT
from resolvers.identity.tokens import Kind, read_token, token_hash
from resolvers.identity.user_changes import shortest_password
from resolvers.writing.recording import Author

NEW = "newPassword"


@dataclass(frozen=True)
class Chosen:
    """That the password has been set: whoever has chosen it may sign in."""

    changed: bool = True


def _no_token() -> Invalid:
    return Invalid("token: is none, or no longer: it is good once, for 24 hours", field="token")


async def set_password(context: Context, *, token: str, new_password: str) -> Chosen:
    """Set the password of whoever the token was made for, unlock the account, and end all of its sessions."""
    read = read_token(token)
    if read is None or read[0] is not Kind.RESET:
        raise _no_token()
    institution_id = read[1]
    async with context.connections.write(institution_id, TIMEOUT) as session:
        user = await _owner(context, session, institution_id, token)
    check_password(new_password, username=user.username, field=NEW)
    made = await hash_password(new_password)
    author = Author(ActorKind.USER, user.id, context.now, context.request_id or None, context.client.address)
    async with context.change("password.set", institution_id=institution_id, author=author) as change:
        check_password(new_password, username=user.username, shortest=await shortest_password(change), field=NEW)
        found = await _owner(context, change.session, institution_id, token, lock=True)
        found.password_hash, found.must_change_password = made, False
        await change.session.flush()
        await change.count(User, found.id, failed_logins=0, locked_until=None)
        await void_reset_tokens(change.session, institution_id, found.id)
        await end_sessions(change.session, institution_id, found.id)
        tell(change, found.id, "password")
    return Chosen()


async def _owner(
    context: Context, session: AsyncSession, institution_id: int, token: str, *, lock: bool = False
) -> User:
    """The user that the token is for; raises Invalid where it is not good. `lock` lets one caller have it alone."""
    statement = (
        select(User)
        .join(ResetToken, (ResetToken.institution_id == User.institution_id) & (ResetToken.user_id == User.id))
        .join(Institution, Institution.id == User.institution_id)
        .where(
            User.institution_id == institution_id,
            ResetToken.token_hash == token_hash(token),
            ResetToken.used_at.is_(None),
            ResetToken.expires_at > context.now,
            User.status == UserStatus.ACTIVE,
            User.deleted_at.is_(None),
            Institution.status == InstitutionStatus.ACTIVE,
        )
    )
    found = await session.scalar(statement.with_for_update(of=(ResetToken, User)) if lock else statement)
    if found is None:
        raise _no_token()
    return found
