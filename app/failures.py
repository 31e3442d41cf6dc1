"""What a client is told when something goes wrong, and what only the log is told.

    Refusal          the request is answered without `data`; carries the errors and the outcome
    error_forms      the errors of an execution → their forms in the response

Of an execution's errors three kinds keep their message: a DomainError, a GraphQLError that a resolver raised with a
code, and graphql-core's own word on a value that the client sent. Everything else is a fault of ours: its message is
replaced, and an id stands in the response and, with the traceback, in the log. A field that fails in the same way for
every row of a list is one fault, with one id and one line in the log.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from graphql import FieldNode, GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError

from app.status import Outcome
from resolvers.connection import driver_error, is_lost
from resolvers.errors import DomainError, RateLimited, TimedOut, Unavailable
from resolvers.secret import masked

log = logging.getLogger("schoolgraph.fault")

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
RATE_LIMITED = "RATE_LIMITED"
INTERNAL = "INTERNAL_SERVER_ERROR"
AWAY = "The database does not answer: send the same again in a few seconds"
# Of an operation others of whose fields may have been done.
AWAY_FOR_A_FIELD = "The database does not answer: send this field again in a few seconds"
SECONDS_AWAY = 2

ErrorForm = dict[str, Any]


class Refusal(Exception):
    """A request that is not executed, or not to its end."""

    def __init__(self, outcome: Outcome, errors: list[ErrorForm], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(outcome.name)
        self.outcome = outcome
        self.errors = errors
        self.headers = dict(headers or {})

    @classmethod
    def of(
        cls, outcome: Outcome, message: str, *, code: str = BAD_USER_INPUT, headers: Mapping[str, str] | None = None
    ) -> "Refusal":
        return cls(outcome, [{"message": masked(message), "extensions": {"code": code}}], headers)

    @classmethod
    def for_domain(cls, error: DomainError) -> "Refusal":
        """A refusal outside any field: the viewer's, or the database's."""
        headers = {"www-authenticate": "Bearer"} if error.code == "UNAUTHENTICATED" else None
        if isinstance(error, RateLimited):
            headers = {"retry-after": str(error.retry_after)}
        if isinstance(error, Unavailable):
            headers = {"retry-after": str(SECONDS_AWAY)}
        return cls(_OUTCOMES.get(error.code, Outcome.MALFORMED), [_domain_form(error)], headers)

    @classmethod
    def for_errors(cls, errors: Sequence[GraphQLError]) -> "Refusal":
        """Of an execution whose answer is of no use to the client without what failed."""
        if not any(error.path for error in errors):
            return cls(Outcome.DOCUMENT, [request_error_form(error, BAD_USER_INPUT) for error in errors])
        forms = error_forms(errors)
        return cls(_OUTCOMES.get(forms[0]["extensions"]["code"], Outcome.MALFORMED), forms)

    @classmethod
    def for_fault(cls, error: Exception) -> "Refusal":
        return cls(Outcome.FAULT, [_masked(error, None)])

    @classmethod
    def whatever(cls, error: Exception) -> "Refusal":
        """What the client is told of anything that was raised outside any field."""
        if isinstance(error, Refusal):
            return error
        if is_lost(error):
            return cls.for_domain(_away(error))
        return cls.for_domain(error) if isinstance(error, DomainError) else cls.for_fault(error)


_OUTCOMES = {
    "UNAUTHENTICATED": Outcome.UNAUTHENTICATED,
    "FORBIDDEN": Outcome.FORBIDDEN,
    "NOT_FOUND": Outcome.MISSING,
    RATE_LIMITED: Outcome.RATE_LIMITED,
    "TIMEOUT": Outcome.TIMED_OUT,
    Unavailable.code: Outcome.UNAVAILABLE,
    INTERNAL: Outcome.FAULT,
}


def timed_out(seconds: float) -> TimedOut:
    return TimedOut(f"The operation was stopped after {seconds:g} seconds: ask for less at once")


def _away(error: Exception, words: str = AWAY) -> Unavailable:
    """No fault of ours, and told in one line each, with its reason: there may be many."""
    found = [driver_error(each) for each in (error, error.__cause__) if isinstance(each, Exception)]
    told = [f"{type(each).__name__}: {each}".partition("\n")[0] for each in found]
    log.warning("the database is away: %s", masked(", by ".join(told)))
    return Unavailable(words)


def request_error_form(error: GraphQLError, code: str) -> ErrorForm:
    """An error found before the execution; graphql-core wrote it about what the client sent, so it stays."""
    return {**_formatted(error), "extensions": {"code": code}}


def _formatted(error: GraphQLError) -> ErrorForm:
    """graphql-core repeats what the client sent, which may be a national id."""
    return {**error.formatted, "message": masked(error.message)}


def error_forms(errors: Sequence[GraphQLError]) -> list[ErrorForm]:
    """Errors of one execution; they have a path."""
    faults: dict[tuple[object, ...], ErrorForm] = {}
    return [_error_form(error, faults) for error in errors]


def _error_form(error: GraphQLError, faults: dict[tuple[object, ...], ErrorForm]) -> ErrorForm:
    cause = _cause(error)
    if isinstance(cause, DomainError):
        return _placed(error, _domain_form(cause))
    if isinstance(cause, TimeoutError | asyncpg.QueryCanceledError):
        return _placed(error, _domain_form(TimedOut("The field took too long: ask for less at once")))
    if is_lost(cause):
        return _placed(error, _domain_form(_away(cause, AWAY_FOR_A_FIELD)))
    if isinstance(cause, GraphQLError) and "code" in (cause.extensions or {}):
        return {**_formatted(error), "extensions": cause.extensions}
    if _about_input(error, cause):
        return {**_formatted(error), "extensions": {"code": BAD_USER_INPUT}}
    kind = (type(cause), *(part for part in error.path or () if isinstance(part, str)))
    if kind not in faults:
        faults[kind] = _masked(cause, error.path)
    return _placed(error, faults[kind])


def _cause(error: GraphQLError) -> Exception:
    """What was raised first; graphql-core wraps it, sometimes twice."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _about_input(error: GraphQLError, cause: Exception) -> bool:
    """Whether graphql-core speaks of a value in the document: such an error points at the value, not at its field."""
    if isinstance(cause, StrawberryInputCoercionError):
        return True
    nodes = error.nodes or []
    return bool(nodes) and not isinstance(nodes[0], FieldNode)


def _placed(error: GraphQLError, form: ErrorForm) -> ErrorForm:
    return {**error.formatted, **form}


def _domain_form(error: DomainError) -> ErrorForm:
    extensions: dict[str, Any] = {"code": error.code}
    if error.field is not None:
        extensions["field"] = error.field
    if isinstance(error, RateLimited):
        extensions["retryAfter"] = error.retry_after
    return {"message": error.message, "extensions": extensions}


def _masked(cause: Exception, path: list[str | int] | None) -> ErrorForm:
    fault = secrets.token_hex(8)
    log.error("fault", exc_info=cause, extra={"fields": {"id": fault, "path": path}})
    return {"message": "Internal error", "extensions": {"code": INTERNAL, "id": fault}}
