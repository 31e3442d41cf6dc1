"""Brings the database to the newest version of the schema, as the owner role."""

import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from app.engines import engine_of
from app.settings import Settings
from app.urls import sqlalchemy_url

ROOT = Path(__file__).resolve().parent.parent
YEARS_BACK, YEARS_AHEAD = 1, 2


def owner_engine_url(settings: Settings) -> str:
    """The owner's URL for a migration run from the command line; the embedded database must be running."""
    if settings.database_owner_url is None:
        raise ValueError("DATABASE_OWNER_URL is not set; `python -m app migrate` knows the embedded database")
    return sqlalchemy_url(settings.database_owner_url)


def alembic_config(connection: Connection) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    command.upgrade(alembic_config(connection), revision)


def make_partitions(connection: Connection, first: datetime.date, last: datetime.date) -> int:
    """How many partitions of attendance were made so that all days from `first` to `last` have one."""
    made = connection.execute(text("SELECT make_attendance_partitions(:first, :last)"), {"first": first, "last": last})
    return int(made.scalar_one())


async def migrate(owner_url: str) -> None:
    """Upgrade to the newest revision, and make the attendance partitions of the years around today."""
    engine = engine_of(owner_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
        today = datetime.datetime.now(datetime.UTC).date()
        first = today.replace(year=today.year - YEARS_BACK, day=1)
        async with engine.begin() as connection:
            await connection.run_sync(make_partitions, first, today.replace(year=today.year + YEARS_AHEAD, day=1))
    finally:
        await engine.dispose()


async def write_revision(owner_url: str, message: str) -> None:
    """A new file in `alembic/versions` with the difference between the database and the models."""
    engine = engine_of(owner_url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: command.revision(alembic_config(sync), message, autogenerate=True))
    finally:
        await engine.dispose()
