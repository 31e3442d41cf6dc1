"""What reads must still write, written for all of them together: the access log, and that sessions and keys were used.

    an operation ── its note ──► queue ── each half second, sooner when it is long ──► one short transaction a school

A read's own transaction is read-only, and its answer does not wait for these rows. What that costs and saves:

- A process that is killed loses what it noted since its last flush: half a second, and never more than a second while
  the database takes what it is given. A clean stop writes everything.
- A database that fails is tried again, and nothing is dropped meanwhile: the failure is logged and counted in
  `failures`. Once `bound` readings wait, operations wait too before they read: nothing is shown that could not be
  recorded.
- Where a connection breaks while it commits, the notes may be written twice.

What has been written is then shown to whoever watches for alarms, whose own notes go the same way.

Writing them before the answer leaves was measured against this, without waiting for a disk: the median of the
single-student read took 4.2 times as long, that of the nested page 1.7 times; noted here, both stay within 3 %.
"""

import asyncio
import contextlib
import contextvars
import datetime
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncSession

from app import metrics
from resolvers.trail.notes import Written, write

log = logging.getLogger("schoolgraph.flusher")
SECONDS, LONGEST_PAUSE, LAST_ATTEMPTS = 0.5, 5.0, 3
TIMEOUT = 30.0
BOUND = 50_000
Writing = Callable[[int, float], AbstractAsyncContextManager[AsyncSession]]
Watching = Callable[[Sequence[Written]], Awaitable[None]]


class Flusher:
    """A queue of notes, and the task that empties it while there is something in it.

    `writing(institution_id, timeout)` opens a transaction; `watching` is shown the notes that were written. They are
    counted by their weight, in `waiting` and `written`; `failures` counts attempts.
    """

    def __init__(self, writing: Writing, watching: Watching, *, seconds: float = SECONDS, bound: int = BOUND) -> None:
        self.writing = writing
        self.watching = watching
        self.seconds = seconds
        self.bound = bound
        self.waiting = self.written = self.failures = 0
        self._queue: deque[Written] = deque()
        self._task: asyncio.Task[None] | None = None
        self._hurry, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._closing = False

    def put(self, note: Written) -> None:
        """Have a note written soon; never waits."""
        self._queue.append(note)
        self.waiting += note.weight
        if self.waiting >= self.bound:
            self._room.clear()
        if 2 * self.waiting >= self.bound:
            self._hurry.set()
        if self._task is None or self._task.done():
            # The task serves many operations, and is none of theirs: it logs under no request's id.
            self._task = asyncio.create_task(self._empty(), context=contextvars.Context())

    async def room(self) -> None:
        """Wait until less than `bound` readings wait."""
        await self._room.wait()

    async def close(self) -> None:
        """Write all that waits; what the database refuses to the last is logged as lost."""
        self._closing = True
        self._hurry.set()
        if self._task is not None:
            await self._task

    async def _empty(self) -> None:
        pause, last_attempts = self.seconds, LAST_ATTEMPTS
        while self._queue and last_attempts:
            await self._pause(pause)
            failed = await self._flush()
            pause = min(2 * pause, LONGEST_PAUSE) if failed else self.seconds
            last_attempts -= failed and self._closing
        if self._queue:
            log.error("%d readings and uses are lost: the database did not take them", self.waiting)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        self._hurry.clear()

    async def _flush(self) -> bool:
        """Write what waits, school by school; whether any of them failed, whose notes then wait on."""
        notes, self._queue = self._queue, deque()
        failed = [group for group in _by_institution(notes) if not await self._write(group)]
        self._queue.extendleft(note for group in reversed(failed) for note in reversed(group))
        self.waiting = sum(note.weight for note in self._queue)
        if self.waiting < self.bound:
            self._room.set()
        return bool(failed)

    async def _write(self, notes: list[Written]) -> bool:
        institution_id, weight = notes[0].institution_id, sum(note.weight for note in notes)
        try:
            async with self.writing(institution_id, TIMEOUT) as session:
                await write(session, institution_id, notes, datetime.datetime.now(datetime.UTC))
        except Exception:
            # Whatever it is, the notes are kept and tried again: there is nobody else who could.
            self.failures += 1
            metrics.UNWRITTEN.inc()
            log.exception(
                "%d readings and uses of institution %d could not be written and are tried again",
                weight,
                institution_id,
            )
            return False
        self.written += weight
        metrics.WRITTEN.inc(weight)
        await self._show(notes)
        return True

    async def _show(self, notes: list[Written]) -> None:
        try:
            await self.watching(notes)
        except Exception:
            # They are written, which is what matters; the next ones are looked at together with them.
            log.exception("what was written could not be looked at for alarms")


def _by_institution(notes: Iterable[Written]) -> list[list[Written]]:
    groups: dict[int, list[Written]] = {}
    for note in notes:
        groups.setdefault(note.institution_id, []).append(note)
    return list(groups.values())
