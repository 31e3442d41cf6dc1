"""What an operator does with institutions as a whole: making one, suspending it, opening it again.

An operator is a SUPERADMIN with an account, who may act in the institutions on their list (`user_institution`). An
institution that is not on it is, to them, one that does not exist.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select, text

from models import Institution, InstitutionStatus, Role, User, UserInstitution, UserRole
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Forbidden, Invalid, NotFound
from resolvers.identity.login import NO_TENANT, find_school
from resolvers.identity.passwords import hash_password
from resolvers.identity.revocation import Subject, end_sessions_in, tell
from resolvers.identity.session_viewer import TIMEOUT
from resolvers.identity.user_rules import check_account, check_username
from resolvers.institution.institution import add_levels, check_institution, furnish
from resolvers.unit_of_work import Change
from resolvers.writing.recording import AUDITED

# 96 random bits: nobody guesses it before it is changed at the first sign-in.
PASSWORD_BYTES = 12
LONGEST_REASON = 500
CODE_TAKEN = Rule(Conflict, "code", "is another institution's already")
_MAKE = text("SELECT new_institution(:code, :name, :home, :operator, :at, :request)").execution_options(**AUDITED)

keep({"uq_institution_code": CODE_TAKEN})


@dataclass(frozen=True)
class Made:
    """A new institution and its first account; the only moment at which the password is known."""

    code: str
    name: str
    admin_username: str
    password: str


@dataclass(frozen=True)
class State:
    """An institution as it stands; `ended_sessions` is null where none had to end."""

    code: str
    name: str
    status: InstitutionStatus
    ended_sessions: int | None = None


def _operator(context: Context) -> int:
    if context.viewer.key_id is not None:
        raise Forbidden("An API key operates no institutions: sign in")
    return context.viewer.user_id


def _check_admin(username: str, email: str | None, checks: Checks) -> None:
    """The rules of accounts, by the names that the fields have here."""
    found = Checks()
    with found:
        check_username(username)
    check_account({} if email is None else {"email": email}, found)
    for error in found.errors:
        said = f"admin{error.message[0].upper()}{error.message[1:]}"
        checks.errors.append(Invalid(said, field=said.partition(":")[0]))


async def _new_key(context: Context) -> int:
    """The key of an institution that is to be made; nobody else gets it."""
    async with context.connections.write(NO_TENANT, TIMEOUT) as session:
        return int((await session.execute(select(func.nextval("institution_id_seq")))).scalar_one())


async def create_institution(
    context: Context, *, code: str, name: str, admin_username: str, admin_email: str | None = None
) -> Made:
    """A new institution with what every school starts with, and its first ADMIN with a password for one sign-in.

    The operator may act there from now on. Raises Invalid, and Conflict on a code that is taken.
    """
    operator = _operator(context)
    checks = Checks()
    with checks:
        check_institution(code, name)
    _check_admin(admin_username, admin_email, checks)
    checks.done()
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = await hash_password(password)
    async with context.change("institution.create", institution_id=await _new_key(context), code=code) as change:
        values = {"code": code, "name": name, "home": context.viewer.home, "operator": operator}
        await change.session.execute(_MAKE, values | {"at": context.now, "request": context.request_id or None})
        await furnish(change.session, change.institution_id, name)
        await add_levels(change.session, change.institution_id)
        user = User(institution_id=change.institution_id, username=admin_username, email=admin_email)
        user.password_hash, user.must_change_password = hashed, True
        change.session.add(user)
        await change.session.flush()
        change.session.add(UserRole(institution_id=change.institution_id, user_id=user.id, role=Role.ADMIN))
    return Made(code, name, admin_username, password)


async def _listed(context: Context, code: str) -> int:
    """The key of an institution on the operator's list; raises NotFound, and Invalid on the operator's own."""
    operator = _operator(context)
    school = await find_school(context.connections, code)
    if school.id == context.viewer.home:
        raise Invalid(f"code: {code!r} is the institution of your own account", field="code")
    async with context.connections.write(context.viewer.home, TIMEOUT) as session:
        listed = select(UserInstitution.id).where(
            UserInstitution.institution_id == context.viewer.home,
            UserInstitution.user_id == operator,
            UserInstitution.acting_institution_id == school.id,
        )
        if await session.scalar(listed) is None:
            raise NotFound(f"code: there is no institution {code!r} on your list", field="code")
    return school.id


@asynccontextmanager
async def _changing(
    context: Context, action: str, code: str, status: InstitutionStatus
) -> AsyncIterator[tuple[Change, Institution]]:
    """The institution with its new status, in a change of its own."""
    key = await _listed(context, code)
    async with context.change(action, institution_id=key, code=code) as change:
        institution = await change.one(Institution, key, field="code")
        if institution.status == status:
            raise Conflict(f"code: {code!r} is {status.value} already", field="code")
        institution.status = status
        await change.session.flush()
        yield change, institution
        change.publish("institution", key, {"action": action.split(".")[1], "code": code})


async def suspend_institution(context: Context, *, code: str, reason: str) -> State:
    """Close an institution for now: nobody signs in, all sessions end at once, keys are refused; the data stays."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"reason: {reason!r} is not 1 to {LONGEST_REASON} characters", field="reason")
    status = InstitutionStatus.SUSPENDED
    async with _changing(context, "institution.suspend", code, status) as (change, institution):
        ended = await end_sessions_in(change.session, institution.id)
        change.details |= {"reason": reason.strip(), "sessions": ended}
    return State(code, institution.name, status, ended)


async def resume_institution(context: Context, *, code: str) -> State:
    """Open a suspended institution again; who was signed in signs in anew."""
    status = InstitutionStatus.ACTIVE
    async with _changing(context, "institution.resume", code, status) as (change, institution):
        await tell(change.session, Subject.INSTITUTION, institution.id, institution.id)
    return State(code, institution.name, status)
