"""What passes for a database that is away, and what is a fault of ours: settings, statements and cursors."""

import logging
import ssl
from typing import Any

import asyncpg
import pytest

from app.failures import Refusal
from app.status import Outcome
from resolvers.connection import ConnectionLost, is_lost, reaching

pytestmark = pytest.mark.any_database

AWAY = [
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InterfaceError("cannot perform operation: connection is closed"),
    asyncpg.InterfaceError("cannot call Connection.fetch(): the underlying connection is closed"),
    asyncpg.InterfaceError("pool is closing"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
]
FAULTY = [
    asyncpg.InterfaceError("cannot call PreparedStatement.fetch(): the prepared statement is closed"),
    asyncpg.InterfaceError("cursor is closed"),
    asyncpg.ProtocolViolationError("bind message supplies 1 parameters, but prepared statement requires 2"),
    ssl.SSLCertVerificationError("certificate has expired"),
]


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_what_passes_by_itself_is_told_so(error: Exception) -> None:
    assert Refusal.whatever(error).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize("error", FAULTY, ids=str)
def test_a_fault_of_ours_is_logged_with_its_frames(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    assert Refusal.whatever(error).outcome is Outcome.FAULT
    (record,) = caplog.records
    assert (record.levelno, record.exc_info is not None) == (logging.ERROR, True)


def test_the_log_tells_why_the_database_is_away(caplog: pytest.LogCaptureFixture) -> None:
    lost = ConnectionLost("the connection broke at 1234 5678 9012\nDETAIL: Anju")
    lost.__cause__ = ConnectionRefusedError("no route to host")
    Refusal.whatever(lost)

    (record,) = caplog.records
    said = "ConnectionLost: the connection broke at ***, by ConnectionRefusedError: no route to host"
    assert (record.levelno, record.getMessage()) == (logging.WARNING, f"the database is away: {said}")


@pytest.mark.parametrize(
    ("raised", "kind", "lost"),
    [
        (FileNotFoundError("no socket"), ConnectionRefusedError, True),
        (ssl.SSLEOFError("EOF occurred in violation of protocol"), ConnectionRefusedError, True),
        (ssl.SSLCertVerificationError("certificate has expired"), ssl.SSLCertVerificationError, False),
        (PermissionError("not this socket"), PermissionError, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_settings_that_are_wrong_are_no_database_that_is_away(
    raised: OSError, kind: type[OSError], lost: bool
) -> None:
    async def connect(**_: Any) -> None:
        raise raised

    with pytest.raises(kind) as found:
        await reaching(connect)()
    assert is_lost(found.value) == lost
