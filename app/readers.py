"""Connections for reads, kept at hand between operations.

The driver's pool opens connections, counts them and closes those that nobody needs; lending one by it costs as much as
a small read's own work. So what comes back is kept here for a second or two, and the next operation takes it from a
list. Some of those have their transaction begun already: it has no snapshot before its first statement, holds nothing
back, and spares an operation of several statements the round trip that would begin it.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any, cast

import asyncpg

from app.snapshot import ReadingConnection
from resolvers.rows import Row

# How often it is looked for connections that have not been used since.
SECONDS_KEPT = 1.0
# For what nobody waits for, and whose end others may need the room of.
SECONDS_TO_SETTLE = 10.0


class Readers:
    """All connections of one pool, which nobody else borrows from. Of those who wait, the first is served first.

    `taken` counts the connections that operations have; `tasks` is what goes on behind their backs.
    """

    def __init__(self, pool: "asyncpg.Pool[Row]") -> None:
        self.pool = pool
        self.tasks: set[asyncio.Task[None]] = set()
        self.taken = 0
        self._begun: list[ReadingConnection] = []
        self._idle: list[ReadingConnection] = []
        self._lent: dict[ReadingConnection, Any] = {}
        self._room = self._most = pool.get_max_size()
        self._waiting: deque[asyncio.Future[ReadingConnection | None]] = deque()
        self._rounds = 0
        self._sweeping: asyncio.TimerHandle | None = None

    async def take(self, *, alone: bool) -> ReadingConnection:
        """A connection; where there is a choice, one without a transaction for a statement that is `alone`.

        One that the database has ended meanwhile is given up for the next, and a new one where none is left; where even
        new ones end at once, one of them is lent.
        """
        first, second = (self._idle, self._begun) if alone else (self._begun, self._idle)
        looks = self._most
        while True:
            connection = (first or second).pop() if first or second else await self._borrow()
            if not connection.is_ended() or (looks <= 0 and not connection.is_closed()):
                self.taken += 1
                return connection
            looks -= 1
            # To end it in good order may take long where nobody is there any more.
            connection.terminate()
            await self._release(connection)

    async def _borrow(self) -> ReadingConnection:
        if self._room:
            self._room -= 1
        else:
            given = await self._turn()
            if given is not None:
                return given
        try:
            lent = await self.pool.acquire()
        except BaseException:
            self._make_room()
            raise
        connection = cast(ReadingConnection, lent).itself
        self._lent[connection] = lent
        return connection

    async def _turn(self) -> ReadingConnection | None:
        """What somebody gives back; None where that is the room for one more."""
        turn: asyncio.Future[ReadingConnection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                given = turn.result()
                self._make_room() if given is None else self._keep(given)
            raise

    def _make_room(self) -> None:
        if not self._give(None):
            self._room += 1

    def _give(self, connection: ReadingConnection | None) -> bool:
        """To whoever has waited longest; False where nobody waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    async def put(self, connection: ReadingConnection) -> None:
        """Take a connection back, whose transaction has ended or was begun anew."""
        self.taken -= 1
        if self.pool.is_closing() or connection.is_closed():
            await self._release(connection)
        else:
            self._keep(connection)

    def give_back(self, connection: ReadingConnection, *, begin: bool, timeout: float) -> None:
        """Take a connection back whose transaction is still to be ended, which nobody waits for."""

        async def settled() -> None:
            try:
                await connection.settle(begin=begin, timeout=timeout)
            finally:
                await self.put(connection)

        self.behind(settled())

    async def ping(self) -> None:
        """One round trip; raises what the database does."""
        connection = await self.take(alone=True)
        try:
            await connection.execute("SELECT 1")
        finally:
            self.give_back(connection, begin=False, timeout=SECONDS_TO_SETTLE)

    def _keep(self, connection: ReadingConnection) -> None:
        if self._give(connection):
            return
        connection.kept = self._rounds
        (self._begun if connection.begun else self._idle).append(connection)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(SECONDS_KEPT, self._sweep)

    def _sweep(self) -> None:
        """What has been kept for a whole round goes back to the pool, which knows how long it lives there."""
        self._sweeping = None
        for kept in (self._begun, self._idle):
            old = [connection for connection in kept if connection.kept < self._rounds]
            kept[:] = [connection for connection in kept if connection.kept >= self._rounds]
            for connection in old:
                self.behind(self._release(connection))
        self._rounds += 1
        if self._begun or self._idle:
            self._sweeping = asyncio.get_running_loop().call_later(SECONDS_KEPT, self._sweep)

    def behind(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done that no answer waits for."""
        task = asyncio.create_task(work)
        # The loop itself holds tasks only weakly.
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _release(self, connection: ReadingConnection) -> None:
        try:
            await connection.settle(begin=False, timeout=SECONDS_TO_SETTLE)
        finally:
            try:
                await self.pool.release(self._lent.pop(connection))
            finally:
                self._make_room()

    async def close(self) -> None:
        """Give all that is kept back, and wait for what goes on; what operations have they give back themselves."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        while self.tasks:
            await asyncio.wait(self.tasks)
        while kept := self._begun or self._idle:
            await self._release(kept.pop())
