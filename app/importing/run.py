"""One institution's part of an import: its transaction, what is known of it, its counts and its findings."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.importing.diagnostics import Findings, error, warning
from app.importing.driver import Driver

SYSTEM = "oneroster"
_PLACE = re.compile(r"(?<!:):(school|today|org|run)\b")


class Stopped(Exception):
    """The institution cannot be read any further: what else would be found wrong follows from what was."""


@dataclass
class Counts:
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass
class Run:
    """`org` is what the package calls the school; `present` are the columns that it has, as `users.sms`.

    `today` is the school's; `made` tells that the institution is new.
    Statements are written with `:school`, `:org`, `:today` and `:run` in the places of these.
    """

    connection: AsyncConnection
    driver: Driver
    school: int
    code: str
    org: str
    today: datetime.date
    run_id: str
    findings: Findings
    present: frozenset[str] = frozenset()
    made: bool = False
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))

    def sql(self, text: str) -> str:
        values = {
            "school": str(int(self.school)),
            "today": f"date '{self.today.isoformat()}'",
            "org": quoted(self.org),
            "run": quoted(self.run_id),
        }
        return _PLACE.sub(lambda match: values[match.group(1)], text)

    async def execute(self, text: str) -> int:
        """Run a statement; returns how many rows it wrote."""
        done = (await self.driver.execute(self.sql(text))).rpartition(" ")[2]
        return int(done) if done.isdecimal() else 0

    async def fetch(self, text: str) -> list[asyncpg.Record]:
        return await self.driver.fetch(self.sql(text))

    async def value(self, text: str) -> Any:
        return await self.driver.fetchval(self.sql(text))

    @property
    def changed(self) -> bool:
        return any(each.inserted or each.updated or each.deleted for each in self.counts.values())

    async def refuse(self, code: str, reason: str, file: str, column: str, found: str) -> bool:
        """An ERROR for each row of the statement `found`, which gives its line and value; whether there was any."""
        rows = await self.fetch(found)
        self._report(error, rows, code, reason, file, column)
        return bool(rows)

    async def reject(
        self, incoming: str, condition: str, code: str, reason: str, file: str, column: str, found: str = "line, NULL"
    ) -> None:
        """An ERROR for each incoming row that meets a condition; it is not written, nor missed by what names it."""
        rows = await self.fetch(
            f"WITH bad AS (DELETE FROM {incoming} i WHERE {condition} RETURNING i.*),"
            f" told AS (INSERT INTO unwritten SELECT source FROM bad) SELECT {found} FROM bad ORDER BY 1"
        )
        self._report(error, rows, code, reason, file, column)

    async def warn(self, code: str, reason: str, file: str, column: str, found: str) -> None:
        self._report(warning, await self.fetch(found), code, reason, file, column)

    def _report(
        self, severity: Any, rows: list[asyncpg.Record], code: str, reason: str, file: str, column: str
    ) -> None:
        for line, value in sorted(rows, key=lambda row: (row[0] or 0, str(row[1]))):
            shown = None if value is None else str(value)
            where = {"column": column, "value": shown, "institution": self.code}
            self.findings.add(severity(code, reason, file, line, **where))


def quoted(value: str) -> str:
    """A text as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def known(entity: str) -> str:
    """A table (value, record_id) of the institution's records of this kind that came from OneRoster."""
    return (
        "(SELECT value, record_id FROM external_id WHERE institution_id = :school"
        f" AND entity = {quoted(entity)} AND system = '{SYSTEM}')"
    )
