"""A client of the bare protocol, who reads as slowly as a test wants and goes when it wants."""

import asyncio
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.types import Message

from tests.waiting import PATIENCE


class Wire:
    """Sends one export; after `takes` pieces of a file it reads no more. `sent` is what the server sent."""

    def __init__(
        self, query: str, token: str = "admin", *, takes: int | None = None, version: str = "1.1", **options: Any
    ) -> None:
        self.body = orjson.dumps({"query": query, **options})
        self.headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
        self.version = version
        self.takes = takes
        self.sent: list[Message] = []
        self.full, self.gone, self.reads = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.asked = False

    async def receive(self) -> Message:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if self.status == 200 and len(self.pieces) == self.takes:
            self.full.set()
            await self.reads.wait()

    @property
    def pieces(self) -> list[bytes]:
        return [message["body"] for message in self.sent if message.get("body")]

    @property
    def status(self) -> int:
        found: int = self.sent[0]["status"]
        return found

    @property
    def header(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def complete(self) -> bool:
        """Whether the response was ended as it should."""
        last = self.sent[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)

    async def run(self, app: Starlette) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": self.version,
            "method": "POST",
            "path": "/export",
            "raw_path": b"/export",
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": self.headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        async with asyncio.timeout(PATIENCE):
            await app(scope, self.receive, self.send)
