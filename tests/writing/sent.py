"""The statements that a test's connection is sent, by SQLAlchemy and past it; transaction control aside."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import event

from tests.database import OneConnection

# The driver asks once a connection for types that it has not met.
OTHER = ("pg_type", "'jit'", "SAVEPOINT", "SET LOCAL")


@contextlib.asynccontextmanager
async def sent(connections: OneConnection) -> AsyncIterator[list[str]]:
    """Filled with the statements of the block at its end."""
    seen: list[str] = []
    found: list[str] = []

    def by_driver(record: Any) -> None:
        seen.append(record.query)

    def by_session(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    sync, driver = connections.connection.sync_connection, await connections.driver()
    event.listen(sync, "before_cursor_execute", by_session)
    try:
        with driver.query_logger(by_driver):
            yield found
    finally:
        event.remove(sync, "before_cursor_execute", by_session)
    found += [each.strip() for each in seen if not any(word in each for word in OTHER)]
