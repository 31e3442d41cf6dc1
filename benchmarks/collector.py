"""What freezing the collector and raising its thresholds gives and costs: a process of its own for each way.

python -m benchmarks.collector default|frozen      prints one line of JSON; `compare` runs both in turn
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from app.demo.logins import Login
from app.demo.progress import Silent
from app.main import settle_collector
from app.urls import Urls
from benchmarks.operations import operations
from benchmarks.school import look_up, running
from benchmarks.servers import PLANS, opened

WAYS = ("default", "frozen")
REQUESTS, AT_ONCE = 96, 8


@dataclass(frozen=True)
class Cost:
    """Median ms of a request when several are under way, and the largest resident memory in MiB."""

    milliseconds: float
    resident: float


async def _work(urls: Urls, login: Login, way: str) -> Cost:
    school = await look_up(urls, login)
    (page,) = (each for each in operations(school) if each.title == "page of 50, nested")
    times: list[float] = []
    async with opened(school) as servers:
        await servers.ask(PLANS, page)
        if way == "frozen":
            settle_collector()

        async def client() -> None:
            for _ in range(REQUESTS // AT_ONCE):
                started = time.perf_counter()
                await servers.ask(PLANS, page)
                times.append(time.perf_counter() - started)

        await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    return Cost(statistics.median(times) * 1e3, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def compare(rounds: int = 3) -> dict[str, Cost]:
    found: dict[str, list[Cost]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            said = subprocess.run(
                [sys.executable, "-m", "benchmarks.collector", way], check=True, capture_output=True, text=True
            )
            found[way].append(Cost(**json.loads(said.stdout)))
    return {
        way: Cost(statistics.median(c.milliseconds for c in costs), statistics.median(c.resident for c in costs))
        for way, costs in found.items()
    }


if __name__ == "__main__":
    with running(Silent()) as (database, reporter):
        print(json.dumps(vars(asyncio.run(_work(database, reporter, sys.argv[1])))))
