"""Fixtures of the whole suite: a migrated PostgreSQL, one rolled-back transaction a test, and GraphQL over it."""

import datetime
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.urls import Urls
from models import Institution, Role
from resolvers.context import Context
from resolvers.institution.institution import create_institution
from resolvers.viewer import Viewer
from schema.root import schema
from tests.database import OneConnection, copy, make_partitions, make_template, one_connection, owner_session, running

# The suite passes with plans and without them.
PLANNING = os.environ.get("SUITE_PLANNING", "on") != "off"
NOW = datetime.datetime(2025, 11, 20, 6, 30, tzinfo=datetime.UTC)
_numbers = itertools.count(1)


@dataclass
class Answer:
    """What an operation gave, and how many statements it cost."""

    data: dict[str, Any] | None
    errors: list[Any]
    statements: int


@dataclass
class School:
    """One of the two schools of the suite, and a viewer in it."""

    id: int
    code: str
    admin: Viewer = field(init=False)

    def __post_init__(self) -> None:
        self.admin = self.viewer(Role.ADMIN)

    def viewer(self, *roles: Role, user_id: int = 0) -> Viewer:
        return Viewer(user_id, self.id, frozenset(roles), ZoneInfo("Asia/Kolkata"), 0)


@pytest.fixture(scope="session")
def server() -> Iterator[Urls]:
    with running() as urls:
        yield urls


@pytest.fixture(scope="session")
async def template(server: Urls) -> Urls:
    return await make_template(server)


@pytest.fixture(scope="session")
async def schools(server: Urls, template: Urls) -> tuple[Urls, School, School]:
    """A database with two schools as `create_institution` makes them, shared by all tests that roll back."""
    urls = await copy(server, "suite")
    async with owner_session(urls) as session:
        alpha: Institution = await create_institution(session, "ALPHA", "Alpha School")
        beta: Institution = await create_institution(session, "BETA", "Beta School")
        await (await session.connection()).run_sync(
            make_partitions, datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)
        )
    return urls, School(alpha.id, "ALPHA"), School(beta.id, "BETA")


@pytest.fixture
def school(schools: tuple[Urls, School, School]) -> School:
    return schools[1]


@pytest.fixture
def other_school(schools: tuple[Urls, School, School]) -> School:
    return schools[2]


@pytest.fixture
async def connections(schools: tuple[Urls, School, School]) -> AsyncIterator[OneConnection]:
    async with one_connection(schools[0]) as connections:
        yield connections


@pytest.fixture
async def session(connections: OneConnection, school: School) -> AsyncIterator[AsyncSession]:
    """A session in the first school, for the factories; `flush` makes rows visible to the API."""
    await connections.enter(school.id, 60)
    async with AsyncSession(
        connections.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session


Execute = Callable[..., Awaitable[Answer]]


@pytest.fixture
def execute(connections: OneConnection, school: School) -> Execute:
    """Run an operation as the first school's ADMIN, or as `viewer`; errors fail the test unless `refused`."""

    async def run(document: str, *, viewer: Any = school.admin, refused: bool = False, **variables: Any) -> Answer:
        context = Context(connections, viewer, now=NOW, timeout=60, planning=PLANNING)
        result = await schema.execute(document, variable_values=variables, context_value=context)
        await context.close()
        errors = list(getattr(result, "errors", None) or [])
        assert bool(errors) == refused, errors
        data = orjson.loads(orjson.dumps(getattr(result, "data", None)))
        return Answer(data, errors, context.statements)

    return run


@pytest.fixture
async def empty_database(server: Urls, template: Urls) -> AsyncIterator[Urls]:
    """A committed database without schools, for what a rolled-back transaction cannot show."""
    yield await copy(server, f"suite_{next(_numbers)}")
