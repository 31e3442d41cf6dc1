"""Rules that both Python and the database keep: whoever finds one broken gives the same refusal.

A rule is said once, in the module of its entity. The check in Python raises `RULE.error(value)`; `keep` tells which
constraint of the database stands for the same rule, by its name:

    USERNAME_TAKEN = Rule(Conflict, "username", "is another user's already")
    keep({"ix_app_user_institution_id_username_folded": USERNAME_TAKEN})

A constraint that nobody has named stays a fault of ours, and is logged as one.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.elements import conv

from models import Base
from resolvers.connection import ConnectionLost, driver_error, is_lost
from resolvers.errors import Busy, Conflict, DomainError, Invalid, NotFound, Waited, shown, spelled

STALE = "version: somebody else has changed the record: read it again"
Values = Mapping[str, Any]
BUSY = "somebody else is changing the same records: try again"
WAITED = "somebody else has been changing the same records for too long, and nothing was done: try again later"


@dataclass(frozen=True)
class Rule:
    """`field` is the input's as clients write it; `words` follow the field and the value in the message."""

    kind: type[DomainError]
    field: str
    words: str
    secret: bool = False

    def error(self, value: Any = None) -> DomainError:
        quoted = "" if value is None or self.secret else f" {shown(value)}"
        return self.kind(f"{self.field}:{quoted} {self.words}", field=self.field)


_PREPARER = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
_rules: dict[str, Rule] = {}


def stored(name: str) -> str:
    """A constraint's name as the database has it, where long names are cut."""
    return _PREPARER.truncate_and_render_constraint_name(conv(name))


def keep(rules: Mapping[str, Rule]) -> None:
    """Tell which constraints stand for which rules, by the names that the convention in `models.base` makes."""
    for name, rule in rules.items():
        if stored(name) in _rules:
            raise ValueError(f"the constraint {name} has its rule already")
        _rules[stored(name)] = rule


def rule_of(name: str) -> Rule | None:
    """The rule that a constraint stands for, if somebody has named it."""
    return _rules.get(stored(name))


def kept() -> frozenset[str]:
    """Names of the constraints that have a rule, as the database has them."""
    return frozenset(_rules) | frozenset(_REFERENCES)


def _references() -> dict[str, str]:
    """Foreign keys by name, each with the field of the input that it is about."""
    keys = [key for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints]
    return {stored(str(key.name)): spelled(key.column_keys[-1].removesuffix("_id")) for key in keys}


_REFERENCES = _references()


def _unmet_reference(error: asyncpg.IntegrityConstraintViolationError, name: str) -> DomainError:
    # PostgreSQL has told the two apart by their codes since 18, and by their texts before.
    if isinstance(error, asyncpg.RestrictViolationError) or "still referenced" in (error.detail or ""):
        return Conflict("It is still in use, and cannot be removed")
    return NotFound(f"{_REFERENCES[name]}: there is none with this id", field=_REFERENCES[name])


def _value(name: str, attempted: Iterable[Values]) -> Any:
    """What was tried to be written into the field that a rule is about."""
    return next((row[column] for row in attempted for column in row if spelled(column) == name), None)


def _broken(
    error: asyncpg.IntegrityConstraintViolationError, name: str, attempted: Iterable[Values]
) -> Exception | None:
    if isinstance(error, asyncpg.NotNullViolationError) and error.column_name:
        field = spelled(error.column_name)
        return Invalid(f"{field}: must be given", field=field)
    if name in _rules:
        return _rules[name].error(_value(_rules[name].field, attempted))
    if isinstance(error, asyncpg.ForeignKeyViolationError | asyncpg.RestrictViolationError) and name in _REFERENCES:
        return _unmet_reference(error, name)
    return None


async def refusal(
    error: Exception, attempted: Iterable[Values], parent_of: Callable[[str], Awaitable[str | None]]
) -> Exception:
    """What the caller is told of an error of the database; the error itself where it is a fault of ours.

    `attempted` are the values of the rows that were written, by column; `parent_of` finds the name that a partition's
    index has in the parent table.
    """
    cause = driver_error(error)
    if isinstance(error, StaleDataError):
        return Conflict(STALE, field="version")
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        name = cause.constraint_name or ""
        if name and name not in kept():
            name = await parent_of(name) or name
        return _broken(cause, name, attempted) or error
    if isinstance(cause, asyncpg.DeadlockDetectedError | asyncpg.SerializationError):
        return Busy(BUSY)
    if isinstance(cause, asyncpg.LockNotAvailableError):
        return Waited(WAITED)
    if isinstance(cause, asyncpg.QueryCanceledError):
        return TimeoutError(str(cause))
    return ConnectionLost(str(cause)) if is_lost(error) else error
