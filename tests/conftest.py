"""Fixtures of the whole suite: a migrated PostgreSQL, one rolled-back transaction a test, and GraphQL over it."""

import datetime
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.urls import Urls
from models import Institution, Role
from resolvers.identity import passwords
from resolvers.institution.institution import create_institution
from resolvers.viewer import Viewer
from tests.answers import Answer, run
from tests.database import (
    OneConnection,
    copied,
    copy,
    make_partitions,
    make_template,
    one_connection,
    one_server,
    owner_session,
    running,
)
from tests.worlds import Worlds, open_worlds

TESTS = Path(__file__).parent
# What they show is the server's, not the database's: other tests send the same statements to every version. Modules
# elsewhere are marked by themselves.
ANY_DATABASE = {TESTS / name for name in ("explorer", "files", "http", "identity", "printing", "privacy", "secrets")}
# Long tests that share what the whole session has; workers take them one by one.
APART = {TESTS / "execution", TESTS / "explorer" / "test_browser.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Several workers share the suite out by file, since the tests of a file have fixtures in common."""
    for item in items:
        if ANY_DATABASE & set(item.path.parents):
            item.add_marker(pytest.mark.any_database)
        if not APART & {item.path, *item.path.parents}:
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(TESTS).with_suffix(""))))


def pytest_collectstart() -> None:
    """What the whole suite loads stays: the collector of garbage need not look at it again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


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


@pytest.fixture(scope="session", autouse=True)
def hasher() -> Iterator[PasswordHasher]:
    """The server's own way to hash passwords, in whose place tests have one that takes a hundredth of the time."""
    real = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield real


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


@pytest.fixture(scope="session")
async def engine(schools: tuple[Urls, School, School]) -> AsyncIterator[AsyncEngine]:
    async with one_server(schools[0]) as engine:
        yield engine


@pytest.fixture
async def connections(engine: AsyncEngine) -> AsyncIterator[OneConnection]:
    async with one_connection(engine) as connections:
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

    async def ask(document: str, *, viewer: Any = school.admin, refused: bool = False, **variables: Any) -> Answer:
        return await run(connections, viewer, document, variables, refused=refused)

    return ask


@pytest.fixture(scope="session")
async def worlds(server: Urls, template: Urls) -> AsyncIterator[Worlds]:
    """Two schools with fifty rows in every table, committed; for tests that only read."""
    async with open_worlds(server) as worlds:
        yield worlds


@pytest.fixture
async def empty_database(server: Urls, template: Urls) -> AsyncIterator[Urls]:
    """A committed database without schools, for what a rolled-back transaction cannot show."""
    async with copied(server) as urls:
        yield urls


@pytest.fixture
def long_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """No viewer that a process remembers is forgotten by itself while a test lasts."""
    monkeypatch.setattr("app.database.SECONDS_REMEMBERED", 3600.0)
