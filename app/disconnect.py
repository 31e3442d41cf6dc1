"""An operation stops when its client goes away."""

import asyncio
from types import TracebackType

from starlette.types import Receive

# Most operations are over by then, and a task that waits for nothing costs as much as a small one's statement.
PATIENCE = 0.02


class Disconnected(Exception):
    """The client has gone; nobody is left to answer."""


class StopsWithClient:
    """Cancel the body of a `with` when the client disconnects, and raise Disconnected in its place.

    To be entered after the request's body has been read, as it takes what `receive` gives; it begins to listen when the
    body has taken PATIENCE seconds.
    """

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.gone = False
        self.watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        work = asyncio.current_task()
        assert work is not None
        self.work = work
        self.timer = asyncio.get_running_loop().call_later(PATIENCE, self._listen)

    def _listen(self) -> None:
        self.watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.work.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        if self.watcher is not None:
            self.watcher.cancel()
        # The server's own shutdown cancels too; only the cancellation from here is turned into Disconnected.
        if self.gone and self.work.uncancel() == 0 and isinstance(error, asyncio.CancelledError):
            raise Disconnected from None
