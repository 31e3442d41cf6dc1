"""How long the mutations of a whole school take: a file of 10,000 students, a rollover of 4,000, and their undoing.

Once each, over the API, in a database of their own. Every student of the rollover has a guardian, a grade level and a
class, and takes six courses besides; statistics are made in between, as PostgreSQL itself does within the minute.
`python -m benchmarks.whole_school` measures them, prints and keeps the figures.
"""

import asyncio
import csv
import datetime
import io
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from starlette.types import ASGIApp

from app.cli.database import prepare
from app.database import Database
from app.main import create_app, settle_collector
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from benchmarks.calls import request, send
from benchmarks.importing import HEADER, form, sign_in, students
from benchmarks.results import keep_section
from models import Role

TITLE, IMPORTED, ROLLED, COURSES, BOUND = "A whole school", 10_000, 4_000, 7, 30
PLACED = "gradeLevel,section,guardian1FirstName,guardian1LastName,guardian1Mobile,guardian1Relation"
YEARS = {"2023-2024": 2023, "2024-2025": 2024}
UNDO = "mutation($o: ID!) { undo(input: { operation: $o }) { removed } }"
PLAN = "mutation($i: PlanRolloverInput!) { planRollover(input: $i) { rolloverPlan { id version } } }"
APPLY = """mutation($i: ApplyRolloverInput!) {
    applyRollover(input: $i) { operation enrollmentsEnded enrollmentsBegun schoolEnrollmentsBegun }
}"""
CLASSES = """
INSERT INTO course (institution_id, school_year_id, grade_level_id, section, name, class_type)
SELECT $1, $2, l.id, s, l.code || s || ' ' || c, CASE WHEN c = 0 THEN 'HOMEROOM' ELSE 'SCHEDULED' END
  FROM grade_level l, unnest(ARRAY['A', 'B']) s, generate_series(0, $3 - 1) c WHERE l.institution_id = $1
"""
MORE_COURSES = """
INSERT INTO enrollment (institution_id, student_id, course_id, begin_date)
SELECT e.institution_id, e.student_id, o.id, e.begin_date FROM enrollment e
  JOIN course c ON c.institution_id = e.institution_id AND c.id = e.course_id
  JOIN course o ON o.institution_id = c.institution_id AND o.school_year_id = c.school_year_id
   AND o.grade_level_id = c.grade_level_id AND o.section = c.section AND o.id <> c.id
 WHERE e.institution_id = $1
"""


@dataclass
class Site:
    """A school with nobody in it, and a server of it; `seconds` are of what was done, by its name."""

    app: ASGIApp
    owner: "asyncpg.Connection[asyncpg.Record]"
    school: int
    token: str
    seconds: dict[str, float] = field(default_factory=dict)

    async def asked(self, name: str, query: str, **variables: Any) -> Mapping[str, Any]:
        """The payload of a mutation, whose time is kept."""
        return await self._timed(name, request(query, None, variables, self.token))

    async def imported(self, name: str, content: bytes) -> str:
        """The id of the operation."""
        await self._timed(name, form(content, self.token))
        return f"op_{await self.owner.fetchval('SELECT max(id) FROM operation')}"

    async def _timed(self, name: str, request: Any) -> Mapping[str, Any]:
        started = time.perf_counter()
        answer = await send(self.app, request)
        self.seconds[name] = time.perf_counter() - started
        (payload,) = orjson.loads(answer)["data"].values()
        if payload is None or None in payload.values():
            raise ValueError(f"{name} was refused: {answer[:500]!r}")
        found: Mapping[str, Any] = payload
        return found


def _file(rows: int, *, placed: bool) -> bytes:
    """So many students, all different; with a place in the school and a guardian, whom two have in common."""
    read, written = csv.DictReader(io.StringIO(students(rows).decode())), io.StringIO()
    names = [*HEADER.split(","), *(PLACED.split(",") if placed else ())]
    writer = csv.DictWriter(written, names)
    writer.writeheader()
    for n, row in enumerate(read):
        guardian = ("Leela", f"Menon {n // 2}", f"96{n // 2:08}", "MOTHER")
        place = dict(zip(PLACED.split(","), (f"{n % 10 + 1}", "AB"[n % 2], *guardian), strict=True)) if placed else {}
        writer.writerow({**row, "registrationDate": "2023-06-01", **place})
    return written.getvalue().encode()


async def _years(site: Site) -> list[int]:
    """Two school years with their classes; the first one is the current one."""
    columns = "institution_id, code, start_date, end_date, current"
    made = list[int]()
    for code, year in YEARS.items():
        days = datetime.date(year, 6, 1), datetime.date(year + 1, 4, 30)
        sql = f"INSERT INTO school_year ({columns}) VALUES ($1, $2, $3, $4, $5) RETURNING id"
        made.append(await site.owner.fetchval(sql, site.school, code, *days, not made))
        await site.owner.execute(CLASSES, site.school, made[-1], COURSES)
    return made


async def _measured(site: Site) -> None:
    operation = await site.imported("import", _file(IMPORTED, placed=False))
    await site.asked("undo import", UNDO, o=operation)
    first, second = await _years(site)
    await site.imported("placed import", _file(ROLLED, placed=True))
    await site.owner.execute(MORE_COURSES, site.school)
    await site.owner.execute("ANALYZE")
    years = {"fromSchoolYear": f"syr_{first}", "toSchoolYear": f"syr_{second}"}
    plan = (await site.asked("plan", PLAN, i=years))["rolloverPlan"]
    applied = await site.asked("apply", APPLY, i=plan)
    begun = applied["schoolEnrollmentsBegun"], applied["enrollmentsBegun"]
    if begun != (ROLLED, ROLLED * COURSES):
        raise ValueError(f"not all were rolled over: {applied}")
    await site.asked("undo", UNDO, o=applied["operation"])


async def _measure(urls: Urls, found: Settings) -> dict[str, float]:
    key, token = await sign_in(urls, Role.ADMIN)
    settle_collector()
    database = await Database.open(urls, found)
    owner = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    site = Site(create_app(Settings(database_url=None, bulk_seconds=600), database), owner, key, token)
    try:
        await _measured(site)
    finally:
        await owner.close()
        await database.close()
    return site.seconds


def told(seconds: Mapping[str, float]) -> str:
    """The figures as Markdown."""
    took = {name: f"{each:.1f} s" for name, each in seconds.items()}
    return (
        f"Over the API, once each; the limit is {BOUND} s. An import of {IMPORTED:,} students took {took['import']},"
        f" its undoing {took['undo import']}; one of {ROLLED:,} with guardian, grade level and class"
        f" {took['placed import']}. With {COURSES} courses each and statistics as autovacuum makes them, planning their"
        f" rollover took {took['plan']}, applying it {took['apply']} ({ROLLED * COURSES:,} enrolments ended, as many"
        f" begun), undoing that {took['undo']}."
    )


def measure_whole_school() -> str:
    with tempfile.TemporaryDirectory() as folder:
        found = Settings(data=Path(folder), database_url=None)
        with cluster(found) as urls:
            prepare(urls)
            return told(asyncio.run(_measure(urls, found)))


def main() -> None:
    text = measure_whole_school()
    print(text)
    keep_section(TITLE, text)


if __name__ == "__main__":
    main()
