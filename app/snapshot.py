"""Where the reads of one operation see the database: one connection, and on it one snapshot.

The tenant is a setting of the connection's session, which stays with it from operation to operation and is changed
only when the next operation is another institution's. So an operation of one statement needs no transaction: the
statement has its snapshot by itself, and one round trip in place of three halves what a small read costs. An operation
of several has its statements in one transaction. Sessions begin as READ ONLY and REPEATABLE READ.

The setting is sent by nobody else, and remembered only once PostgreSQL has taken it; besides, every statement names the
tenant itself, so that a connection with another one would find nothing.
"""

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import asyncpg

from app.hanging_up import Look, look_of
from resolvers.rows import Row

if TYPE_CHECKING:
    from app.readers import Readers

    Driver = asyncpg.Connection[Row]
else:
    Driver = asyncpg.Connection

log = logging.getLogger("schoolgraph.database")

# Reads are prepared once and run thousands of times. Left to itself PostgreSQL plans `id = ANY ($1)` anew each time,
# since fewer keys than it assumes look cheaper; planning takes longer than running. Days and instants that it spells
# are ISO's, in UTC (`resolvers.texts`).
SESSION = {
    "datestyle": "ISO",
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
# A selection that fails as a plan is read again from the savepoint, in the same snapshot.
OPENING = "BEGIN; SAVEPOINT snapshot"


class ReadingConnection(Driver):
    """A connection of the pool that reads come from.

    `begun` says that it is in a transaction; `kept` is for who keeps it.
    """

    _protocol: Any
    _query_loggers: Any
    _stmt_cache: Any
    _transport: Any
    told: str | None = None
    begun = False
    kept = 0

    @property
    def itself(self) -> Self:
        """The pool lends a proxy, which costs a wrapper a call and is of no use once the connection is cut."""
        return self

    async def fetch(
        self, query: str, *arguments: Any, timeout: float | None = None, record_class: type[Any] | None = None
    ) -> list[Any]:
        """The rows of a statement, as the driver gives them.

        The coroutines that the driver goes through take a twentieth of a small read's time. Where the statement is
        known and stands by itself they are passed by, for what asyncpg 0.32 does at their end. Without a `record_class`
        nothing is known. Where the schema has changed meanwhile the driver itself tries again, which it cannot within
        a transaction.
        """
        known = self._stmt_cache.get((query, record_class, False))
        if known is None or timeout is not None or self.begun or self._query_loggers:
            return await super().fetch(query, *arguments, timeout=timeout, record_class=record_class)
        try:
            found: list[Any] = await self._protocol.bind_execute(known, arguments, "", 0, False, None)
        except (asyncpg.OutdatedSchemaCacheError, asyncpg.InvalidCachedStatementError):
            return await super().fetch(query, *arguments, record_class=record_class)
        return found

    @cached_property
    def _look(self) -> Look:
        return look_of(self._transport)

    def is_ended(self) -> bool:
        """Whether an idle one is closed, or the database has ended it without the driver knowing yet."""
        return self.is_closed() or self._look()

    async def open(self, settings: str, *, alone: bool) -> None:
        """Ready for an operation: the session told what it must know, and a transaction begun where one is needed."""
        if self.told != settings:
            if self.begun:
                # What is set within a transaction would be gone with it.
                await self._end(begin=False)
            self.told = None
            await self.execute(settings)
            self.told = settings
        if not (alone or self.begun):
            self.begun = True
            await self.execute(OPENING)

    @property
    def unsettled(self) -> bool:
        """Whether it is in a transaction, or a statement on it is still being cancelled."""
        # The driver's own pool asks the same before it lends a connection again.
        return self.begun or (not self.is_closed() and bool(self._protocol._is_cancelling()))

    async def settle(self, *, begin: bool, timeout: float) -> None:
        """End the transaction, and begin the next where that is wanted; one that cannot even do that is closed."""
        if self.is_closed() or not self.unsettled:
            return
        try:
            await self._end(begin=begin, timeout=timeout)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            log.warning("a connection could not end its transaction and was closed: %s", error)
            self.terminate()
        except BaseException:
            self.terminate()
            raise

    async def _end(self, *, begin: bool, timeout: float | None = None) -> None:
        await self.execute(f"ROLLBACK; {OPENING}" if begin else "ROLLBACK", timeout=timeout)
        self.begun = begin


class Snapshot:
    """A connection for one institution's operation, lent for an `async with`.

    `settings` is what the session must know; `alone` says that one statement will be all. Getting a connection may last
    as long as the operation. Ending a transaction may take `timeout` seconds; it happens behind the caller's back, as
    an answer need not wait for it, and only then can somebody else have the connection. A class, and no generator: an
    asynchronous generator costs more than all the rest of this.
    """

    def __init__(self, readers: "Readers", settings: str, timeout: float, *, alone: bool = False) -> None:
        self.readers = readers
        self.settings = settings
        self.timeout = timeout
        self.alone = alone

    async def __aenter__(self) -> ReadingConnection:
        self.connection = await self.readers.take(alone=self.alone)
        try:
            await self.connection.open(self.settings, alone=self.alone)
        except BaseException:
            self.readers.give_back(self.connection, begin=False, timeout=self.timeout)
            raise
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        if self.connection.unsettled:
            self.readers.give_back(self.connection, begin=not self.alone, timeout=self.timeout)
        else:
            await self.readers.put(self.connection)
