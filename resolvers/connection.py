"""A connection that goes away: how that is told from all else that the database may say."""

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError


class ConnectionLost(Exception):
    """The connection went away in the midst of an operation, and its snapshot with it: nothing can go on."""


# Where the server ends a session, and where the driver finds that it has been ended.
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
)
# The driver's words for what is no more; a statement or a cursor that is closed is a fault of ours.
_CLOSED = ("connection is closed", "connection was closed", "pool is closed", "pool is closing")
# Wrong settings, which do not pass by themselves; a server that hangs up while the two agree on a cipher is away.
_SETTINGS, _HUNG_UP = (ssl.SSLError, PermissionError), (ssl.SSLEOFError, ssl.SSLZeroReturnError)

# The server has said that it ends the session, between two statements, and has not hung up yet: for the driver it is in
# the midst of an error (2) then.
_FAREWELL = "another operation (2) is in progress"


def reaching(connect: Callable[..., Awaitable[Any]]) -> Any:
    """The same way to connect, which raises ConnectionError wherever there is nobody to connect to.

    A socket's file that is gone, a host without a name or a route are errors of the system like those of any file. A
    certificate or a permission that is wrong stays what it is.
    """

    async def connected(*arguments: Any, **options: Any) -> Any:
        try:
            return await connect(*arguments, **options)
        except (ConnectionError, TimeoutError):
            raise
        except OSError as error:
            if isinstance(error, _SETTINGS) and not isinstance(error, _HUNG_UP):
                raise
            raise ConnectionRefusedError(str(error)) from error

    return connected


def driver_error(error: Exception) -> Exception:
    """What the driver raised, where SQLAlchemy has wrapped it."""
    return error.driver_exception if isinstance(error, DBAPIError) and error.orig is not None else error


def is_lost(error: BaseException) -> bool:
    """Whether an error of the database means that the connection is no more."""
    cause = driver_error(error) if isinstance(error, Exception) else error
    if isinstance(cause, asyncpg.InterfaceError):
        return any(words in str(cause) for words in _CLOSED)
    if isinstance(cause, asyncpg.InternalClientError):
        return _FAREWELL in str(cause)
    # The standard has it among those of the connection: a message that the server did not expect.
    return isinstance(cause, (ConnectionLost, *_GONE)) and not isinstance(cause, asyncpg.ProtocolViolationError)
