"""A whole institution as files, whatever its status: one zip with a file of JSON lines for each table.

    manifest.json       what the rest is: institution, instant, version of the schema, tables with rows and columns
    student.ndjson      {"id": 1, "student_number": "STU-2025-00001", …}, a row a line, by key
    …
    files/ab12…         the files that stored_file.ndjson tells of, each under the SHA-256 of its content

All of it is one snapshot, read as the owner in chunks, while schools go on working. Days are `2025-06-01`, instants
carry their offset, numbers are exact. What opens an account is never in it, nor what the database makes of other
columns; sealed values are in it only where they are asked for, and then in clear.
"""

import contextlib
import datetime
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from sqlalchemy import Table

from app.importing.progress import Steps
from app.new_file import new_file
from models import Base
from models.computed import Sealed
from resolvers.errors import NotFound, shown
from resolvers.files.store import FileMissing, FileStore
from resolvers.sealing import Place, Sealer

FORMAT = 1
ROWS_AT_ONCE = 1000
# What stands for a moment only, and answers that were kept for whoever asks twice.
LEFT_OUT = frozenset({"idempotency_key", "reset_token"})
SECRET = frozenset({"password_hash", "key_hash", "token_hash", "national_id_index"})
RECORD = """
INSERT INTO activity_log (institution_id, action, details, actor_kind)
VALUES ($1, 'institution.export', jsonb_build_object('sealed', $2::boolean), 'SYSTEM')
"""
INSTITUTION = "SELECT id, code, name, status FROM institution WHERE code = $1"
FILES = "SELECT location, sha256 FROM stored_file WHERE institution_id = $1 ORDER BY id"
VERSION = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True)
class Part:
    """One table: the columns that are told as they are, and those that are opened, by the names they get."""

    table: Table
    columns: tuple[str, ...]
    opened: dict[str, str]

    @property
    def _of_school(self) -> str:
        return "id = $1" if self.table.name == "institution" else "institution_id = $1"

    @property
    def count(self) -> str:
        return f"SELECT count(*) FROM {self.table.name} WHERE {self._of_school}"

    @property
    def rows(self) -> str:
        """Key, content as JSON, and the sealed columns; in the order of the primary key, which has an index."""
        content = ", ".join(f"t.{name}" for name in self.columns)
        sealed = "".join(f", t.{column} AS {name}" for name, column in self.opened.items())
        order = ", ".join(f"t.{column.name}" for column in self.table.primary_key)
        return (
            f"SELECT t.id, (SELECT row_to_json(r)::text FROM (SELECT {content}) r) AS content{sealed}"
            f" FROM {self.table.name} t WHERE t.{self._of_school} ORDER BY {order}"
        )


@lru_cache(maxsize=1)
def _sealed() -> dict[str, dict[str, str]]:
    """By table the columns of sealed texts, each under the name that the text has."""
    found: dict[str, dict[str, str]] = {}
    for mapper in Base.registry.mappers:
        declared = {name: each for base in mapper.class_.__mro__ for name, each in vars(base).items()}
        texts = {name: each.column for name, each in declared.items() if isinstance(each, Sealed)}
        found[mapper.class_.__tablename__] = texts
    return found


def parts(*, sealed: bool) -> list[Part]:
    """Every table with rows of institutions, parents before children."""
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            kept = _sealed().get(table.name, {})
            hidden = SECRET | set(kept.values())
            columns = [each.name for each in table.columns if each.computed is None and each.name not in hidden]
            found.append(Part(table, tuple(columns), kept if sealed else {}))
    return found


@contextmanager
def new_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new zip that only its maker can read; there is none where it could not be finished. Raises FileExistsError."""
    with new_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        yield archive


class Export:
    """Writes one institution to an archive. `store` has its files; `sealer` opens what is sealed, or it is left out."""

    def __init__(
        self,
        connection: "asyncpg.Connection[Any]",
        archive: zipfile.ZipFile,
        steps: Steps,
        *,
        store: FileStore,
        sealer: Sealer | None = None,
        rows_at_once: int = ROWS_AT_ONCE,
    ) -> None:
        self.connection = connection
        self.archive = archive
        self.steps = steps
        self.store = store
        self.sealer = sealer
        self.rows_at_once = rows_at_once

    async def run(self, code: str, now: datetime.datetime) -> dict[str, int]:
        """Rows by table. That it was begun is recorded before anything is read. Raises NotFound."""
        school = await self.connection.fetchrow(INSTITUTION, code)
        if school is None:
            raise NotFound(f"institution: there is none with the code {shown(code)}", field="institution")
        await self.connection.execute(RECORD, school["id"], self.sealer is not None)
        counts: dict[str, int] = {}
        tables = parts(sealed=self.sealer is not None)
        async with self.connection.transaction(isolation="repeatable_read", readonly=True):
            version = await self.connection.fetchval(VERSION)
            for part in tables:
                counts[part.table.name] = await self._write(part, school["id"])
            await self._write_files(school["id"])
        self._describe(school, tables, counts, {"exportedAt": now.isoformat(), "schemaVersion": version})
        return counts

    async def _write_files(self, institution_id: int) -> None:
        """The bytes of files; one that is removed meanwhile is not there, though its row is."""
        files = await self.connection.fetch(FILES, institution_id)
        self.steps.begin("files", len(files))
        for row in files:
            with contextlib.suppress(FileMissing):
                content = await self.store.get(row["location"])
                self.archive.writestr(f"files/{row['sha256'].hex()}", content, zipfile.ZIP_STORED)
            self.steps.advance(1)

    async def _write(self, part: Part, institution_id: int) -> int:
        self.steps.begin(part.table.name, await self.connection.fetchval(part.count, institution_id))
        done = 0
        with self.archive.open(f"{part.table.name}.ndjson", "w", force_zip64=True) as file:
            cursor = await self.connection.cursor(part.rows, institution_id)
            while rows := await cursor.fetch(self.rows_at_once):
                file.write(b"".join(self._line(part, institution_id, row) for row in rows))
                self.steps.advance(len(rows))
                done += len(rows)
        return done

    def _line(self, part: Part, institution_id: int, row: Any) -> bytes:
        content: bytes = row["content"].encode()
        for name, column in part.opened.items():
            place = Place(institution_id, part.table.name, column)
            sealed = row[name]
            text = self.sealer.open(place, row["id"], sealed) if self.sealer and sealed is not None else None
            content = content[:-1] + b"," + orjson.dumps(name) + b":" + orjson.dumps(text) + b"}"
        return content + b"\n"

    def _describe(self, school: Any, tables: list[Part], counts: dict[str, int], known: dict[str, Any]) -> None:
        described = {
            part.table.name: {"rows": counts[part.table.name], "columns": [*part.columns, *part.opened]}
            for part in tables
        }
        institution = {name: school[name] for name in ("code", "name", "status")}
        manifest = {"format": FORMAT, "institution": institution, **known, "tables": described}
        self.archive.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
