"""Hearing of revocations: one connection of each process that LISTENs, and comes back when it was lost.

That a connection listens does not mean that it hears: a pooler between may have given the listening server process to
somebody else, and a broken network says nothing. So the connection sends itself a message now and then, and only while
those arrive is what this process remembers of viewers used.
"""

import asyncio
import contextlib
import logging
import secrets
from typing import Any

import asyncpg

from app.viewers import Viewers
from resolvers.identity.revocation import CHANNEL, Revocation

log = logging.getLogger("schoolgraph.revocations")
HEARTBEAT = 10.0
PATIENCE = 5.0
PAUSE = 1.0


class Revocations:
    """Listens on the database at `url`, as asyncpg takes it, and tells `viewers`."""

    def __init__(self, url: str, viewers: Viewers) -> None:
        self.url = url
        self.viewers = viewers
        self.name = f"echo {secrets.token_hex(8)}"
        self._echo = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen; until that has worked nothing is remembered."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        # Python 3.11 loses a cancellation that comes together with what was waited for, in the driver as well.
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=PAUSE)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:
                # Whatever it is, it is tried again: a process that no longer listened would look all right.
                log.warning("revocations are not heard, so viewers are not remembered: %r", error)
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self.url, timeout=PATIENCE)
        ended = asyncio.Event()

        def lost(_: Any) -> None:
            self.viewers.distrust()
            ended.set()

        connection.add_termination_listener(lost)
        try:
            await connection.add_listener(CHANNEL, self._hear)
            while not ended.is_set():
                await self._beat(connection)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT):
                        await ended.wait()
        finally:
            self.viewers.distrust()
            connection.terminate()
        raise ConnectionError("the connection was lost")

    async def _beat(self, connection: "asyncpg.Connection[Any]") -> None:
        """Send a message and wait for it to arrive."""
        self._echo.clear()
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, self.name, timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await self._echo.wait()
        self.viewers.trust()

    def _hear(self, connection: Any, pid: int, channel: str, payload: object) -> None:
        if payload == self.name:
            self._echo.set()
        revocation = Revocation.read(str(payload))
        if revocation is not None:
            self.viewers.revoke(revocation)
