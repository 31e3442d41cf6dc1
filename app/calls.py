"""An HTTP request → what it asks the GraphQL server for, or a Refusal that says what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request

from app.bound import Disconnected
from app.failures import Refusal
from app.status import Outcome
from resolvers.upload import Upload

PREFLIGHT_HEADERS = ("graphql-require-preflight", "apollo-require-preflight")
ALLOWED_METHODS = {"allow": "GET, POST"}
# Deeper than any input type needs, and far from where coercion would use up Python's stack.
MAX_NESTING = 50


@dataclass(frozen=True)
class Call:
    """One GraphQL request; `uploads` are the files among its variables, open until it is closed."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    def close(self) -> None:
        for upload in self.uploads:
            upload.file.close()


async def read_call(request: Request, *, max_bytes: int) -> Call:
    """Read a request by GET or POST, whose body has at most `max_bytes`."""
    if request.method == "GET":
        return call_of(_from_url(request))
    if request.method == "POST":
        _check_content_type(request)
        return call_of(json_of(await body_of(request, max_bytes), "The body"))
    message = f"{request.method} is not served here: use POST, or GET for queries"
    raise Refusal.of(Outcome.METHOD, message, headers=ALLOWED_METHODS)


def _from_url(request: Request) -> dict[str, Any]:
    # A page of somebody else's cannot set such a header without asking this server first.
    if not any(name in request.headers for name in PREFLIGHT_HEADERS):
        raise Refusal.of(Outcome.MALFORMED, "A query by GET needs the header `GraphQL-Require-Preflight: 1`")
    found: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = json_of(found[name].encode(), f"`{name}`")
    return found


def _check_content_type(request: Request) -> None:
    given = request.headers.get("content-type", "")
    if given == "application/json" and "content-encoding" not in request.headers:
        return
    name, *parameters = (part.strip().lower() for part in given.split(";"))
    charsets = {text.removeprefix("charset=").strip('"') for text in parameters if text.startswith("charset=")}
    if name != "application/json" or not charsets <= {"utf-8", "utf8"}:
        message = f"The content type must be `application/json` in UTF-8, not `{given}`"
        raise Refusal.of(Outcome.MEDIA_TYPE, message, headers={"accept": "application/json"})
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise Refusal.of(Outcome.MEDIA_TYPE, f"The body must not be compressed, but its encoding is `{encoding}`")


async def body_of(request: Request, max_bytes: int) -> bytes:
    """The whole body, of at most `max_bytes`; raises Refusal and Disconnected."""
    pieces: list[bytes] = []
    await read_body(request, pieces.append, max_bytes, partial(_too_large, max_bytes))
    return b"".join(pieces)


async def read_body(
    request: Request, take: Callable[[bytes], object], max_bytes: int, too_large: Callable[[], Refusal]
) -> None:
    """Give the body to `take` as it comes in.

    Raises `too_large` where it is announced to be, or is, and Disconnected.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise too_large()
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if size > max_bytes:
            raise too_large()
        take(piece)


def slow_body(seconds: float) -> Refusal:
    """Of a body that is not here after so many seconds."""
    reason = f"The body did not arrive within {seconds:g} seconds"
    return Refusal.of(Outcome.SLOW_BODY, reason, code="TIMEOUT", headers={"connection": "close"})


def _too_large(max_bytes: int) -> Refusal:
    message = f"The body is larger than {max_bytes} bytes, the most that is accepted"
    return Refusal.of(Outcome.TOO_LARGE, message, headers={"connection": "close"})


def json_of(text: bytes, what: str) -> Any:
    """What a text of JSON says; `what` names it where it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refusal.of(Outcome.MALFORMED, f"{what} is not JSON: {error}") from None


def call_of(found: object) -> Call:
    """The call that a JSON value is."""
    if isinstance(found, list):
        raise Refusal.of(Outcome.MALFORMED, "Several operations in one request are not accepted: send one JSON object")
    if not isinstance(found, dict):
        raise Refusal.of(Outcome.MALFORMED, f"The request must be a JSON object, not {_kind(found)}")
    query = _member(found, "query", str)
    if query is None:
        raise Refusal.of(Outcome.MALFORMED, "`query` is missing: it must be the text of a GraphQL document")
    return Call(
        query,
        _member(found, "operationName", str),
        _plain(_member(found, "variables", dict) or {}, "variables"),
        _plain(_member(found, "extensions", dict) or {}, "extensions"),
    )


def _member(found: dict[str, Any], name: str, kind: type) -> Any:
    value = found.get(name)
    if value is not None and not isinstance(value, kind):
        raise Refusal.of(Outcome.MALFORMED, f"`{name}` must be {_KINDS[kind]}, not {_kind(value)}")
    return value


_KINDS = {str: "a string", dict: "an object", list: "a list", bool: "a boolean", int: "a number", float: "a number"}


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS[type(value)]


def _plain(found: dict[str, Any], name: str) -> dict[str, Any]:
    """`found`, when it is not nested too deeply and has no character that PostgreSQL cannot store."""
    containers: list[tuple[Any, int]] = [(found, 1)]
    # It grows while it is gone through.
    for value, level in containers:
        if value and level == MAX_NESTING:
            raise Refusal.of(Outcome.MALFORMED, f"`{name}` is nested more than {MAX_NESTING} levels deep")
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            if isinstance(part, str):
                if "\0" in part:
                    message = f"`{name}` contains the character U+0000, which cannot be stored"
                    raise Refusal.of(Outcome.MALFORMED, message)
            elif isinstance(part, dict | list):
                containers.append((part, level + 1))
    return found
