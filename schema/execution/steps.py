"""Carries a plan's work out: what is to be read is sent as soon as it is known, and the connection is kept busy.

Work is written as generators. One yields an `Ask` and is sent its rows, or yields a list of generators, or a `Fork` of
them, and is sent what they returned; they go on side by side. So all that hangs below a level is asked for at once:

    few rows      the statements that wait are sent as one message: each by itself costs more than what it reads
    many rows     the next statement is on its way while the rows of the last become dicts

However many rows come as text, they are one row here.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from resolvers.context import Context
from resolvers.pieces import Pieces
from resolvers.statements import Statement

T = TypeVar("T")
Steps = Generator[Any, Any, T]
# A row of a statement sent with others takes PostgreSQL and the driver twice as long: this is for few rows only.
TOGETHER = 8
# Fewer rows are dealt with sooner than another task is started.
MANY_ROWS = 100


@dataclass(frozen=True)
class Ask:
    """A statement to be run; `few` says that it gives no more than some dozens of rows."""

    statement: Statement
    values: Mapping[str, Any]
    few: bool = False


@dataclass(frozen=True)
class Fork:
    """Generators to go on side by side, and what is to be done while the database is busy with what they ask.

    It is answered by what they returned and then by what `meanwhile` did.
    """

    parts: list[Steps[Any]]
    meanwhile: Callable[[], Any]


@dataclass
class _Work:
    """A generator at work, which its parent waits for under `place`."""

    steps: Steps[Any]
    parent: "_Work | None" = None
    place: int = 0
    missing: int = 0
    answers: list[Any] = field(default_factory=list)
    meanwhile: Callable[[], Any] | None = None

    def use_time(self) -> None:
        if self.meanwhile is not None:
            self.answers.append(self.meanwhile())
            self.meanwhile = None


class _Schedule:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.answer: Any = None
        self.ready: deque[tuple[_Work, Any]] = deque()
        self.waiting: deque[tuple[_Work, Any]] = deque()
        self.busy: list[_Work] = []
        self.started: asyncio.Task[list[Any]] | None = None

    def advance(self) -> None:
        """Everything goes on until it has to read."""
        ready = self.ready
        while ready:
            work, answer = ready.popleft()
            try:
                wanted = work.steps.send(answer)
            except StopIteration as done:
                self.deliver(work, done.value)
                continue
            self.want(work, wanted)

    def want(self, work: _Work, wanted: Any) -> None:
        if isinstance(wanted, Fork):
            work.meanwhile, wanted = wanted.meanwhile, wanted.parts
            self.busy.append(work)
        if not isinstance(wanted, list):
            self.waiting.append((work, wanted))
            return
        work.missing, work.answers = len(wanted), [None] * len(wanted)
        self.ready.extend((_Work(steps, work, place), None) for place, steps in enumerate(wanted))
        if not wanted:
            self.ready.append((work, []))

    def deliver(self, work: _Work, answer: Any) -> None:
        parent = work.parent
        if parent is None:
            self.answer = answer
            return
        parent.answers[work.place] = answer
        parent.missing -= 1
        if parent.missing == 0:
            parent.use_time()
            self.ready.append((parent, parent.answers))

    def take(self) -> list[tuple[_Work, Any]]:
        """What is sent next: one, or several of few rows."""
        waiting = self.waiting
        taken = [waiting.popleft()]
        if _few(taken[0]):
            while waiting and len(taken) < TOGETHER and _few(waiting[0]):
                taken.append(waiting.popleft())
        return taken

    async def read(self, taken: list[tuple[_Work, Any]]) -> list[Any]:
        context, (_, wanted) = self.context, taken[0]
        if isinstance(wanted, Coroutine):
            return [await wanted]
        if len(taken) == 1:
            return [await context.rows_of(wanted.statement, wanted.values, bare=True)]
        return await context.fetch_together([(each.statement, each.values) for _, each in taken])

    async def start(self, taken: list[tuple[_Work, Any]]) -> None:
        self.started = asyncio.create_task(self.read(taken))
        # Once for the task to begin, once for the loop to write what it has begun.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def use_time(self) -> None:
        for work in self.busy:
            work.use_time()
        self.busy.clear()

    def go_on(self, taken: list[tuple[_Work, Any]], found: list[Any]) -> None:
        self.ready.extend((work, rows) for (work, _), rows in zip(taken, found, strict=True))
        self.advance()

    async def run(self) -> Any:
        try:
            self.advance()
            while self.waiting:
                await self.exchange(self.take())
        finally:
            self.close()
            if self.started is not None and not self.started.done():
                self.started.cancel()
                await asyncio.wait([self.started])
        return self.answer

    async def exchange(self, taken: list[tuple[_Work, Any]]) -> None:
        """Read, and what waits already with it, so that the database need not wait for what is made of many rows."""
        if self.busy:
            await self.start(taken)
            self.use_time()
            found = await self.result()
        else:
            found = await self.read(taken)
        while self.waiting and isinstance(found[0], Sequence | Pieces) and len(found[0]) >= MANY_ROWS:
            following = self.take()
            await self.start(following)
            self.go_on(taken, found)
            self.use_time()
            taken, found = following, await self.result()
        self.go_on(taken, found)

    async def result(self) -> list[Any]:
        assert self.started is not None
        return await self.started

    def close(self) -> None:
        """What was to be awaited and never will be, since something failed before."""
        for _, wanted in self.waiting:
            if isinstance(wanted, Coroutine):
                wanted.close()


def _few(waiting: tuple[_Work, Any]) -> bool:
    return isinstance(waiting[1], Ask) and waiting[1].few


async def carry_out(context: Context, steps: Steps[T]) -> T:
    """What the generator returns. Raises what it raises, and what the database does."""
    wanted: Any = None
    try:
        wanted = steps.send(None)
        # One statement after another needs no schedule.
        while not isinstance(wanted, list | Fork):
            fetched = context.rows_of(wanted.statement, wanted.values, bare=True) if isinstance(wanted, Ask) else wanted
            wanted = steps.send(await fetched)
    except StopIteration as done:
        answer: T = done.value
        return answer
    schedule = _Schedule(context)
    schedule.want(_Work(steps), wanted)
    return cast(T, await schedule.run())
