"""The two UCI schools, imported once and asked through GraphQL."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from app.database import Database
from app.importing.attendance import import_attendance
from app.importing.oneroster import import_oneroster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Base, Role
from resolvers.viewer import Viewer
from schema.node import identity
from tests.answers import run
from tests.database import copy
from tests.schema_map import entities

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "uci-student-performance"
PACKAGE, ABSENCES = DATA / "oneroster-1.2.zip", DATA / "absences.csv"
FILES = {"Mathematics": "student-mat.csv", "Portuguese": "student-por.csv"}
PERIODS = ["First period", "Second period", "Final period"]


@dataclass(frozen=True)
class Uci:
    """`schools` are the institutions by code; `foreign` the ids of all rows of school MS."""

    urls: Urls
    database: Database
    schools: dict[str, int]
    foreign: set[str]

    async def ask(self, code: str, document: str, **variables: Any) -> dict[str, Any]:
        viewer = Viewer(0, self.schools[code], frozenset({Role.REPORTER}), ZoneInfo("Europe/Lisbon"), 0)
        return (await run(self.database, viewer, document, variables)).found


async def _ids(connection: Any, model: type[Base], institution: int) -> set[str]:
    """Ids of all rows of a model in an institution, without the day of the dated ones."""
    column = "id" if model.__tablename__ == "institution" else "institution_id"
    rows = await connection.fetch(f"SELECT id FROM {model.__tablename__} WHERE {column} = $1", institution)
    return {f"{identity(model).prefix}_{row['id']}" for row in rows}


@contextlib.asynccontextmanager
async def open_uci(server: Urls) -> AsyncIterator[Uci]:
    """Both schools in a database of their own."""
    urls = await copy(server, "suite_uci")
    assert not (await import_oneroster(urls, PACKAGE)).failed
    assert not (await import_attendance(urls, ABSENCES)).failed
    assert urls.owner
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    schools = {row["code"]: row["id"] for row in await connection.fetch("SELECT code, id FROM institution")}
    foreign = set().union(*[await _ids(connection, model, schools["MS"]) for model in entities()])
    await connection.close()
    database = await Database.open(urls, Settings())
    yield Uci(urls, database, schools, foreign)
    await database.close()
