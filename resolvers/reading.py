"""Whoever reads has the operation's connection alone."""

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING

import asyncpg

from resolvers.connection import ConnectionLost, is_lost
from resolvers.rows import Row

if TYPE_CHECKING:
    from resolvers.context import Context


class Reading:
    """The connection, for one who reads: fields run side by side, and a connection serves one at a time."""

    def __init__(self, context: "Context") -> None:
        self.context = context

    async def __aenter__(self) -> "asyncpg.Connection[Row]":
        context = self.context
        await context._lock.acquire()
        try:
            if context._closed:
                raise asyncio.CancelledError("the operation has ended")
            context._reading = asyncio.current_task()
            return await context._reader()
        except BaseException as error:
            await self.__aexit__(None, None, None)
            if is_lost(error):
                raise ConnectionLost(str(error)) from error
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        context = self.context
        context._reading = None
        context._lock.release()
        if error is None:
            return
        if isinstance(error, asyncpg.QueryCanceledError):
            raise TimeoutError(str(error)) from error
        of_the_driver = asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError
        of_the_connection = isinstance(error, of_the_driver | OSError)
        closed = context._connection is not None and context._connection.is_closed()
        if of_the_connection and (closed or is_lost(error)):
            raise ConnectionLost(str(error)) from error
