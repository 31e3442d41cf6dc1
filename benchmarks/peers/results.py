"""Writes the yardstick's measurements into `benchmarks/RESULTS.md`, beside what they are meant to be.

    python -m benchmarks.peers.results RAW.json [--conditions "what else the machine did"]

RAW.json is the file that `bench.sh` names when it is done, of a run with floor, mine, levels,
mercurius and postgraphile.
"""

import argparse
import json
import re
import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import table

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"
HEADING = "## Side by side"
SECTION = re.compile(rf"^{HEADING}.*\Z", re.MULTILINE | re.DOTALL)
# p50 at one connection, as a multiple of the floor's; requests a second at 16, as a multiple of the peer's.
LATENCY = {"Q1": 1.8, "Q2": 1.5, "Q3": 0.75, "Q4": 0.75, "Q5": 0.6, "Q6": 0.85}
MERCURIUS = {"Q2": 1.5, "Q3": 4.0, "Q4": 2.5, "Q5": 6.0, "Q6": 1.5}
POSTGRAPHILE = 1.0
SERVERS = ("floor", "mine", "levels", "mercurius", "postgraphile")

Row = dict[str, Any]
Rows = dict[tuple[str, str, int], dict[int, Row]]


def by_round(measured: list[Row]) -> Rows:
    found: Rows = defaultdict(dict)
    for row in measured:
        found[row["server"], row["op"], row["connections"]][row["round"]] = row
    return found


def ratio(rows: Rows, op: str, field: str, connections: int, other: str, server: str = "mine") -> float:
    """Ours by the other's: within each round, then the median."""
    mine, theirs = rows[server, op, connections], rows[other, op, connections]
    ratios: list[float] = [mine[n][field] / theirs[n][field] for n in mine if n in theirs]
    return statistics.median(ratios)


def median(rows: Rows, server: str, op: str, connections: int, field: str) -> float:
    values: list[float] = [row[field] for row in rows[server, op, connections].values()]
    return statistics.median(values)


def judged(value: float, target: float | None, fits: Callable[[float, float], bool]) -> str:
    if target is None:
        return f"{value:.2f}"
    return f"{value:.2f} ({'' if fits(value, target) else '**missed**, '}{target:g})"


HEAD = [
    "op",
    "floor, ms",
    "ours, ms",
    "ours ÷ floor (at most)",
    "by hand ÷ floor",
    "ours, requests/s",
    "by hand, requests/s",
    "÷ mercurius (at least)",
    "÷ postgraphile (at least)",
    "processor ms of the server: floor / ours / by hand / mercurius / postgraphile",
]


def line(rows: Rows, op: str, latency: float) -> list[str]:
    floor, mine = (median(rows, server, op, 1, "p50") for server in ("floor", "mine"))
    cpu = [f"{median(rows, server, op, 16, 'cpu'):.2f}" for server in SERVERS]
    return [
        op,
        f"{floor:.3g}",
        f"{mine:.3g}",
        judged(ratio(rows, op, "p50", 1, "floor"), latency, float.__le__),
        f"{ratio(rows, op, 'p50', 1, 'floor', 'levels'):.2f}",
        f"{median(rows, 'mine', op, 16, 'rps'):,.0f}",
        f"{median(rows, 'levels', op, 16, 'rps'):,.0f}",
        judged(ratio(rows, op, "rps", 16, "mercurius"), MERCURIUS.get(op), float.__ge__),
        judged(ratio(rows, op, "rps", 16, "postgraphile"), POSTGRAPHILE, float.__ge__),
        " / ".join(cpu),
    ]


def side_by_side(rows: Rows, conditions: str) -> str:
    lines = [line(rows, op, latency) for op, latency in LATENCY.items()]
    rounds = len(rows["mine", "Q1", 1])
    client = max(row["client"] for each in rows.values() for row in each.values())
    return (
        f"{HEADING}\n\nThe yardstick's `large`, over HTTP, one process each, ours with a token, row-level security and "
        f"limits (`benchmarks/peers`). Medians of {rounds} interleaved rounds; the client took at most {client:.0%} of "
        "a core. ms at one connection; requests and processor time at 16. In brackets what was aimed for. By hand: "
        "dicts of the same rows, without an engine, a token, limits or a log (`benchmarks/peers/levels.py`).\n"
        f"{conditions}\n\n{table(HEAD, lines)}\n"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("raw", type=Path, help="the JSON that bench.sh wrote")
    arguments.add_argument("--conditions", default="", help="a sentence about the machine meanwhile")
    given = arguments.parse_args()
    text = side_by_side(by_round(json.loads(given.raw.read_text())), given.conditions)
    kept = SECTION.sub("", RESULTS.read_text()) if RESULTS.exists() else ""
    RESULTS.write_text(f"{kept.rstrip()}\n\n{text}".lstrip())
    print(text)


if __name__ == "__main__":
    main()
