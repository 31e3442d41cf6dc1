"""Runs migrations as the owner role, then re-applies the functions beside them.

The caller may hand in its own connection (`config.attributes["connection"]`, as `app.migrations` and the tests
do); from the command line the owner's URL comes from the settings.
"""

import asyncio
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from models import Base

FUNCTIONS = Path(__file__).parent / "functions"
LOCK = 7304217350


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Partitions of attendance are made by a function as dates come up: to Alembic they are strangers."""
    return not (kind == "table" and name is not None and name.startswith("attendance_p"))


def apply_functions(connection: Connection) -> None:
    """Each file's first line names the role that its function belongs to."""
    connection.execute(text("GRANT CREATE ON SCHEMA public TO schoolgraph_search"))
    for path in sorted(FUNCTIONS.glob("*.sql")):
        header, body = path.read_text().split("\n", 1)
        connection.execute(text(f"SET LOCAL ROLE {header.removeprefix('-- role: ')}"))
        for command in body.split("\n-- then\n"):
            connection.exec_driver_sql(command)
        connection.execute(text("RESET ROLE"))
    connection.execute(text("REVOKE CREATE ON SCHEMA public FROM schoolgraph_search"))


def drop_functions(connection: Connection) -> None:
    """They are those of the newest version; an older program brings its own, and applies them when it migrates."""
    for path in FUNCTIONS.glob("*.sql"):
        connection.execute(text(f"DROP FUNCTION IF EXISTS public.{path.stem}"))


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
    with context.begin_transaction():
        # Two processes that start together take turns.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.run_migrations()
        if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):
            apply_functions(connection)
        else:
            drop_functions(connection)


async def run_alone() -> None:
    from app.migrations import owner_engine_url
    from app.settings import Settings

    engine = create_async_engine(owner_engine_url(Settings()), hide_parameters=True)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_alone())
else:
    run(given)
