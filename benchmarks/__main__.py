"""`make bench`: measures, prints the tables and keeps them in RESULTS.md.

python -m benchmarks [--rounds 7]      some minutes; the first run makes the school it measures with
"""

import argparse
import asyncio
import datetime
import re
from collections.abc import Mapping

import uvloop
from rich.console import Console

from app.demo.logins import Login
from app.demo.progress import report_to
from app.main import settle_collector
from app.urls import Urls
from benchmarks import report
from benchmarks.access import measure_access
from benchmarks.collector import Cost, compare
from benchmarks.importing import IMPORTING, measure_import, told
from benchmarks.memory import peaks
from benchmarks.operations import operations
from benchmarks.results import RESULTS
from benchmarks.school import School, look_up, running
from benchmarks.servers import opened
from benchmarks.timing import measure
from benchmarks.whole_school import TITLE, measure_whole_school

# The part of the results that this command writes; what follows is kept.
OWN = re.compile(r"\A.*?(?=^## Side by side|\Z)", re.MULTILINE | re.DOTALL)
INTRODUCTION = """# Results

Written by `make bench`. Three ways to answer one operation, asked in turn in one process, without a socket: **plans**,
the server as it runs; **graphql-core**, the same server with plans switched off, over the same batches; and the
**floor**, one hand-written statement whose JSON PostgreSQL makes and the process sends as it is, in the same kind of
transaction but without GraphQL and without a token. All three gave the same values before anything was measured. Times
are medians over all rounds; a ratio is taken within each round, then its median.
"""


async def run(school: School, rounds: int, costs: Mapping[str, Cost], whole: str) -> str:
    asked = operations(school)
    async with opened(school) as servers:
        settle_collector()
        measured = await measure(servers, asked, rounds)
        taken = await peaks(servers, asked)
    watched = await measure_access(school, 3 * rounds)
    imported = await measure_import(school.urls, rounds)
    parts = [
        INTRODUCTION,
        f"{datetime.date.today():%d %B %Y}: {await report.machine(school)} Rounds: {rounds}.\n",
        f"## Times\n\n{report.times(measured, asked)}\n",
        f"## Growth of the nested page\n\n{report.growth(measured)}\n",
        "## Memory of one request at its peak\n\nWhat Python allocated beyond what was there before.\n\n"
        f"{report.memory(taken, measured, asked)}\n",
        "## Authentication, scope and policy\n\n**bare** is an ADMIN who need not sign in; the others have a token, "
        f"and the TEACHER a scope and hidden columns.\n\n{report.access(watched)}\n",
        f"## Importing students\n\n{IMPORTING}\n\n{told(imported)}\n",
        f"## {TITLE}\n\n{whole}\n",
        "## The collector\n\nThe page of 50, by plans, in processes of their own, with the collector as Python has it "
        f"and as the server sets it after its start.\n\n{report.collector(costs)}\n",
    ]
    return "\n".join(parts)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=7, help="of all operations, all ways")
    rounds = arguments.parse_args().rounds
    whole = measure_whole_school()
    with report_to(Console()) as progress, running(progress) as (urls, login):
        costs = compare()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            text = runner.run(_measured(urls, login, rounds, costs, whole))
    print(text)
    kept = OWN.sub("", RESULTS.read_text(), count=1) if RESULTS.exists() else ""
    RESULTS.write_text(f"{text}\n{kept}".rstrip() + "\n")


async def _measured(urls: Urls, login: Login, rounds: int, costs: Mapping[str, Cost], whole: str) -> str:
    return await run(await look_up(urls, login), rounds, costs, whole)


if __name__ == "__main__":
    main()
