"""Setting a password anew by a token that is good once.

    resetPassword           ADMIN makes a token for somebody, to hand over; it is shown once
    requestPasswordReset    somebody asks for one, which is sent to the e-mail address of the account
    setPassword             whoever has the token chooses the new password

Whether there is an account cannot be told from asking: neither by the answer, nor by the statements, nor by the time,
since the letter leaves behind the answer.
"""

import datetime
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, insert, literal, select

from models import ActivityEntry, ActorKind, Institution, ResetToken, User, UserStatus
from resolvers.context import Context
from resolvers.errors import Forbidden
from resolvers.identity.login import School, find_account, find_school
from resolvers.identity.revocation import end_sessions, void_reset_tokens
from resolvers.identity.role_changes import account, in_use, tell
from resolvers.identity.session_viewer import TIMEOUT
from resolvers.identity.tokens import Kind, new_token, token_hash
from resolvers.letters import Letter
from resolvers.viewer import NOBODY

LIFETIME = datetime.timedelta(hours=24)
# Letters to one account within a token's lifetime: whoever asks on its behalf must not fill its mailbox.
MOST_LETTERS = 3


@dataclass(frozen=True)
class Reset:
    """A token just made: the only moment at which it is known. `user` is the key of whose password it sets."""

    token: str
    expires_at: datetime.datetime
    user: int


async def reset_password(context: Context, *, user: int) -> Reset:
    """Make a token for somebody to set a new password with, and end their sessions. Tokens made before are void.

    The old password is good until the new one is set.
    """
    if context.viewer.key_id is not None:
        raise Forbidden("Passwords are set anew by people, not by API keys")
    async with context.change("password.reset") as change:
        found = in_use(await account(context, change, user, field="user"), field="user")
        await void_reset_tokens(change.session, change.institution_id, user)
        token = new_token(Kind.RESET, change.institution_id)
        made = ResetToken(
            institution_id=change.institution_id,
            user_id=found.id,
            token_hash=token_hash(token),
            created_at=context.now,
            expires_at=context.now + LIFETIME,
        )
        change.session.add(made)
        await end_sessions(change.session, change.institution_id, user)
        tell(change, user, "reset")
    return Reset(token, made.expires_at, user)


@dataclass(frozen=True)
class Asked:
    """That somebody has asked for a letter, and nothing of whether there is anybody to write to."""

    accepted: bool = True


async def request_password_reset(context: Context, *, institution: str, username: str) -> Asked:
    """Have a token sent to the e-mail address of an account, if there is such an account, and mail is set up.

    Raises RateLimited where the address asks too often.
    """
    context.services.attempts.take(context.client.address, context.now)
    if context.services.mail is None:
        return Asked()
    school = await find_school(context.connections, institution)
    user = await find_account(context.connections, school, username)
    writable = user is not None and school.active and user.status == UserStatus.ACTIVE and user.email is not None
    token = new_token(Kind.RESET, school.id)
    made = await _store(context, school, user.id if user is not None and writable else NOBODY, token)
    if made and user is not None and user.email is not None:
        context.services.mail(_letter(user.email, token, context.services.reset_url))
    return Asked()


async def _store(context: Context, school: School, user_id: int, token: str) -> bool:
    """Keep the token, unless the user has been sent enough; the statements are the same where there is no user."""
    recent = select(func.count()).where(
        ResetToken.institution_id == school.id,
        ResetToken.user_id == user_id,
        ResetToken.created_at > context.now - LIFETIME,
    )
    token_values: dict[str, ColumnElement[Any]] = {
        "institution_id": literal(school.id),
        "user_id": literal(user_id),
        "token_hash": literal(token_hash(token)),
        "created_at": literal(context.now),
        "expires_at": literal(context.now + LIFETIME),
    }
    entry: dict[str, ColumnElement[Any]] = {
        "institution_id": literal(school.id),
        "action": literal("password.reset_request"),
        "actor_kind": literal(ActorKind.USER.value),
        "actor_id": literal(user_id or None, ActivityEntry.actor_id.type),
        "at": literal(context.now),
        "request_id": literal(context.request_id or None, ActivityEntry.request_id.type),
        "address": literal(context.client.address, ActivityEntry.address.type),
    }
    of_user = (
        select(*token_values.values())
        .select_from(User)
        .where(User.institution_id == school.id, User.id == user_id, recent.scalar_subquery() < MOST_LETTERS)
    )
    of_school = select(*entry.values()).select_from(Institution).where(Institution.id == school.id)
    tokens, entries = cast(Table, ResetToken.__table__), cast(Table, ActivityEntry.__table__)
    async with context.connections.write(school.id, TIMEOUT) as session:
        kept = await session.scalar(insert(tokens).from_select(list(token_values), of_user).returning(tokens.c.id))
        await session.execute(insert(entries).from_select(list(entry), of_school))
    return kept is not None


def _letter(address: str, token: str, url: str | None) -> Letter:
    """In English alone: nobody has chosen a language before signing in."""
    way = f"Open this address:\n\n{url.replace('{token}', token)}" if url else f"Enter this code:\n\n{token}"
    text = (
        f"Somebody has asked for a new password for your account. {way}\n\n"
        "It is good once, for 24 hours. If it was not you, do nothing: your password stays as it is.\n"
    )
    return Letter(address, "A new password for your account", text)
