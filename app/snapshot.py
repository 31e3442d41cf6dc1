"""Where the reads of one operation see the database: one snapshot, in one transaction, on one connection."""

import asyncio
import logging
from typing import ClassVar, cast

import asyncpg

from resolvers.rows import Row

log = logging.getLogger("schoolgraph.database")


class Snapshot:
    """A connection of the pool in one read-only snapshot, lent for an `async with`; `settings` is run in it first.

    Its transaction ends behind the caller's back, since an answer need not wait for that, and only then can somebody
    else have the connection. `timeout`, in seconds, is for getting a connection, and for ending the transaction. A
    class, and no generator: an asynchronous generator costs more than all the rest of this.
    """

    ending: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, pool: "asyncpg.Pool[Row]", settings: str, timeout: float) -> None:
        self.pool = pool
        self.timeout = timeout
        # A selection that fails as a plan is read again from the savepoint, in the same snapshot.
        self.opening = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {settings}; SAVEPOINT snapshot"

    async def __aenter__(self) -> "asyncpg.Connection[Row]":
        self.connection = await self.pool.acquire(timeout=self.timeout)
        try:
            await self.connection.execute(self.opening)
        except BaseException:
            self._give_back()
            raise
        return cast("asyncpg.Connection[Row]", self.connection)

    async def __aexit__(self, *_: object) -> None:
        self._give_back()

    def _give_back(self) -> None:
        task = asyncio.create_task(_end(self.pool, self.connection, self.timeout))
        # The loop itself holds tasks only weakly.
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)


async def _end(pool: "asyncpg.Pool[Row]", connection: "asyncpg.pool.PoolConnectionProxy[Row]", timeout: float) -> None:
    """End the transaction; a connection that cannot even do that is not given to anybody else."""
    try:
        await connection.execute("ROLLBACK", timeout=timeout)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("a connection could not end its transaction and was closed: %s", error)
        connection.terminate()
    finally:
        await pool.release(connection)
