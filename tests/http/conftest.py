"""Requests to an application in this process, and to one behind a real uvicorn."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from app.urls import Urls
from tests.database import copied, copy
from tests.http import file_site
from tests.http.sample import sample_app
from tests.http.school import Served, fill, serving

GRAPHQL = "application/graphql-response+json"
BASE = "http://school.test"


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)


class Api:
    """The endpoint as a client sees it; answers come back as httpx responses."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, query: Any, accept: str = GRAPHQL, headers: Any = None, **members: Any) -> httpx.Response:
        headers = {"accept": accept, **(headers or {})}
        return await self.client.post("/graphql", json={"query": query, **members}, headers=headers)

    async def raw(self, body: bytes, accept: str = GRAPHQL, **headers: str) -> httpx.Response:
        sent = {"accept": accept, "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/graphql", content=body, headers=sent)

    async def get(self, *, preflight: bool = True, accept: str = GRAPHQL, **parameters: str) -> httpx.Response:
        headers = {"accept": accept} | ({"graphql-require-preflight": "1"} if preflight else {})
        return await self.client.get("/graphql", params=parameters, headers=headers)

    async def get_parameters(self, parameters: dict[str, str]) -> httpx.Response:
        return await self.client.get("/graphql", params=parameters, headers={"graphql-require-preflight": "1"})


def only_error(response: httpx.Response) -> tuple[str, str]:
    """Code and message of the one error of a response without `data`."""
    body = response.json()
    assert set(body) == {"errors"}, body
    assert len(body["errors"]) == 1, body
    return body["errors"][0]["extensions"]["code"], body["errors"][0]["message"]


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line of the log says beside its message."""
    fields: dict[str, Any] = vars(record)["fields"]
    return fields


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with client_of(sample_app()) as client:
        yield Api(client)


@contextlib.asynccontextmanager
async def limited(**settings: Any) -> AsyncIterator[Api]:
    """The sample with other settings than the usual."""
    async with client_of(sample_app(**settings)) as client:
        yield Api(client)


@pytest.fixture(scope="session")
async def school_to_serve(server: Urls, template: Urls) -> str:
    """The name of a database with a school, of which each test has a copy."""
    await fill(await copy(server, name := "suite_served"))
    return name


@pytest.fixture
async def served(server: Urls, school_to_serve: str) -> AsyncIterator[Served]:
    async with copied(server, school_to_serve) as urls, serving(urls) as served:
        yield served


class Server(uvicorn.Server):
    """A uvicorn that can be waited for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextlib.asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """A real uvicorn on a free port of the loopback address, stopped afterwards."""
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", proxy_headers=False))
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.wait_for(server.listens.wait(), 60)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def site(empty_database: Urls, tmp_path: Path) -> AsyncIterator[file_site.Site]:
    """A school with pictures, committed."""
    tokens, student, profile = await file_site.fill(empty_database)
    folder = tmp_path / "files"
    # So that one user may bring four files at once.
    async with serving(empty_database, files=folder) as served, client_of(served.app(uploads=16)) as client:
        yield file_site.Site(served, client, folder, tokens, student, profile)
