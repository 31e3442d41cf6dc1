"""Everything that a resolver may refuse, as one small hierarchy.

    DomainError             a refusal the caller can understand; never an internal fault
    ├── Invalid             BAD_USER_INPUT    a value breaks a rule; names the field
    ├── Unauthenticated     UNAUTHENTICATED   no session, or one that has ended
    ├── Forbidden           FORBIDDEN         signed in, but not allowed
    ├── NotFound            NOT_FOUND         absent, or hidden from this caller: never told apart
    ├── Conflict            CONFLICT          somebody else's change came first
    ├── TimedOut            TIMEOUT           the operation's time was used up
    └── RateLimited         RATE_LIMITED      too much at once: come back after so many seconds

A mutation turns these into its payload's `errors`; elsewhere they become top-level GraphQL errors whose
`extensions.code` is `code`. Messages are shown to the caller: they name the field and the value, never a table.
"""

from typing import ClassVar


class DomainError(Exception):
    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Invalid(DomainError):
    code = "BAD_USER_INPUT"


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"


class Forbidden(DomainError):
    code = "FORBIDDEN"


class NotFound(DomainError):
    code = "NOT_FOUND"


class Conflict(DomainError):
    code = "CONFLICT"


class TimedOut(DomainError):
    code = "TIMEOUT"


class RateLimited(DomainError):
    """Never part of a payload: the whole request is refused. `retry_after` is in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
