"""An operation stops when its client goes away."""

import asyncio
from types import TracebackType

from starlette.types import Receive


class Disconnected(Exception):
    """The client has gone; nobody is left to answer."""


class StopsWithClient:
    """Cancel the body of an `async with` when the client disconnects, and raise Disconnected in its place.

    To be entered after the request's body has been read, as it takes what `receive` gives. A class, and no generator:
    an asynchronous generator costs more than all the rest of this.
    """

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.gone = False

    async def __aenter__(self) -> None:
        work = asyncio.current_task()
        assert work is not None
        self.work = work
        self.watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.work.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watcher.cancel()
        # The server's own shutdown cancels too; only the cancellation from here is turned into Disconnected.
        if self.gone and self.work.uncancel() == 0 and isinstance(error, asyncio.CancelledError):
            raise Disconnected from None
