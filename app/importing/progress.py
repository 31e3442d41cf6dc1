"""How far an import is: a bar on a terminal, a line for each step elsewhere."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


class Steps(Protocol):
    """`begin` names the next step and how much there is to do in it, in any unit; `advance` says what was done."""

    def begin(self, title: str, total: int) -> None: ...

    def advance(self, done: int) -> None: ...


class Silent:
    def begin(self, title: str, total: int) -> None:
        return None

    def advance(self, done: int) -> None:
        return None


class Lines:
    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, title: str, total: int) -> None:
        self._console.print(title, highlight=False)

    def advance(self, done: int) -> None:
        return None


class Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def begin(self, title: str, total: int) -> None:
        self._progress.reset(self._task, description=title, total=max(total, 1))

    def advance(self, done: int) -> None:
        self._progress.advance(self._task, done)


@contextlib.contextmanager
def steps_on(console: Console) -> Iterator[Steps]:
    """The steps as they suit the console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress)
