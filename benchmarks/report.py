"""The measurements as Markdown: what is printed and kept in RESULTS.md."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import asyncpg

from app.urls import asyncpg_url
from benchmarks.access import BARE
from benchmarks.access import WAYS as ACCESS_WAYS
from benchmarks.collector import Cost
from benchmarks.operations import PARENTS, Operation
from benchmarks.school import ATTENDANCE, GRADES, STUDENTS, School
from benchmarks.timing import CORE, FLOOR, PLANS, Measured, Table

LIBRARIES = ("asyncpg", "graphql-core", "orjson", "sqlalchemy", "starlette", "strawberry-graphql", "uvloop")
WAYS = (PLANS, CORE, FLOOR)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


async def machine(school: School) -> str:
    """One paragraph about where the figures come from."""
    about = await surroundings(school.urls.api)
    return (
        f"{about} One demo school: {STUDENTS:,} students with {GRADES} marks and {ATTENDANCE} attendance rows "
        "each on average."
    )


async def surroundings(url: str) -> str:
    """The machine, and the versions of all that takes part; `url` is the database's."""
    connection = await asyncpg.connect(asyncpg_url(url))
    server = await connection.fetchval("SHOW server_version")
    await connection.close()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()}; "
        f"load average at the end {os.getloadavg()[1]:.1f}. Python {platform.python_version()}, PostgreSQL {server}; "
        f"{libraries}."
    )


def times(measured: Table, asked: Sequence[Operation]) -> str:
    rows = []
    for each in asked:
        plans, core, floor = (measured[each.title, way] for way in WAYS)
        shown = [f"{_ms(way.median)} ({_ms(way.p95)})" for way in (plans, core, floor)]
        ratios = [f"{core.ratio(plans):.1f}", f"{plans.ratio(floor):.2f}"]
        counts = [str(plans.statements), str(core.statements)]
        rows.append([each.title, *shown, *ratios, *counts, f"{plans.size:,}"])
    head = ["operation", *(f"{way}: ms (p95)" for way in WAYS), f"{CORE} ÷ {PLANS}", f"{PLANS} ÷ {FLOOR}"]
    return table([*head, f"statements, {PLANS}", f"statements, {CORE}", "bytes"], rows)


def growth(measured: Table) -> str:
    """Time of the nested page by the number of parents, as a multiple of the time of the fewest."""
    titles = [f"page of {count}, nested" for count in PARENTS]
    rows = []
    for way in WAYS:
        base = measured[titles[0], way]
        rows.append([way, *(f"{measured[title, way].ratio(base):.2f}" for title in titles)])
    return table(["", *(f"{count} parents" for count in PARENTS)], rows)


def memory(peaks: Mapping[tuple[str, str], int], measured: Table, asked: Sequence[Operation]) -> str:
    rows = []
    for each in asked:
        size = measured[each.title, PLANS].size
        shown = [f"{peaks[each.title, way] / 2**20:.1f} ({peaks[each.title, way] / size:.1f})" for way in WAYS]
        rows.append([each.title, f"{size / 2**20:.2f}", *shown])
    return table(["operation", "answer, MiB", *(f"{way}: MiB (÷ answer)" for way in WAYS)], rows)


def collector(costs: Mapping[str, Cost]) -> str:
    rows = [[way, f"{cost.milliseconds:.1f}", f"{cost.resident:.0f}"] for way, cost in costs.items()]
    return table(["collector", "median ms, 8 at once", "largest resident memory, MiB"], rows)


def access(measured: Iterable[tuple[str, Mapping[str, Measured]]]) -> str:
    """Median milliseconds, and how many times those of the bare way."""
    rows = []
    for title, found in measured:
        bare = found[BARE]
        shown = [f"{_ms(found[way].median)} ({found[way].ratio(bare):.2f})" for way in ACCESS_WAYS]
        rows.append([title, *shown])
    return table(["operation", *(f"{way}: ms (÷ {BARE})" for way in ACCESS_WAYS)], rows)
