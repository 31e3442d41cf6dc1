"""A file on its way to the client: begun with its first bytes, and told from a broken one by its end."""

from collections.abc import Mapping

from starlette.types import Scope, Send

from app.operation_log import OperationLine

PIECE = 65_536


class BrokenOff(Exception):
    """The response was begun and cannot be ended: the server has to close the connection, which tells the client."""


class Sending:
    """Sends a response's head with the first bytes; nothing is sent before there are any."""

    def __init__(self, scope: Scope, send: Send, line: OperationLine) -> None:
        # Older clients take the end of the connection for the end of the file.
        self.tells_end = scope.get("http_version", "1.1") != "1.0"
        self.send = send
        self.line = line
        self.begun = False

    async def begin(self, headers: Mapping[str, str]) -> None:
        self.begun = True
        self.line.status = 200
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": 200, "headers": encoded})

    async def body(self, content: bytes) -> None:
        if content:
            self.line.size += len(content)
            await self.send({"type": "http.response.body", "body": content, "more_body": True})

    async def end(self) -> None:
        await self.send({"type": "http.response.body", "body": b""})
