"""Times, in interleaved rounds: every round asks each operation each way, beginning with another way."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import orjson

from benchmarks.operations import Operation
from benchmarks.servers import CORE, FLOOR, PLANS, WAYS, Servers

# An operation is asked again in a round until so much time is spent on it, and at least once.
SECONDS_A_TURN = 0.15


@dataclass
class Measured:
    """Seconds of each request, round by round; bytes of the answer; statements, transaction control aside."""

    size: int = 0
    statements: int = 0
    rounds: list[list[float]] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(time for turn in self.rounds for time in turn)

    @property
    def p95(self) -> float:
        times = sorted(time for turn in self.rounds for time in turn)
        return times[min(len(times) - 1, int(0.95 * len(times)))]

    def ratio(self, other: "Measured") -> float:
        """How many times as long as the other: the ratio of each round's medians, then the median of those."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(statistics.median(mine) / statistics.median(theirs) for mine, theirs in pairs)


Table = dict[tuple[str, str], Measured]


class Differs(Exception):
    """A way gave another answer than the plans."""


async def check(servers: Servers, operation: Operation, table: Table) -> None:
    """All ways must give the same values; also warms up what is prepared at the first request."""
    wanted = orjson.loads(await servers.ask(PLANS, operation))
    for way in WAYS:
        body = await servers.ask(way, operation)
        if orjson.loads(body) != wanted:
            raise Differs(f"{operation.title}: {way} gives another answer than {PLANS}")
        statements = 1 if way == FLOOR else servers.statements.last
        table[operation.title, way] = Measured(len(body), statements)


async def turn_of(ask: Callable[[], Awaitable[object]]) -> list[float]:
    """How long each request of one turn took, in seconds."""
    times: list[float] = []
    while not times or sum(times) < SECONDS_A_TURN:
        started = time.perf_counter()
        await ask()
        times.append(time.perf_counter() - started)
    return times


async def turn(servers: Servers, way: str, operation: Operation) -> list[float]:
    return await turn_of(partial(servers.ask, way, operation))


async def measure(servers: Servers, asked: list[Operation], rounds: int) -> Table:
    table: Table = {}
    for operation in asked:
        await check(servers, operation, table)
    for number in range(rounds):
        first = number % len(WAYS)
        for operation in asked:
            for way in WAYS[first:] + WAYS[:first]:
                table[operation.title, way].rounds.append(await turn(servers, way, operation))
    return table


__all__ = ["CORE", "FLOOR", "PLANS", "Differs", "Measured", "Table", "measure", "turn_of"]
