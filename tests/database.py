"""The suite's databases: an embedded cluster a process, a migrated template, and copies of it."""

import asyncio
import contextlib
import datetime
import fcntl
import hashlib
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import asyncpg
from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from app.bootstrap import bootstrap
from app.database import TenantConnection, transaction_settings
from app.keeper import lock
from app.migrations import alembic_config, make_partitions, upgrade
from app.owner import owner_session
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url, sqlalchemy_url
from resolvers.files.store import Unsettled
from resolvers.rows import Row
from resolvers.trail.alarms import SignInFailed
from resolvers.trail.notes import Note, write
from resolvers.writing.recording import GuardedSession

ROOT = Path(__file__).resolve().parent.parent
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
# Plans do not change in the middle of a run: a table has statistics once somebody asks for them.
STEADY = {"autovacuum_analyze_threshold": str(2**31 - 1)}
TEMPLATE = "suite_template"
_numbers = itertools.count(1)


def renamed(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A folder that this process has to itself: the first that no other run of the suite, or part of one, is using."""
    system = "-" + os.environ["PG_BIN"].strip("/").replace("/", "-") if os.environ.get("PG_BIN") else ""
    for number in itertools.count(1):
        folder = ROOT / ".cache" / f"suite{system}" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        held = lock(folder / "place.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if held is not None:
            try:
                yield folder
            finally:
                os.close(held)
            return


@contextlib.contextmanager
def running() -> Iterator[Urls]:
    """The cluster of this process, kept between runs so that the first test does not wait for it.

    Tests change roles and look at who waits for whom, so each worker has a server of its own.
    """
    with place() as folder, cluster(Settings(data=folder, database_url=None), options=FAST | STEADY) as urls:
        yield urls


def made_of() -> str:
    """A checksum of all that the template is made from."""
    folders = [*(ROOT / "alembic").rglob("*.*"), *(ROOT / "models").rglob("*.py"), *(ROOT / "app").glob("*.py")]
    text = b"".join(path.read_bytes() for path in sorted(folders) if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(text).hexdigest()


async def kept(urls: Urls) -> bool:
    """Whether the template of the last run is made of the same files."""
    assert urls.admin
    connection = await asyncpg.connect(asyncpg_url(renamed(urls.admin, "postgres")))
    try:
        said = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
        return bool(await connection.fetchval(said, TEMPLATE) == made_of())
    finally:
        await connection.close()


async def make_template(urls: Urls) -> Urls:
    """A database made by the migrations, compared with the models; every test database is a copy of it."""
    assert urls.admin
    assert urls.owner
    template = Urls(renamed(urls.api, TEMPLATE), renamed(urls.owner, TEMPLATE), renamed(urls.admin, TEMPLATE))
    if await kept(urls):
        return template
    await drop(urls, TEMPLATE)
    await bootstrap(urls.admin, database=TEMPLATE)
    engine = create_async_engine(sqlalchemy_url(renamed(urls.owner, TEMPLATE)))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
        await connection.run_sync(lambda sync: command.check(alembic_config(sync)))
    await engine.dispose()
    await administer(urls, f"COMMENT ON DATABASE \"{TEMPLATE}\" IS '{made_of()}'")
    return template


async def administer(urls: Urls, *statements: str) -> None:
    assert urls.admin
    connection = await asyncpg.connect(asyncpg_url(renamed(urls.admin, "postgres")))
    try:
        for sql in statements:
            await connection.execute(sql)
    finally:
        await connection.close()


async def drop(urls: Urls, name: str) -> None:
    await administer(urls, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def copy(urls: Urls, name: str, *, of: str = TEMPLATE) -> Urls:
    """A committed database of its own, with what the other one has: the template is empty of schools."""
    assert urls.admin
    assert urls.owner
    await administer(
        urls,
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{of}" OWNER schoolgraph_owner',
        # As bootstrap leaves the first one: a copy does not take its rights over.
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{name}" TO schoolgraph_api, schoolgraph_read',
    )
    return Urls(renamed(urls.api, name), renamed(urls.owner, name), renamed(urls.admin, name))


@contextlib.asynccontextmanager
async def copied(urls: Urls, of: str = TEMPLATE) -> AsyncIterator[Urls]:
    """A copy for one test."""
    name = f"suite_{next(_numbers)}"
    yield await copy(urls, name, of=of)
    await drop(urls, name)


class OneConnection:
    """All reads and writes of a test on one connection, in one transaction that is rolled back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.lock = asyncio.Lock()
        self.notes: list[Note] = []

    async def room(self) -> None:
        return None

    def note(self, note: Note) -> None:
        self.notes.append(note)

    async def flush(self, now: datetime.datetime) -> None:
        """Write what was noted, as the server does a little later."""
        notes, self.notes = self.notes, []
        for note in notes:
            assert not isinstance(note, SignInFailed | Unsettled)
            async with self.write(note.institution_id, 60) as session:
                await write(session, note.institution_id, [note], now)

    async def driver(self) -> "asyncpg.Connection[Row]":
        raw = await self.connection.get_raw_connection()
        return cast("asyncpg.Connection[Row]", raw.driver_connection)

    async def enter(self, institution_id: int, timeout: float) -> None:
        await (await self.driver()).execute(transaction_settings(institution_id, timeout))

    @contextlib.asynccontextmanager
    async def read(
        self, institution_id: int, timeout: float, *, alone: bool = False
    ) -> "AsyncIterator[asyncpg.Connection[Row]]":
        await self.enter(institution_id, timeout)
        driver = await self.driver()
        await driver.execute("SAVEPOINT snapshot")
        try:
            yield driver
        finally:
            await driver.execute("ROLLBACK TO SAVEPOINT snapshot")

    @contextlib.asynccontextmanager
    async def write(
        self, institution_id: int, timeout: float, *, repeatable: bool = False, patient: bool = False
    ) -> AsyncIterator[AsyncSession]:
        await self.enter(institution_id, timeout)
        guarded = AsyncSession(
            self.connection,
            sync_session_class=GuardedSession,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )
        async with guarded as session:
            async with session.begin():
                yield session
            await session.flush()


@contextlib.asynccontextmanager
async def one_server(urls: Urls) -> AsyncIterator[AsyncEngine]:
    """An engine of one connection, kept from test to test: what it has compiled and prepared is not done anew."""
    arguments = {"connection_class": TenantConnection}
    engine = create_async_engine(sqlalchemy_url(urls.api), pool_size=1, max_overflow=0, connect_args=arguments)
    try:
        yield engine
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def one_connection(engine: AsyncEngine) -> AsyncIterator[OneConnection]:
    async with engine.connect() as connection:
        outer = await connection.begin()
        # The dialect sends BEGIN with the first statement, and a tenant set before it would be lost.
        await connection.exec_driver_sql("SELECT 1")
        yield OneConnection(connection)
        await outer.rollback()


__all__ = [
    "copied",
    "copy",
    "drop",
    "make_partitions",
    "make_template",
    "one_connection",
    "one_server",
    "owner_session",
    "running",
]
