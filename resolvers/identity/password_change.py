"""Choosing a new password for the own account.

Whoever finds an open session must not find the password by trying: wrong ones count as failed sign-ins do, and lock.
"""

from dataclasses import dataclass, replace

from sqlalchemy import case, select

from models import User
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Forbidden, Invalid
from resolvers.identity.login import LOCK, MAX_FAILURES, lock_alarm
from resolvers.identity.passwords import check_password, hash_password, verify_nobody, verify_password
from resolvers.identity.revocation import end_sessions, void_reset_tokens
from resolvers.identity.role_changes import tell
from resolvers.identity.user_changes import shortest_password
from resolvers.trail.alarms import SignInFailed

CURRENT, NEW = "currentPassword", "newPassword"


@dataclass(frozen=True)
class Changed:
    """Whose password is a new one: the key of the user."""

    user: int


async def change_password(context: Context, *, current_password: str, new_password: str) -> Changed:
    """Set the viewer's own password, end all of their other sessions, and void what else could set it."""
    viewer = context.viewer
    if viewer.key_id is not None:
        raise Forbidden("An API key has no password")
    user = await _own_account(context)
    _check_new(user, current_password, new_password)
    await _check_current(context, user, current_password)
    made = await hash_password(new_password)
    async with context.change("password.change", institution_id=viewer.home) as change:
        check_password(new_password, username=user.username, shortest=await shortest_password(change), field=NEW)
        found = await change.session.scalar(
            select(User)
            .where(User.institution_id == viewer.home, User.id == viewer.user_id, User.deleted_at.is_(None))
            .with_for_update(key_share=True)
        )
        if found is None or found.password_hash != user.password_hash:
            raise Conflict(f"{CURRENT}: the password has just been changed", field=CURRENT)
        found.password_hash, found.must_change_password = made, False
        await change.session.flush()
        await change.count(User, found.id, failed_logins=0)
        await void_reset_tokens(change.session, viewer.home, viewer.user_id)
        await end_sessions(change.session, viewer.home, viewer.user_id, but=viewer.session_id)
        tell(change, found.id, "password")
    context.sign_in(replace(viewer, must_change_password=False))
    return Changed(viewer.user_id)


async def _own_account(context: Context) -> User:
    viewer = context.viewer
    async with context.connections.write(viewer.home, context.timeout) as session:
        own = select(User).where(User.institution_id == viewer.home, User.id == viewer.user_id)
        found = await session.scalar(own.where(User.deleted_at.is_(None)))
    if found is None:
        raise Forbidden("Your account is no longer in use")
    return found


def _check_new(user: User, current: str, new: str) -> None:
    checks = Checks()
    with checks:
        check_password(new, username=user.username, field=NEW)
    if new == current:
        checks.errors.append(Invalid(f"{NEW}: is the current password", field=NEW))
    checks.done()


async def _check_current(context: Context, user: User, password: str) -> None:
    """Raises Invalid where it is wrong, or too many have been; a wrong one is counted though nothing else is done."""
    if user.locked_until is not None and user.locked_until > context.now:
        await verify_nobody(password)
        raise Invalid(f"{CURRENT}: too many have been wrong: try again later", field=CURRENT)
    if user.password_hash is not None and await verify_password(user.password_hash, password):
        return
    last = User.failed_logins + 1 >= MAX_FAILURES
    async with context.change("password.refused", institution_id=user.institution_id, apart=True, id=user.id) as change:
        await change.count(
            User,
            user.id,
            failed_logins=case((last, 0), else_=User.failed_logins + 1),
            locked_until=case((last, context.now + LOCK), else_=User.locked_until),
            last_failed_login_at=context.now,
        )
        now_locked = select(User.locked_until > context.now).where(User.institution_id == change.institution_id)
        locked = await change.session.scalar(now_locked.where(User.id == user.id))
    context.connections.note(SignInFailed())
    if locked:
        context.connections.note(lock_alarm(context, user.institution_id, user.id))
    raise Invalid(f"{CURRENT}: is wrong", field=CURRENT)
