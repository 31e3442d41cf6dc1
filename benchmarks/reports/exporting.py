"""How much memory an export takes at its peak, and how long: a tenth of the school's students, and all of them."""

import gc
import time
import tracemalloc
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import ASGIApp

from app.main import create_app
from benchmarks.access import Given
from benchmarks.calls import Request, deliver
from benchmarks.report import table
from benchmarks.reports.school import BigSchool, settings
from resolvers.viewer import Viewer

QUERY = """query ($first: Int!) { students(first: $first) { nodes {
    id studentNumber firstName lastName gender dateOfBirth status createdAt mobile email city district } } }"""
FORMATS, ROWS = ("csv", "ndjson", "xlsx"), (5_000, 50_000)


class Known(Given):
    """Whoever asks is the one who is given."""

    async def viewer(self, token: str, address: str | None = None) -> Viewer:
        return self.known


@dataclass(frozen=True)
class Taken:
    """Bytes of the file and at the peak, what was there before aside, and seconds while nothing was counted."""

    size: int
    peak: int
    seconds: float


async def export(app: ASGIApp, first: int, format: str) -> int:
    """How long the file is; none of it is kept."""
    body = orjson.dumps({"query": QUERY, "variables": {"first": first}, "format": format})
    headers = (b"content-type", b"application/json"), (b"authorization", b"Bearer of-the-benchmark")
    size = 0

    def count(piece: bytes) -> None:
        nonlocal size
        size += len(piece)

    status = await deliver(app, "/export", Request(body, headers), count)
    if status != 200:
        raise ValueError(f"status {status}")
    return size


async def taken(app: ASGIApp, first: int, format: str) -> Taken:
    started = time.perf_counter()
    size = await export(app, first, format)
    seconds = time.perf_counter() - started
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await export(app, first, format)
        return Taken(size, tracemalloc.get_traced_memory()[1] - before, seconds)
    finally:
        tracemalloc.stop()


async def exports(school: BigSchool, viewer: Viewer) -> str:
    """The table of all formats."""
    rows = []
    async with school.database() as database:
        given: Any = Known(database, viewer)
        app = create_app(settings(), given)
        for format in FORMATS:
            few, many = [await taken(app, first, format) for first in ROWS]
            sizes = [f"{each.size / 2**20:.1f}" for each in (few, many)]
            peaks = [f"{each.peak / 2**20:.1f}" for each in (few, many)]
            rows.append([format, f"{many.seconds:.1f}", *sizes, *peaks])
    few_rows, many_rows = (f"{number:,}" for number in ROWS)
    header = [f"s, {many_rows}"]
    header += [f"{part}, {number} rows" for part in ("MiB", "MiB at the peak") for number in (few_rows, many_rows)]
    return table(["format", *header], rows)
