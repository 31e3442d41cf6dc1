"""The three ways that are compared, all in this process: plans, graphql-core over the same batches, and the floor."""

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.types import ASGIApp

from app.main import create_app
from app.settings import Settings
from benchmarks.calls import Request, request, send
from benchmarks.floor import floor_app
from benchmarks.operations import TEXT, Operation
from benchmarks.school import School

PLANS, CORE, FLOOR = "plans", "graphql-core", "floor"
WAYS = (PLANS, CORE, FLOOR)
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { token } }"


class Statements(logging.Handler):
    """Reads from the server's own log how many statements the last operation took."""

    def __init__(self) -> None:
        super().__init__()
        self.last = 0

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = getattr(record, "fields", {})
        self.last = fields.get("statements", 0)


class Servers:
    """`ask` sends an operation one of the ways."""

    def __init__(self, apps: dict[str, ASGIApp], token: str) -> None:
        self.apps = apps
        self.token = token
        self.statements = Statements()

    def request(self, way: str, operation: Operation) -> Request:
        token = None if way == FLOOR else self.token
        return request(TEXT, operation.name, operation.variables, token)

    async def ask(self, way: str, operation: Operation) -> bytes:
        return await send(self.apps[way], self.request(way, operation))


async def _token(app: ASGIApp, school: School) -> str:
    login = school.login
    given = {"institution": login.institution, "username": login.username, "password": login.password}
    answer = await send(app, request(LOGIN, None, {"input": given}))
    token: str = orjson.loads(answer)["data"]["login"]["token"]
    return token


@contextlib.asynccontextmanager
async def opened(school: School) -> AsyncIterator[Servers]:
    settings = Settings(database_url=None, read_seconds=120)
    log = logging.getLogger("schoolgraph.operation")
    async with school.database() as planned, school.database(planning=False) as plain:
        apps: dict[str, ASGIApp] = {
            PLANS: create_app(settings, planned),
            CORE: create_app(settings, plain),
            FLOOR: floor_app(planned, school.institution_id),
        }
        servers = Servers(apps, await _token(apps[PLANS], school))
        log.addHandler(servers.statements)
        log.setLevel(logging.INFO)
        log.propagate = False
        yield servers
