"""How much memory one request takes at its peak, over what was there before: Python's own allocations."""

import gc
import tracemalloc

from benchmarks.operations import Operation
from benchmarks.servers import WAYS, Servers


async def peak(servers: Servers, way: str, operation: Operation) -> int:
    """Bytes at the peak of one request that is not the first of its kind."""
    await servers.ask(way, operation)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await servers.ask(way, operation)
        _, most = tracemalloc.get_traced_memory()
        return most - before
    finally:
        tracemalloc.stop()


async def peaks(servers: Servers, asked: list[Operation]) -> dict[tuple[str, str], int]:
    return {(each.title, way): await peak(servers, way, each) for each in asked for way in WAYS}
