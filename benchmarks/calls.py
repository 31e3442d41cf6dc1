"""Requests to an ASGI application in this process: all that the server does is done, and no socket is between."""

import asyncio
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Request:
    """One GraphQL request, ready to be sent again and again."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def request(query: str, name: str | None, variables: dict[str, Any], token: str | None = None) -> Request:
    body = orjson.dumps({"query": query, "operationName": name, "variables": variables})
    headers = [
        (b"content-type", b"application/json"),
        (b"accept", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    return Request(body, tuple(headers))


async def deliver(app: ASGIApp, path: str, asked: Request, take_piece: Callable[[bytes], object]) -> int:
    """The status of the answer, whose body goes to `take_piece` as it comes."""
    status, given = 0, False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            # The client stays until it is answered.
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def take(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            take_piece(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(asked.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, take)
    return status


async def send(app: ASGIApp, asked: Request) -> bytes:
    """The body of the answer; raises ValueError on one that is not as it should be."""
    parts: list[bytes] = []
    status = await deliver(app, "/graphql", asked, parts.append)
    body = b"".join(parts)
    if status != 200 or b'"data"' not in body[:20] or b'"errors"' in body[:200]:
        raise ValueError(f"status {status}: {body[:500]!r}")
    return body
