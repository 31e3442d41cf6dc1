"""Every request has an id: the client's own in `x-request-id`, or one made here. It goes back in the response."""

import os
import re
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
_NAME = HEADER.encode()
# For whatever is logged on behalf of a request.
current: ContextVar[str | None] = ContextVar("request_id", default=None)
# What a client sends ends up in logs, in a header and in the trail, which has room for a plain word of this length.
_PLAIN = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}", re.ASCII)


def identify(scope: Scope) -> str:
    """The id of a request, which from here on is in `scope["state"]["request_id"]`."""
    state = scope.setdefault("state", {})
    if "request_id" in state:
        return id_of(scope)
    given = ""
    for name, value in scope["headers"]:
        if name == _NAME:
            given = value.decode("latin-1")
            break
    request_id = given if given and _PLAIN.fullmatch(given) else os.urandom(12).hex()
    state["request_id"] = request_id
    return request_id


def id_of(scope: Scope) -> str:
    """The id that `identify` has given a request."""
    given: str = scope["state"]["request_id"]
    return given


def id_header(request_id: str) -> tuple[bytes, bytes]:
    """The response's header with the id."""
    return _NAME, request_id.encode()


class RequestIds:
    """Middleware that gives a request its id, for the log too, and the response its header.

    The endpoint does the same by itself, for less; there is one header all the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = identify(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                if not any(name == _NAME for name, _ in headers):
                    message["headers"] = [*headers, id_header(request_id)]
            await send(message)

        token = current.set(request_id)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            current.reset(token)
