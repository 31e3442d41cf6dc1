"""What goes back to the client: an outcome, a body and headers → a response in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult
from starlette.types import Send

from app.failures import BAD_USER_INPUT, RATE_LIMITED, Refusal, error_forms, request_error_form
from app.operation_log import OperationLine
from app.status import GRAPHQL_RESPONSE, LEGACY, Outcome
from schema.execution.chunks import encode

Header = tuple[bytes, bytes]
HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"vary", b"Accept")]
CONTENT_TYPES = {name: [(b"content-type", f"{name}; charset=utf-8".encode())] for name in (GRAPHQL_RESPONSE, LEGACY)}


@dataclass(frozen=True)
class Answer:
    """A body that is not encoded yet."""

    outcome: Outcome
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def completed(result: ExecutionResult) -> Answer:
    """Of an operation that ran, in whole or in part, or whose variables did not fit: then there is no `data`."""
    errors = result.errors or []
    if result.data is None and not any(error.path for error in errors):
        return Answer(Outcome.DOCUMENT, {"errors": [request_error_form(error, BAD_USER_INPUT) for error in errors]})
    body: dict[str, Any] = {"errors": error_forms(errors)} if errors else {}
    body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    seconds = None if any((result.data or {}).values()) else _seconds_to_wait(body)
    if seconds is not None:
        return Answer(Outcome.RATE_LIMITED, body, {"retry-after": str(seconds)})
    return Answer(Outcome.ANSWERED, body)


def _seconds_to_wait(body: dict[str, Any]) -> int | None:
    """The longest that an error asks for; None where nothing was too much."""
    found = (error["extensions"] for error in body.get("errors", ()))
    return max((each["retryAfter"] for each in found if each["code"] == RATE_LIMITED), default=None)


def refused(refusal: Refusal) -> Answer:
    return Answer(refusal.outcome, {"errors": refusal.errors}, refusal.headers)


async def respond(answer: Answer, media_type: str, line: OperationLine, send: Send, *more: Header) -> None:
    """Send the response, with `more` headers; `line` is told what it says."""
    try:
        content = encode(answer.body)
    except TypeError as fault:
        answer = refused(Refusal.for_fault(fault))
        content = encode(answer.body)
    line.status = answer.outcome.status(media_type)
    line.size = sum(map(len, content))
    if errors := answer.body.get("errors"):
        line.codes = tuple(sorted({error["extensions"]["code"] for error in errors}))
    headers = [*HEADERS, *more, *CONTENT_TYPES[media_type], (b"content-length", str(line.size).encode())]
    headers += [(name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": line.status, "headers": headers})
    last = content.pop()
    for piece in content:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": last})
