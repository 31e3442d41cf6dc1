"""API keys: made, shown once, and taken back, by people who run the school."""

import datetime
from dataclasses import dataclass

from sqlalchemy import select

from models import ApiKey, Role
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Forbidden, Invalid, shown
from resolvers.identity.revocation import Subject, tell
from resolvers.identity.tokens import Kind, new_token, token_hash
from resolvers.unit_of_work import Change

# What a program can be. The others belong to a person: their own courses, children or record, or several institutions.
ROLES = (Role.ADMIN, Role.REGISTRAR, Role.REPORTER)
PREFIX_LENGTH = 20
# Of the secret, so that keys can be told apart in a list.
SECRET_SHOWN = 6
NAME_LENGTH = 100

NAME_TAKEN = Rule(Conflict, "name", "is another key's already")
keep({"uq_api_key_institution_id_name": NAME_TAKEN})


@dataclass(frozen=True)
class NewKey:
    """A key just made: the only moment at which it is known. `api_key` is the key of its row."""

    key: str
    api_key: int


def _by_a_person(context: Context) -> None:
    """A key that made keys could not be taken back."""
    if context.viewer.key_id is not None:
        raise Forbidden("API keys are made and taken back by people, not by API keys")


def _check(name: str, role: Role, expires_at: datetime.datetime | None, now: datetime.datetime) -> str:
    checks, trimmed = Checks(), name.strip()
    with checks:
        if not 0 < len(trimmed) <= NAME_LENGTH:
            raise Invalid(f"name: {shown(name)} does not have 1 to {NAME_LENGTH} characters", field="name")
    with checks:
        if role not in ROLES:
            raise Invalid(f"role: a key cannot be {role}, only {', '.join(ROLES)}", field="role")
    with checks:
        if expires_at is not None and expires_at <= now:
            raise Invalid(f"expiresAt: {expires_at.isoformat()} is not in the future", field="expiresAt")
    checks.done()
    return trimmed


async def create_api_key(
    context: Context, *, name: str, role: Role, expires_at: datetime.datetime | None = None
) -> NewKey:
    """Make a key that may do what its role may, until `expires_at` or for ever. Only administrators make keys."""
    _by_a_person(context)
    name = _check(name, role, expires_at, context.now)
    async with context.change("api_key.create", role=role) as change:
        await _check_free(change, name)
        key = new_token(Kind.KEY, change.institution_id)
        kind, institution, secret = key.split("_", 2)
        row = ApiKey(
            institution_id=change.institution_id,
            name=name,
            prefix=f"{kind}_{institution}_{secret[:SECRET_SHOWN]}"[:PREFIX_LENGTH],
            key_hash=token_hash(key),
            role=role,
            created_at=context.now,
            created_by=context.viewer.user_id,
            expires_at=expires_at,
        )
        change.session.add(row)
        await change.session.flush()
        change.details["id"] = row.id
    return NewKey(key, row.id)


async def _check_free(change: Change, name: str) -> None:
    same = select(ApiKey.id).where(ApiKey.institution_id == change.institution_id, ApiKey.name == name)
    if await change.session.scalar(same) is not None:
        raise NAME_TAKEN.error(name)


async def revoke_api_key(context: Context, *, id: int) -> int:
    """Take a key back, for good and at once. Taking one back twice changes nothing."""
    _by_a_person(context)
    async with context.change("api_key.revoke", id=id) as change:
        row = await change.one(ApiKey, id)
        row.revoked_at = row.revoked_at or context.now
        await tell(change.session, Subject.KEY, change.institution_id, id)
    return id
