"""The storm of `tests.writing.storm` for longer, with PostgreSQL crashing and recovering in between.

    python -m tests.writing.longer_storm --seconds 60 --seed 7

runs on a server of its own under `.cache/storm`, which syncs its commits as in production. Every few disturbances a
backend is killed, after which PostgreSQL ends all others and recovers; the rest end all sessions of the server.
"""

import asyncio
import os
import random
import signal

import asyncpg
import typer

from app.database import Database
from app.owner import owner_session
from app.postgres import cluster
from app.settings import ROOT, Settings
from app.urls import Urls, asyncpg_url
from resolvers.institution.institution import create_institution
from tests.conftest import School
from tests.database import copy, drop, make_template
from tests.factories import create_subject, gid
from tests.writing.conftest import Committed
from tests.writing.storm import Storm, check, rows_of
from tests.writing.test_once import committed_class
from tests.writing.test_repeats import end_sessions

BACKEND = (
    "SELECT pid FROM pg_stat_activity WHERE usename = 'schoolgraph_api' AND datname = current_database()"
    " ORDER BY random() LIMIT 1"
)
NAME = "storm"


async def crash(committed: Committed) -> None:
    """Kill one backend, and wait until PostgreSQL has recovered."""
    connection = await asyncpg.connect(asyncpg_url(committed.urls.admin or ""))
    pid = await connection.fetchval(BACKEND)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    connection.terminate()
    while True:
        await asyncio.sleep(0.1)
        try:
            await (await asyncpg.connect(asyncpg_url(committed.urls.admin or ""))).close()
        except (asyncpg.PostgresError, OSError):
            continue
        return


async def run(urls: Urls, seconds: float, seed: int) -> None:
    await make_template(urls)
    here = await copy(urls, NAME)
    async with owner_session(here) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        subject = gid(await create_subject(session, School(school.id, "GAMMA")))
    database = await Database.open(here, Settings(database_url=None))
    committed = Committed(here, database, school.id, ("", ""))
    storm = Storm(committed, await committed_class(committed, 10), subject, random.Random(seed))
    before = await rows_of(committed)

    async def disturb() -> None:
        await (crash(committed) if storm.chance.random() < 0.1 else end_sessions(committed))

    try:
        await storm.rage(seconds, disturb)
        await check(storm, before)
    finally:
        await database.close()
    await drop(urls, NAME)
    typer.echo(", ".join(f"{what} {count}" for what, count in sorted(storm.counts.items())))


def main(seconds: float = 60, seed: int = 7) -> None:
    """Fails where an acknowledged write is lost or doubled, or audit and rows disagree."""
    folder = ROOT / ".cache" / "storm"
    folder.mkdir(parents=True, exist_ok=True)
    with cluster(Settings(data=folder, database_url=None), options={"max_connections": "60"}) as urls:
        asyncio.run(run(urls, seconds, seed))


if __name__ == "__main__":
    typer.run(main)
