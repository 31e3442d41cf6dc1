"""A small schema in which every way to succeed and to fail has a field, and the application around it."""

import asyncio
import contextlib
import datetime
from collections.abc import AsyncIterator
from enum import Enum
from typing import NoReturn, Optional

import asyncpg
import strawberry
from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette
from strawberry.scalars import JSON

from app.main import create_app
from app.settings import Settings
from resolvers.client import Client
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid, NotFound, TimedOut, Unauthenticated
from resolvers.rows import Row
from resolvers.trail.notes import Note
from resolvers.viewer import Viewer

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
SECRET = "row (id, national_id)=(7, 998877665544) at postgresql://schoolgraph_api@/schoolgraph"
PROBLEMS = {error.code: error for error in (Invalid, NotFound, Conflict, TimedOut, Unauthenticated)}

Info = strawberry.Info[Context, None]


@strawberry.enum
class Season(Enum):
    SUMMER = "summer"
    WINTER = "winter"


@strawberry.input(one_of=True)
class Key:
    number: strawberry.Maybe[int]
    name: strawberry.Maybe[str]


@strawberry.input
class Filter:
    words: strawberry.Maybe[str]
    season: Season | None = None


@strawberry.type
class Person:
    name: str = "Asha"

    @strawberry.field
    def friend(self) -> Optional["Person"]:
        return Person()

    @strawberry.field
    def fault(self) -> str:
        raise LookupError(SECRET)

    @strawberry.field
    def doubt(self) -> str | None:
        raise LookupError(SECRET)


class Gate:
    """A resolver that waits until it is cancelled, and says what has happened to it."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def wait(self) -> NoReturn:
        self.entered.set()
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError("nobody opens the gate")


gates: dict[str, Gate] = {}


@strawberry.type
class Query:
    person: Person = strawberry.field(resolver=Person)

    @strawberry.field
    def people(self, count: int) -> list[Person]:
        return [Person()] * count

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def add(self, left: int, right: int = 1) -> int:
        return left + right

    @strawberry.field
    def season(self, season: Season) -> str:
        return season.value

    @strawberry.field
    def day(self, date: datetime.date) -> datetime.date:
        return date

    @strawberry.field
    def find(self, key: Key) -> str:
        return "found"

    @strawberry.field
    def filtered(self, filter: Filter) -> str:
        return "filtered"

    @strawberry.field
    def large(self) -> int:
        return 2**40

    @strawberry.field
    def fault(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def required_fault(self) -> str:
        raise RuntimeError(SECRET)

    @strawberry.field
    async def late_fault(self) -> str | None:
        await asyncio.sleep(0)
        raise asyncpg.UniqueViolationError(SECRET)

    @strawberry.field
    async def canceled(self) -> str | None:
        raise asyncpg.QueryCanceledError("canceling statement due to statement timeout")

    @strawberry.field
    def opaque(self) -> JSON:
        return JSON(object())

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    def problem(self, code: str) -> str | None:
        raise PROBLEMS[code](f"No {code} today", field="code")

    @strawberry.field
    def coded(self) -> str | None:
        raise GraphQLError("Too much at once", extensions={"code": "COST_LIMIT_EXCEEDED", "cost": 9000})

    @strawberry.field
    async def gate(self, name: str) -> str:
        await gates.setdefault(name, Gate()).wait()

    @strawberry.field
    def me(self, info: Info) -> int:
        return info.context.viewer.user_id


@strawberry.type
class Mutation:
    @strawberry.mutation
    def note(self, text: str) -> str:
        notes.append(text)
        return text

    @strawberry.mutation
    def undo(self) -> str:
        return "undone"

    @strawberry.mutation
    async def gate(self, name: str) -> str:
        await gates.setdefault(name, Gate()).wait()


notes: list[str] = []


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)


class NoConnections:
    """The sample's resolvers never touch a database."""

    @contextlib.asynccontextmanager
    async def read(
        self, institution_id: int, timeout: float, *, alone: bool = False
    ) -> "AsyncIterator[asyncpg.Connection[Row]]":
        raise AssertionError(f"a connection of {institution_id} was asked for")
        yield

    @contextlib.asynccontextmanager
    async def write(
        self, institution_id: int, timeout: float, *, repeatable: bool = False, patient: bool = False
    ) -> AsyncIterator[AsyncSession]:
        raise AssertionError(f"a session of {institution_id} was asked for")
        yield

    async def room(self) -> None:
        return None

    def note(self, note: Note) -> None:
        raise AssertionError(f"{note} was to be written")


class NoDatabase:
    """Contexts for anonymous operations; `open` are those not closed yet."""

    def __init__(self) -> None:
        self.open: list[Context] = []
        self.idle = asyncio.Event()
        self.timeouts: list[float] = []
        self.patient: list[bool] = []

    async def ping(self) -> None:
        return None

    async def viewer(self, token: str, address: str | None = None) -> Viewer:
        if token == "broken":
            raise OSError(SECRET)
        raise Unauthenticated("The session does not exist or has ended: sign in again")

    @contextlib.asynccontextmanager
    async def context(
        self, viewer: Viewer | None, *, request_id: str, timeout: float, client: Client | None = None
    ) -> AsyncIterator[Context]:
        context = Context(NoConnections(), viewer, now=NOW, timeout=timeout, request_id=request_id, client=client)
        self.open.append(context)
        self.idle.clear()
        self.timeouts.append(timeout)
        try:
            yield context
        finally:
            self.patient.append(context.patient)
            self.open.remove(context)
            if not self.open:
                self.idle.set()


def sample_app(database: NoDatabase | None = None, **settings: object) -> Starlette:
    return create_app(Settings(**settings), database or NoDatabase(), schema=schema)
