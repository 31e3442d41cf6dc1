"""Has the bytes of files removed that no row tells of, once the transaction that wrote or gave them up is over."""

import asyncio
import contextlib
import contextvars
import logging

from resolvers.files.keeping import Writing, settle
from resolvers.files.store import FileStore, Unsettled

log = logging.getLogger("schoolgraph.files")
ATTEMPTS, PAUSE = 5, 1.0


class FileKeeper:
    """`writing(institution_id, timeout)` opens a transaction; it is closed before the store is."""

    def __init__(self, store: FileStore, writing: Writing, *, pause: float = PAUSE) -> None:
        self.store = store
        self.writing = writing
        self.pause = pause
        self.failures = 0
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, left: Unsettled) -> None:
        """Have it seen to soon; never waits."""
        # It is no part of the operation: it logs under no request's id.
        task = asyncio.create_task(self._settle(left), context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Settle what waits, which is tried once more only."""
        self._closing.set()
        await self.settled()
        await self.store.close()

    async def settled(self) -> None:
        """Wait until nothing is left to be seen to."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _settle(self, left: Unsettled) -> None:
        for attempt in range(ATTEMPTS):
            last = self._closing.is_set()
            try:
                await settle(self.writing, self.store, left)
                return
            except Exception:
                # Database and store may both be away for a while; what stays is bytes that nobody can ask for.
                self.failures += 1
                log.exception("the file %s could not be settled, attempt %d", left.location, attempt + 1)
            if last:
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.pause * 2**attempt):
                    await self._closing.wait()
        log.error("the file %s may be left behind without a record", left.location)
