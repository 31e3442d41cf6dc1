"""How far a load is: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

SECONDS_BETWEEN_LINES = 5.0


class Report(Protocol):
    """`advance` is called as rows are loaded; `begin` names a piece of work of `total` rows."""

    def begin(self, title: str, total: int) -> None: ...

    def advance(self, rows: int) -> None: ...


class Silent:
    def begin(self, title: str, total: int) -> None:
        return None

    def advance(self, rows: int) -> None:
        return None


class Lines:
    """A line at the beginning and the end of each piece of work, and every few seconds between."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.title, self.total, self.done = "", 0, 0
        self.spoken = time.monotonic()

    def begin(self, title: str, total: int) -> None:
        self.title, self.total, self.done = title, total, 0
        self.spoken = time.monotonic()
        self.console.print(f"{title}: {total:,} rows to load", highlight=False)

    def advance(self, rows: int) -> None:
        self.done += rows
        now = time.monotonic()
        if self.done >= self.total or now - self.spoken >= SECONDS_BETWEEN_LINES:
            self.spoken = now
            self.console.print(f"{self.title}: {self.done:,} of {self.total:,} rows", highlight=False)


class Bar:
    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = TaskID(0)

    def begin(self, title: str, total: int) -> None:
        self.task = self.progress.add_task(title, total=total)

    def advance(self, rows: int) -> None:
        self.progress.advance(self.task, rows)


@contextmanager
def report_to(console: Console) -> Iterator[Report]:
    """The report that suits the console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        yield Bar(progress)
