"""The school that reports are measured with: 50,000 students, in an embedded database of its own, kept between runs.

SQL makes it, which takes a minute or two: records as people write them, one at a time, would take hours.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.cli.database import prepare
from app.database import Database
from app.owner import owner_session
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from benchmarks.school import ROOT
from resolvers.institution.institution import create_institution

CODE = "REPORTS"
SQL = Path(__file__).with_name("school.sql")
COURSE, SEMESTER, FIRST_DAY, LAST_DAY = 7, 1, "2025-10-06", "2026-02-27"


@dataclass(frozen=True)
class BigSchool:
    """The database, and the key of the school in it."""

    urls: Urls
    id: int

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        database = await Database.open(self.urls, settings())
        try:
            yield database
        finally:
            await database.close()


def settings() -> Settings:
    return Settings(data=ROOT / ".cache" / "benchmarks-reports", database_url=None, read_seconds=120)


@contextlib.contextmanager
def running() -> Iterator[BigSchool]:
    """The database while the body runs; the school is made when it is missing."""
    with cluster(settings()) as urls:
        prepare(urls)
        yield BigSchool(urls, asyncio.run(_school(urls)))


async def _school(urls: Urls) -> int:
    assert urls.admin
    connection = await asyncpg.connect(asyncpg_url(urls.admin), database="schoolgraph")
    try:
        found: int | None = await connection.fetchval("SELECT id FROM institution WHERE code = $1", CODE)
        school = found or await _make(urls)
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM student WHERE institution_id = $1)", school):
            await _fill(connection, school)
        return school
    finally:
        await connection.close()


async def _make(urls: Urls) -> int:
    async with owner_session(urls) as session:
        return (await create_institution(session, CODE, "The school of 50,000")).id


async def _fill(connection: "asyncpg.Connection[asyncpg.Record]", school: int) -> None:
    # What the rows refer to is made beside them; asking for it again row by row takes longer than all the rest.
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(f"CREATE TEMPORARY TABLE made AS SELECT {school:d}::bigint AS school")
    await connection.execute("GRANT SELECT ON made TO schoolgraph_owner")
    async with connection.transaction():
        await connection.execute(SQL.read_text())
    await connection.execute("RESET ROLE")
    await connection.execute("VACUUM ANALYZE")
