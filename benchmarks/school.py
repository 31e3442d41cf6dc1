"""The school that is measured: one demo school in an embedded database of the benchmarks' own, kept between runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from app.cli.database import prepare
from app.database import Database
from app.demo.logins import Login, read_logins
from app.demo.plan import Plan, school_today
from app.demo.progress import Report
from app.demo.run import make_demo
from app.key_file import load_keys
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
# A page of 10,000 students needs as many who have not left.
STUDENTS, GRADES, ATTENDANCE = 12_000, 30, 40

SAMPLES = """
SELECT (SELECT student_id FROM attendance WHERE institution_id = $1
         GROUP BY student_id ORDER BY count(*) DESC, student_id LIMIT 1) AS student,
       marked.course_id AS marked, marked.semester_id AS semester,
       taught.course_id AS taught, taught.first_day, taught.last_day
  FROM (SELECT course_id, semester_id FROM grade WHERE institution_id = $1 AND semester_id IS NOT NULL
         GROUP BY course_id, semester_id ORDER BY count(*) DESC, course_id LIMIT 1) AS marked,
       (SELECT course_id, min(date) AS first_day, max(date) AS last_day
          FROM (SELECT course_id, date, count(*) OVER (PARTITION BY course_id ORDER BY date) AS running
                  FROM attendance WHERE institution_id = $1) AS listed
         WHERE running <= 1050 GROUP BY course_id ORDER BY max(running) DESC, course_id LIMIT 1) AS taught
"""


@dataclass(frozen=True)
class School:
    """The database of the benchmarks, the login of its REPORTER, and what the operations are asked with."""

    urls: Urls
    login: Login
    institution_id: int
    samples: dict[str, Any]

    @contextlib.asynccontextmanager
    async def database(self, *, planning: bool = True) -> AsyncIterator[Database]:
        database = await Database.open(self.urls, settings(planning))
        try:
            yield database
        finally:
            await database.close()


def settings(planning: bool = True) -> Settings:
    return Settings(data=ROOT / ".cache" / "benchmarks", database_url=None, planning=planning)


@contextlib.contextmanager
def running(report: Report) -> Iterator[tuple[Urls, Login]]:
    """The database while the body runs; the school is made when it is missing."""
    found = settings()
    with cluster(found) as urls:
        prepare(urls)
        logins = _reporters(found)
        if not logins:
            plan = Plan(school_today(), STUDENTS, GRADES, ATTENDANCE)
            asyncio.run(make_demo(urls, [plan], found.data, report, Sealer(load_keys(found))))
            logins = _reporters(found)
        yield urls, logins[0]


def _reporters(found: Settings) -> list[Login]:
    return [login for login in read_logins(found.data) if login.role == Role.REPORTER.value]


async def look_up(urls: Urls, login: Login) -> School:
    """Chooses the samples: the student with most attendance, the course with most marks, a list of about 1,000 rows."""
    connection = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    try:
        key = await connection.fetchval("SELECT id FROM institution WHERE code = $1", login.institution)
        row = await connection.fetchrow(SAMPLES, key)
    finally:
        await connection.close()
    if row is None:
        raise LookupError(f"{login.institution} has no marks and no attendance to ask for")
    samples = {
        "student": f"stu_{row['student']}",
        "marked": f"crs_{row['marked']}",
        "semester": f"sem_{row['semester']}",
        "taught": f"crs_{row['taught']}",
        "from": row["first_day"].isoformat(),
        "to": row["last_day"].isoformat(),
    }
    return School(urls, login, key, samples)
