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


class RequestIds:
    """Middleware that puts the id into `scope["state"]["request_id"]`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == _NAME), "")
        request_id = given if _PLAIN.fullmatch(given) else os.urandom(12).hex()
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (_NAME, request_id.encode())]
            await send(message)

        token = current.set(request_id)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            current.reset(token)
