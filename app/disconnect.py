"""An operation stops when its client goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Receive


class Disconnected(Exception):
    """The client has gone; nobody is left to answer."""


@asynccontextmanager
async def stops_with_client(receive: Receive) -> AsyncIterator[None]:
    """Cancel the body of the `async with` when the client disconnects, and raise Disconnected in its place.

    To be entered after the request's body has been read, as it takes what `receive` gives.
    """
    work = asyncio.current_task()
    assert work is not None
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        work.cancel()

    watcher = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        # The server's own shutdown cancels too; only the cancellation from here is turned into Disconnected.
        if gone and work.uncancel() == 0:
            raise Disconnected from None
        raise
    finally:
        watcher.cancel()
