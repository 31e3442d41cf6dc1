"""Adding, changing, unlocking, retiring and bringing back user accounts.

Whatever may take rights away ends the user's sessions in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from models import User, UserStatus
from resolvers.checking import tidied
from resolvers.context import Context
from resolvers.errors import Checks
from resolvers.identity.passwords import check_password, hash_password
from resolvers.identity.ranks import keeping_an_admin
from resolvers.identity.revocation import end_sessions, void_reset_tokens
from resolvers.identity.role_changes import RoleSpan, account, add_roles, check_spans, in_use, tell
from resolvers.identity.session_viewer import setting
from resolvers.identity.user_rules import NAME_NEEDED, check_account, check_free
from resolvers.unit_of_work import Change


async def shortest_password(change: Change) -> int:
    """The school's own rule, in characters."""
    found = await change.session.scalar(select(setting(change.institution_id, "MIN_PASSWORD_LENGTH")))
    if found is None:
        raise LookupError("the school has no setting MIN_PASSWORD_LENGTH")
    return int(found)


async def create_user(
    context: Context,
    *,
    password: str | None = None,
    must_change_password: bool | None = None,
    roles: Sequence[dict[str, Any]] = (),
    **values: Any,
) -> int:
    """Add an account, with its roles; gives its key.

    A first password that somebody else has thought up has to be changed, unless it is said that it has not.
    """
    values, spans = tidied(values), [RoleSpan(**each) for each in roles]
    checks = Checks()
    check_account(values, checks)
    if not values.get("username") and not values.get("email"):
        checks.errors.append(NAME_NEEDED.error())
    if password is not None:
        with checks:
            check_password(password, username=values.get("username"))
    check_spans(context.viewer, spans, checks)
    checks.done()
    values["password_hash"] = None if password is None else await hash_password(password)
    values["must_change_password"] = password is not None if must_change_password is None else must_change_password
    async with context.change("user.create", roles=[span.role for span in spans]) as change:
        if password is not None:
            check_password(password, username=values.get("username"), shortest=await shortest_password(change))
        user = User(institution_id=change.institution_id, **values)
        with change.session.no_autoflush:
            await check_free(change.session, user)
        change.session.add(user)
        await change.session.flush()
        add_roles(change, user.id, spans)
        tell(change, user.id, "create")
    return user.id


async def update_user(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; an account that becomes INACTIVE loses its sessions."""
    values = tidied(values)
    checks = Checks()
    check_account(values, checks)
    checks.done()
    async with context.change("user.update") as change:
        if values.get("status") is UserStatus.INACTIVE:
            async with keeping_an_admin(change, context.viewer.today(context.now), field="status"):
                await _update(context, change, id, version, values)
            await end_sessions(change.session, change.institution_id, id)
        else:
            await _update(context, change, id, version, values)
        tell(change, id, "update")
    return id


async def _update(context: Context, change: Change, key: int, version: int, values: dict[str, Any]) -> None:
    user = in_use(await account(context, change, key, version))
    with change.session.no_autoflush:
        for name, value in values.items():
            setattr(user, name, value)
        if user.username is None and user.email is None:
            raise NAME_NEEDED.error()
        if {"username", "email"} & values.keys():
            await check_free(change.session, user)
    if "email" in values:
        # A letter lies in the mailbox of the address before.
        await void_reset_tokens(change.session, change.institution_id, key)


async def unlock_user(context: Context, *, id: int) -> int:
    """Let somebody sign in at once whom failed sign-ins have locked out."""
    async with context.change("user.unlock") as change:
        await account(context, change, id)
        await change.count(User, id, failed_logins=0, locked_until=None)
        tell(change, id, "unlock")
    return id


async def retire_user(context: Context, *, id: int, version: int) -> int:
    """Take an account out of use: it leaves all lists, and its name and e-mail are free for others."""
    async with context.change("user.retire") as change:
        async with keeping_an_admin(change, context.viewer.today(context.now), field="id"):
            user = await account(context, change, id, version)
            user.deleted_at = user.deleted_at or context.now
        await void_reset_tokens(change.session, change.institution_id, id)
        await end_sessions(change.session, change.institution_id, id)
        tell(change, id, "retire")
    return id


async def restore_user(context: Context, *, id: int, version: int) -> int:
    """Bring a retired account back, unless its name or e-mail is another user's by now."""
    async with context.change("user.restore") as change:
        user = await account(context, change, id, version)
        with change.session.no_autoflush:
            user.deleted_at = None
            await check_free(change.session, user)
        tell(change, id, "restore")
    return id
