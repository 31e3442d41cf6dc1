"""Removes what schools no longer keep, as the owner of the tables: the server's own role cannot shorten the trail.

And bytes of files that were left behind without a row, where a process was killed between the two.
"""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from xml.etree import ElementTree

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.engines import engine_of
from app.file_bucket import BucketError
from app.importing.progress import Steps
from app.urls import Urls
from models import ActivityEntry, ActorKind, Institution
from resolvers.files.keeping import Strange, Writing, sweep
from resolvers.files.store import FileMissing, FileStore
from resolvers.trail.retention import Due, due

# The table of files, as `Removed` calls bytes of which it does not tell; younger ones may be about to have their row.
UNTOLD, SPARED = "files without a record", datetime.timedelta(hours=1)
# What a store raises that is away, or does not allow what it is asked for.
FAILURES = BucketError, FileMissing, httpx.HTTPError, OSError, ElementTree.ParseError
WHAT_TO_DO = (
    "See that DATABASE_OWNER_URL and SCHOOLGRAPH_FILES, or SCHOOLGRAPH_S3_BUCKET, are of one deployment; where they"
    " are, run this again with --stray-files"
)
# Rows removed in one transaction: each is short, and what is done stays done.
BATCH = 10_000


@dataclass(frozen=True)
class Removed:
    """How many rows of a school's table were removed; where nothing is to be changed, how many are due."""

    code: str
    table: str
    rows: int
    before: datetime.datetime


@dataclass(frozen=True)
class Unswept:
    """A school whose files without a row were left as they are, and why."""

    code: str
    reason: str


@asynccontextmanager
async def _engine(urls: Urls) -> AsyncIterator[AsyncEngine]:
    if urls.owner is None:
        raise ValueError("DATABASE_OWNER_URL is not set; this command works as the owner of the tables")
    engine = engine_of(urls.owner)
    try:
        yield engine
    finally:
        await engine.dispose()


async def apply(
    urls: Urls,
    now: datetime.datetime,
    steps: Steps,
    *,
    dry_run: bool = False,
    batch: int = BATCH,
) -> list[Removed]:
    """Remove what is due in all schools; nothing at all where a school's setting is wrong, which raises Invalid."""
    async with _engine(urls) as engine:
        async with AsyncSession(engine) as session:
            schools = await _schools(session)
            found = [(code, each) for key, code in schools for each in await due(session, key, code, now)]
            counts = [await each.count(session) for _, each in found]
        removed = []
        for (code, each), count in zip(found, counts, strict=True):
            if count and not dry_run:
                steps.begin(f"{code}: {each.rule.table}", count)
                count = await _remove(engine, each, now, steps, batch)
            removed.append(Removed(code, each.rule.table, count, each.before))
        return removed


async def sweep_files(
    urls: Urls, now: datetime.datetime, store: FileStore, *, dry_run: bool = False, stray_files: bool = False
) -> list[Removed | Unswept]:
    """Remove the files of which no row tells, school by school.

    Where most of a school's are such files they stay, unless it is said that those are `stray_files` indeed. A store
    that fails leaves a school's files, and is asked for the next one's.
    """
    swept: list[Removed | Unswept] = []
    async with _engine(urls) as engine:
        async with AsyncSession(engine) as session:
            schools = await _schools(session)
        for key, code in schools:
            try:
                before = now - SPARED
                count = await sweep(_writing(engine), store, key, before, dry_run=dry_run, strange=stray_files)
                swept.append(Removed(code, UNTOLD, count, before))
            except (ConnectionError, TimeoutError):
                # It is the database that is away: a bucket that is raises an error of httpx.
                raise
            except FAILURES as error:
                swept.append(Unswept(code, f"the store of files has failed: {type(error).__name__} {error}".rstrip()))
            except Strange as error:
                swept.append(Unswept(code, f"{error}, so none is removed. {WHAT_TO_DO}"))
    return swept


async def _schools(session: AsyncSession) -> list[tuple[int, str]]:
    rows = await session.execute(select(Institution.id, Institution.code).order_by(Institution.id))
    return [(key, code) for key, code in rows]


def _writing(engine: AsyncEngine) -> Writing:
    @asynccontextmanager
    async def write(_: int, __: float) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(engine) as session, session.begin():
            yield session

    return write


async def _remove(engine: AsyncEngine, each: Due, now: datetime.datetime, steps: Steps, batch: int) -> int:
    """All rows that are due, batch by batch; the last of them tells the activity log what was removed."""
    total, done = 0, batch
    while done == batch:
        async with AsyncSession(engine) as session, session.begin():
            done = await each.remove(session, batch)
            total += done
            if done < batch:
                session.add(_told(each, total, now))
        steps.advance(done)
    return total


def _told(each: Due, rows: int, now: datetime.datetime) -> ActivityEntry:
    details = {"table": each.rule.table, "rows": rows, "before": each.before.isoformat()}
    return ActivityEntry(
        institution_id=each.institution_id,
        action="retention.remove",
        actor_kind=ActorKind.SYSTEM,
        details=details,
        at=now,
    )
