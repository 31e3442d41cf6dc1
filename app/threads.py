"""Work in a thread, whose end is waited for whatever happens meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Any


async def in_thread(work: Callable[..., None], *arguments: Any) -> None:
    """Do the work; whoever is cancelled meanwhile is so when it is done, since a thread cannot be stopped.

    So the files that it writes may be removed afterwards. Another cancel, or several, changes nothing.
    """
    future = asyncio.get_running_loop().run_in_executor(None, work, *arguments)
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            # Which, unlike `await future`, leaves it alone when it is cancelled itself.
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        # What it failed with is of no interest any more, and is asked for lest the loop complain that nobody did.
        future.exception()
        raise cancelled
    future.result()
