"""An operation stops when its time is up, and when its client goes away."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import Receive

# Seconds. Most operations are over sooner, and to look out for a client takes more than a small one's statement.
PATIENCE = 0.02


class Disconnected(Exception):
    """The client has gone; nobody is left to answer."""


class Bound:
    """Cancel the body of a `with` after `seconds`, and, once it is `listening`, when the client disconnects.

    It raises TimeoutError or Disconnected then. One timer serves both: it fires after PATIENCE, or at the end where
    that is sooner, and from then on at the end. To listen takes what `receive` gives, so a body must have been read.
    """

    def __init__(self, receive: Receive, seconds: float, *, listening: bool = False) -> None:
        self.receive = receive
        self.seconds = seconds
        self.listening = listening
        self.looked = False
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
        """The request has been read: what follows has these seconds in place of the first, and ends with the client."""
        self.listening = True
        self.end = self.loop.time() + seconds
        if self.looked or seconds < PATIENCE:
            self.timer.cancel()
            self.timer = self.loop.call_later(0, self._look)

    def let_go(self) -> None:
        """From here on the client may go."""
        self.listening = False
        if self.watcher is not None:
            self.watcher.cancel()

    def _look(self) -> None:
        self.looked = True
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
        # An exception that is kept keeps the frames it has passed, and with them all that was asked.
        cause, self.cause = self.cause, None
        # The server's own shutdown cancels too; only the cancellation from here is told as what caused it.
        if cause is None or self.work.uncancel() > self.cancelled_before:
            return
        if isinstance(error, asyncio.CancelledError):
            try:
                raise cause from None
            finally:
                del cause
