"""Where the reads of one operation see the database: one connection, and on it one snapshot.

The tenant is a setting of the connection's session, which stays with it from operation to operation and is changed
only when the next operation is another institution's. So an operation of one statement needs no transaction: the
statement has its snapshot by itself, and one round trip in place of three halves what a small read costs. An operation
of several has its statements in one transaction. Sessions begin as READ ONLY and REPEATABLE READ.

The setting is sent by nobody else, and remembered only once PostgreSQL has taken it; besides, every statement names the
tenant itself, so that a connection with another one would find nothing.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, ClassVar, Self, cast

import asyncpg

from resolvers.rows import Row

if TYPE_CHECKING:
    Driver = asyncpg.Connection[Row]
else:
    Driver = asyncpg.Connection

log = logging.getLogger("schoolgraph.database")

# Reads are prepared once and run thousands of times. Left to itself PostgreSQL plans `id = ANY ($1)` anew each time,
# since fewer keys than it assumes look cheaper; planning takes longer than running.
SESSION = {
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
# A selection that fails as a plan is read again from the savepoint, in the same snapshot.
OPENING = "BEGIN; SAVEPOINT snapshot"


class ReadingConnection(Driver):
    """A connection of the pool that reads come from."""

    told: str | None = None

    @property
    def itself(self) -> Self:
        """The pool lends a proxy, which costs a wrapper a call and is of no use once the connection is cut."""
        return self

    async def open(self, settings: str, *, alone: bool) -> None:
        """Ready for an operation: the session told what it must know, and a transaction begun where one is needed."""
        if self.told != settings:
            self.told = None
            await self.execute(settings)
            self.told = settings
        if not alone:
            await self.execute(OPENING)


class Snapshot:
    """A connection of the pool for one institution's operation, lent for an `async with`.

    `settings` is what the session must know; `alone` says that one statement will be all. Getting a connection may last
    as long as the operation. Ending a transaction may take `timeout` seconds; it happens behind the caller's back, as
    an answer need not wait for it, and only then can somebody else have the connection. A class, and no generator: an
    asynchronous generator costs more than all the rest of this.
    """

    ending: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, pool: "asyncpg.Pool[Row]", settings: str, timeout: float, *, alone: bool = False) -> None:
        self.pool = pool
        self.settings = settings
        self.timeout = timeout
        self.alone = alone

    async def __aenter__(self) -> "asyncpg.Connection[Row]":
        self.lent = await self.pool.acquire()
        self.connection = cast(ReadingConnection, self.lent).itself
        try:
            await self.connection.open(self.settings, alone=self.alone)
        except BaseException:
            self._end()
            raise
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        if self.alone:
            await self.pool.release(self.lent)
        else:
            self._end()

    def _end(self) -> None:
        task = asyncio.create_task(self._give_back())
        # The loop itself holds tasks only weakly.
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)

    async def _give_back(self) -> None:
        """End the transaction; a connection that cannot even do that is not given to anybody else."""
        try:
            await self.connection.execute("ROLLBACK", timeout=self.timeout)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("a connection could not end its transaction and was closed: %s", error)
            self.connection.terminate()
        finally:
            await self.pool.release(self.lent)
