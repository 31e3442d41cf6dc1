"""An operation stops when its time is up, and when its client goes away."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import Receive

# Most operations are over by then: to look for their client and for their end takes more than a small one's statement.
PATIENCE = 0.02


class Disconnected(Exception):
    """The client has gone; nobody is left to answer."""


class Bound:
    """Cancel the body of a `with` after `seconds`, or when the client disconnects from where it is listened for.

    It raises TimeoutError or Disconnected then. One timer does for both, which is first looked at after PATIENCE
    seconds, or when the time is up before. To listen takes what `receive` gives: the request must have been read.
    """

    def __init__(self, receive: Receive, seconds: float, *, listening: bool = False) -> None:
        self.receive = receive
        self.seconds = seconds
        self.listening = listening
        self.patient = True
        self.cause: TimeoutError | Disconnected | None = None
        self.watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        work = asyncio.current_task()
        assert work is not None
        self.work, self.cancelled_before = work, work.cancelling()
        self.loop = asyncio.get_running_loop()
        self.end = self.loop.time() + self.seconds
        self.timer = self.loop.call_later(min(self.seconds, PATIENCE), self._look)
        return self

    def listen(self, seconds: float) -> None:
        """The request has been read: what follows has so many seconds, and ends with the client."""
        self.listening = True
        self.end = self.loop.time() + seconds
        if seconds < PATIENCE or not self.patient:
            self.timer.cancel()
            self._look()

    def let_go(self) -> None:
        """From here on the client may go."""
        self.listening = False
        if self.watcher is not None:
            self.watcher.cancel()

    def _look(self) -> None:
        self.patient = False
        if self.loop.time() >= self.end:
            self._stop(TimeoutError())
            return
        if self.listening and self.watcher is None:
            self.watcher = asyncio.create_task(self._watch())
        self.timer = self.loop.call_at(self.end, self._look)

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self._stop(Disconnected())

    def _stop(self, cause: TimeoutError | Disconnected) -> None:
        if self.cause is None:
            self.cause = cause
            self.work.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        self.let_go()
        # The server's own shutdown cancels too; only the cancellation from here is told as what caused it.
        ours = self.cause is not None and self.work.uncancel() <= self.cancelled_before
        if ours and isinstance(error, asyncio.CancelledError):
            assert self.cause is not None
            raise self.cause from None
