"""Measures reports beside bare SQL, prints the table and keeps it in RESULTS.md beside this file.

python -m benchmarks.reports [--rounds 3]      the first run makes the school it measures with, in some two minutes
"""

import argparse
import asyncio
import contextlib
import datetime
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import uvloop

from app.main import create_app, settle_collector
from app.urls import asyncpg_url
from benchmarks.access import Given
from benchmarks.calls import request, send
from benchmarks.report import surroundings, table
from benchmarks.reports.exporting import exports
from benchmarks.reports.matrix import matrix_sql
from benchmarks.reports.school import COURSE, FIRST_DAY, LAST_DAY, SEMESTER, BigSchool, running, settings
from benchmarks.servers import Statements
from benchmarks.timing import Measured, turn_of
from models import Role
from resolvers.viewer import Viewer

HERE = Path(__file__).resolve().parent
NAMED = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name:|\Z)", re.MULTILINE | re.DOTALL)
VARIABLES: dict[str, dict[str, Any]] = {
    "statistics": {"from": FIRST_DAY, "to": LAST_DAY},
    "chronic": {"from": FIRST_DAY, "to": LAST_DAY},
    "groups": {},
    "ranking": {"semester": f"sem_{SEMESTER}"},
    "lacking": {"semester": f"sem_{SEMESTER}"},
    "matrix": {"course": f"crs_{COURSE}", "semester": f"sem_{SEMESTER}"},
}
# What each report is compared with, and who asks for it.
BARE = {
    "statistics": ("marks", "joined", "expected"),
    "chronic": ("joined",),
    "groups": ("joined",),
    "ranking": ("averages",),
    "lacking": ("averages",),
    "matrix": ("json",),
}
# What takes milliseconds has many turns a round: what else the machine does would decide over one.
SHORT, TURNS_OF_SHORT = ("matrix", "json"), 8
TITLES = {
    "statistics": "attendanceStatistics, 5 million marks",
    "chronic": "chronicAbsence of 50,000",
    "groups": "aggregate(of: ATTENDANCE) of 50,000",
    "ranking": "ranking of 50,000",
    "lacking": "missingGrades of 50,000",
    "matrix": "courseGradeMatrix, 40 by 12",
}
INTRODUCTION = """# Reports

Written by `python -m benchmarks.reports`: a school of 50,000 in 1,250 classes, with 5 million marks of attendance and
1.2 million marks. Reports are whole operations, as ADMIN, with row-level security; beside them, in turn, bare SQL:

- **marks**: attendance with courses and codes by level, section and status, as the owner of the tables;
- **joined**: the same with enrolments, calendar and rosters, which say what of it counts;
- **expected**: what was expected, apart;
- **averages**: the mean score of each student, ranked;
- **json**: the figures of the same matrix as JSON that PostgreSQL makes, with row-level security.

Times are medians; a ratio is taken within each round, then its median.
"""
EXPORTING = """## Exports

Students with twelve columns, sent in parts to a client who keeps nothing. The peak is what Python allocated beyond what
was there before; the seconds are of a run in which nothing was counted."""
Ways = dict[str, Callable[[], Awaitable[object]]]


def admin_of(school: BigSchool) -> Viewer:
    return Viewer(0, school.id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)


@contextlib.asynccontextmanager
async def ways(school: BigSchool) -> AsyncIterator[Ways]:
    """What is measured, by name."""
    text = (HERE / "operations.graphql").read_text()
    days = [datetime.date.fromisoformat(day) for day in (FIRST_DAY, LAST_DAY)]
    owner = await asyncpg.connect(asyncpg_url(school.urls.owner or ""))
    api = await asyncpg.connect(asyncpg_url(school.urls.api), server_settings={"app.institution_id": str(school.id)})
    try:
        async with school.database() as database:
            given: Any = Given(database, admin_of(school))
            app = create_app(settings(), given)
            found: Ways = {
                name: partial(send, app, request(text, name, variables)) for name, variables in VARIABLES.items()
            }
            for name, sql in NAMED.findall((HERE / "bare.sql").read_text()):
                found[name] = partial(owner.fetch, sql, school.id, *days)
            json, values = matrix_sql(school.id, datetime.date.today())
            found["json"] = partial(api.fetchval, json, *values)
            yield found
    finally:
        await owner.close()
        await api.close()


async def measured(school: BigSchool, rounds: int) -> tuple[dict[str, Measured], dict[str, int]]:
    """What was measured of each way, and how many statements each report took."""
    counted, statements = Statements(), {}
    log = logging.getLogger("schoolgraph.operation")
    log.addHandler(counted)
    log.setLevel(logging.INFO)
    log.propagate = False
    async with ways(school) as found:
        for name, ask in found.items():
            await ask()
            statements[name] = counted.last if name in VARIABLES else 1
        settle_collector()
        taken = {name: Measured() for name in found}
        for number in range(rounds):
            order = list(found)[number % len(found) :] + list(found)[: number % len(found)]
            for name in [name for name in order if name not in SHORT] + list(SHORT) * TURNS_OF_SHORT:
                taken[name].rounds.append(await turn_of(found[name]))
    return taken, statements


def shown(taken: dict[str, Measured], statements: dict[str, int]) -> str:
    rows = []
    for report, bare in BARE.items():
        mine = taken[report]
        beside = ", ".join(f"{name} {taken[name].median * 1e3:.4g} ({mine.ratio(taken[name]):.2f})" for name in bare)
        rows.append([TITLES[report], f"{mine.median * 1e3:.4g}", str(statements[report]), beside])
    return table(["report", "ms", "statements", "bare SQL: ms (report ÷ bare)"], rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    rounds = arguments.parse_args().rounds
    with running() as school, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        text = shown(*runner.run(measured(school, rounds)))
        text += f"\n\n{EXPORTING}\n\n{runner.run(exports(school, admin_of(school)))}"
        machine = runner.run(surroundings(school.urls.api))
        about = f"{datetime.date.today():%d %B %Y}: {machine} Rounds: {rounds}."
    print(text)
    (HERE / "RESULTS.md").write_text(f"{INTRODUCTION}\n{about}\n\n{text}\n")


if __name__ == "__main__":
    main()
