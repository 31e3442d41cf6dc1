"""Everything that a resolver may refuse, as one small hierarchy.

    DomainError             a refusal the caller can understand; never an internal fault
    ├── Invalid             BAD_USER_INPUT    a value breaks a rule; names the field
    ├── Unauthenticated     UNAUTHENTICATED   no session, or one that has ended
    ├── Forbidden           FORBIDDEN         signed in, but not allowed
    ├── NotFound            NOT_FOUND         absent, or hidden from this caller: never told apart
    ├── Conflict            CONFLICT          somebody else's change came first
    │   └── Busy            CONFLICT          somebody else is at it: the same again may succeed
    │       └── Waited      TIMEOUT           somebody else was at it for too long: later it may succeed
    ├── InDoubt             INTERNAL_SERVER_ERROR  nobody knows whether it was done
    ├── TimedOut            TIMEOUT           the operation's time was used up
    ├── Unavailable         SERVICE_UNAVAILABLE  the database is away for now: what failed can be sent again
    ├── RateLimited         RATE_LIMITED      too much at once: come back after so many seconds
    └── Several             of its first      several of these at once, as `Checks` collects them

A mutation turns these into its payload's `errors`; elsewhere they become top-level GraphQL errors whose
`extensions.code` is `code`. Messages are shown to the caller: they name the field and the value, never a table.
`field` is the path in the input as the client wrote it, its parts joined by dots: `marks.3.score`.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from types import MappingProxyType, TracebackType
from typing import Any, Self

from resolvers.secret import masked

SHOWN = 40


class DomainError(Exception):
    code: str = "INTERNAL_SERVER_ERROR"
    # What a mutation's payload shows beside the errors, by the names of its fields.
    shown: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, message: str, *, field: str | None = None) -> None:
        # It goes to clients, and what a client sends in the wrong place may be anything.
        self.message = masked(message)
        super().__init__(self.message)
        self.field = field

    @property
    def each(self) -> "Sequence[DomainError]":
        """The refusals that it stands for: itself, but for `Several`."""
        return [self]

    def move(self, path: str) -> None:
        """Say that it is about the part of the input at `path`."""
        moved = path if self.field is None else f"{path}.{self.field}"
        if self.field is not None and self.message.startswith(f"{self.field}:"):
            self.message = moved + self.message[len(self.field) :]
        self.field, self.args = moved, (self.message,)


class Invalid(DomainError):
    code = "BAD_USER_INPUT"


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"


class Forbidden(DomainError):
    code = "FORBIDDEN"


class NotFound(DomainError):
    code = "NOT_FOUND"


class Conflict(DomainError):
    """`record` is the key of what stands in the way, `version` the version that it has now."""

    code = "CONFLICT"

    def __init__(
        self, message: str, *, field: str | None = None, record: Any = None, version: int | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.record = record
        self.version = version


class Busy(Conflict):
    """The database gave way to others who changed the same; nothing was done, and the same again may succeed."""


class Waited(Busy):
    """Others held what was to be changed for longer than a mutation waits; nothing was done."""

    code = "TIMEOUT"


class InDoubt(DomainError):
    """The database went away while a change was being committed: whether it was done is not known."""

    code = "INTERNAL_SERVER_ERROR"


class TimedOut(DomainError):
    code = "TIMEOUT"


class Unavailable(DomainError):
    """The database cannot be reached, and nothing of the request, or of the field that tells it, was done.

    The same again, with its key, may succeed; other fields of the operation may have been done.
    """

    code = "SERVICE_UNAVAILABLE"


class RateLimited(DomainError):
    """Never part of a payload: the whole request is refused. `retry_after` is in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Several(DomainError):
    """More than one refusal."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = [single for error in errors for single in error.each]
        self.code = self.errors[0].code

    @property
    def each(self) -> Sequence[DomainError]:
        return self.errors


class Checks:
    """Collects refusals, so that the caller hears of all at once.

    checks = Checks()
    with checks:
        check_username(username)
    with checks:
        check_password(password)
    checks.done()
    """

    def __init__(self) -> None:
        self.errors: list[DomainError] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        if isinstance(error, DomainError):
            self.errors.extend(error.each)
            return True
        return False

    def done(self) -> None:
        """Raise what was collected, if anything was."""
        if self.errors:
            raise self.errors[0] if len(self.errors) == 1 else Several(self.errors)


@contextlib.contextmanager
def within(path: str) -> Iterator[None]:
    """Refusals of the block are about the input's part at `path`: within `marks.3` a `score` is `marks.3.score`."""
    try:
        yield
    except DomainError as error:
        for each in error.each:
            each.move(path)
        raise


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """A field's Python name as clients write it: `first_name` is `firstName`."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def shown(value: Any) -> str:
    """A value as messages quote it, cut where it is long; a choice is named as clients write it."""
    if isinstance(value, Enum):
        return str(value.value)
    return repr(value if len(value) <= SHOWN else value[:SHOWN] + "…") if isinstance(value, str) else str(value)
