"""Brings the school of the performance yardstick into a database of ours, in the same PostgreSQL.

    python -m benchmarks.peers.load small      a minute; `large` takes some minutes

The database is made anew: roles, migrations, one institution, the yardstick's rows by COPY from connection to
connection, and a user with the role REPORTER. Its password is drawn here and kept, for the adapter, in a file under
PEERS_HOME that only you can read.
"""

import argparse
import asyncio
import datetime
import json
import secrets
import sys
import tempfile
import time
from typing import Any, BinaryIO, TypeAlias

import asyncpg
from sqlalchemy import text

from app.bootstrap import bootstrap
from app.migrations import make_partitions, migrate
from app.owner import owner_session
from app.urls import Urls
from benchmarks.peers.mapping import TABLES, reading
from benchmarks.peers.places import CODE, SIZES, keep_secret, urls_of, yardstick_url
from models import Role
from resolvers.identity.passwords import hash_password
from resolvers.institution.institution import create_institution

Connection: TypeAlias = "asyncpg.Connection[Any]"
USERNAME = "yardstick"
FIRST_DAY, LAST_DAY = datetime.date(2023, 1, 1), datetime.date(2026, 12, 31)


async def make_database(urls: Urls) -> None:
    """An empty database at the newest version of the schema; one of the same name goes."""
    assert urls.admin
    assert urls.owner
    name = urls.api.rpartition("/")[2]
    admin = await asyncpg.connect(urls.admin)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()
    await bootstrap(urls.admin, database=name)
    await migrate(urls.owner)


async def make_school(urls: Urls) -> tuple[int, str]:
    """Key of the new institution, and the keys of its grade levels by code as JSON."""
    async with owner_session(urls) as session:
        await (await session.connection()).run_sync(make_partitions, FIRST_DAY, LAST_DAY)
        institution = await create_institution(session, CODE, "The yardstick's school")
        levels = await session.execute(text("SELECT code, id FROM grade_level"))
        return institution.id, json.dumps({row.code: row.id for row in levels})


async def copy(source: Connection, target: Connection, table: str, query: str, spool: BinaryIO) -> None:
    names = [attribute.name for attribute in (await source.prepare(query)).get_attributes()]
    spool.seek(0)
    spool.truncate()
    await source.copy_from_query(query, output=spool, format="binary")
    spool.seek(0)
    await target.copy_to_table(table, source=spool, columns=names, format="binary")


async def copy_all(source: Connection, target: Connection, school: int, levels: str) -> None:
    # The source keeps foreign keys of its own, so that there is nothing to look up again for each row.
    if await target.fetchval("SELECT has_parameter_privilege('session_replication_role', 'SET')"):
        await target.execute("SET session_replication_role = replica")
    for table in TABLES:
        started = time.perf_counter()
        with tempfile.TemporaryFile() as spool:
            await copy(source, target, table, reading(table, school, levels), spool)
        # The yardstick makes its indexes once the rows are there, so that they are as dense as can be.
        await target.execute(f"REINDEX TABLE {table}")
        await target.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        print(f"{table}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    await target.execute("RESET session_replication_role")


async def add_reporter(target: Connection, school: int, size: str) -> None:
    password = secrets.token_urlsafe(24)
    key = await target.fetchval(
        "INSERT INTO app_user (institution_id, username, password_hash) VALUES ($1, $2, $3) RETURNING id",
        school,
        USERNAME,
        await hash_password(password),
    )
    await target.execute(
        "INSERT INTO user_role (institution_id, user_id, role) VALUES ($1, $2, $3)", school, key, Role.REPORTER.value
    )
    keep_secret(size, {"institution": CODE, "username": USERNAME, "password": password})


async def load(size: str) -> None:
    """Load the yardstick's database of this size."""
    urls = urls_of(size)
    await make_database(urls)
    school, levels = await make_school(urls)
    source: Connection = await asyncpg.connect(yardstick_url(size))
    target: Connection = await asyncpg.connect(urls.owner)
    try:
        await copy_all(source, target, school, levels)
        await add_reporter(target, school, size)
        await target.execute("VACUUM ANALYZE")
    finally:
        await source.close()
        await target.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("size", choices=SIZES, help="which of the yardstick's databases")
    asyncio.run(load(arguments.parse_args().size))


if __name__ == "__main__":
    main()
