"""Who a request says it is from: a bearer token, or the cookie that `login(input: {cookie: true})` left in the browser.

A bearer token counts before a cookie, and a bad one is not made up for by a good cookie: whoever writes the header
means it. A cookie is sent by the browser whoever caused the request, so it counts only where the request comes from a
page of this server's own origin or of one that the settings name:

- `Sec-Fetch-Site: same-origin`, or an `Origin` that the settings name; from browsers that do not send the first, an
  `Origin` that is the server's own;
- neither header, as programs that are no browsers do: then one that a page of somebody else's could not set,
  `GraphQL-Require-Preflight`.

The cookie is called `__Host-schoolgraph`, which browsers take over TLS only and for this host only. On a loopback
address there is no TLS to be had: there it is called `schoolgraph`.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from graphql import FieldNode, OperationType
from starlette.requests import HTTPConnection

from app.calls import PREFLIGHT_HEADERS
from app.failures import Refusal
from app.status import Outcome
from resolvers.errors import RateLimited, Unauthenticated
from resolvers.permissions import MUTATIONS, Anyone
from resolvers.viewer import Viewer
from schema.execution.operation import Operation

PROTECTED, LOOPBACK = "__Host-schoolgraph", "schoolgraph"


@dataclass(frozen=True)
class Credential:
    """A token, and whether it came by a cookie."""

    token: str
    cookie: bool


def _credential(request: HTTPConnection) -> Credential | None:
    """What the request brings; raises Unauthenticated on an Authorization header that is none of ours."""
    given = request.headers.get("authorization")
    if given is not None:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("The Authorization header must be `Bearer` and a token")
        return Credential(token.strip(), cookie=False)
    kept = request.cookies.get(_name(request.headers)) if "cookie" in request.headers else None
    return Credential(kept, cookie=True) if kept else None


Find = Callable[[str, str | None], Awaitable[Viewer]]


async def signed_in(request: HTTPConnection, find: Find, origins: Collection[str]) -> Viewer | None:
    """Who has sent a request, None where nobody has signed in; `find` says whose a token from an address is.

    Raises Unauthenticated, RateLimited or Refusal where what the request brings is not good.
    """
    credential = _credential(request)
    if credential is None:
        return None
    if credential.cookie:
        _check_page(request.headers, origins)
    return await find(credential.token, request.client.host if request.client else None)


async def viewer_of(
    request: HTTPConnection, find: Find, operation: Operation, origins: Collection[str]
) -> Viewer | None:
    """Who asks for an operation, as `signed_in` says it.

    A public operation is carried out as nobody's where what the request brings is not good.
    """
    try:
        return await signed_in(request, find, origins)
    except (Unauthenticated, RateLimited, Refusal):
        if is_public(operation):
            return None
        raise


def trusts(headers: Mapping[str, str], origins: Collection[str]) -> bool:
    """Whether a request comes from a page that may use the cookie; `origins` are those that the settings name."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site == "same-origin" or origin in origins:
        return True
    if site is not None:
        return False
    if origin is not None:
        return _is_own(origin, headers)
    return any(name in headers for name in PREFLIGHT_HEADERS)


def _is_own(origin: str, headers: Mapping[str, str]) -> bool:
    scheme, _, place = origin.lower().partition("://")
    schemes = {"http", "https"} if _name(headers) == LOOPBACK else {"https"}
    return scheme in schemes and place == headers.get("host", "").lower()


def _check_page(headers: Mapping[str, str], origins: Collection[str]) -> None:
    """Refuse a request that brings the cookie from a page that may not use it."""
    if not trusts(headers, origins):
        message = (
            "The session cookie is only good for pages of this server and of the origins that it names;"
            " other programs send `GraphQL-Require-Preflight: 1`, or the token itself"
        )
        raise Refusal.of(Outcome.FORBIDDEN, message, code="FORBIDDEN")


def is_public(operation: Operation) -> bool:
    """Whether nobody need be signed in: a session that has ended must not keep anybody from opening a new one."""
    selections = operation.node.selection_set.selections
    return operation.kind is OperationType.MUTATION and all(
        isinstance(node, FieldNode) and MUTATIONS.get(node.name.value) is Anyone.PUBLIC for node in selections
    )


def set_cookie(headers: Mapping[str, str], token: str) -> str:
    """The value of Set-Cookie that has the browser keep a token until it is closed; or forget it, where it is empty."""
    name = _name(headers)
    parts = [f"{name}={token}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if name == PROTECTED:
        parts.append("Secure")
    if not token:
        parts.append("Max-Age=0")
    return "; ".join(parts)


def _name(headers: Mapping[str, str]) -> str:
    return LOOPBACK if _is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "") else PROTECTED


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
