"""A committed database that tests break, lock and mend, and its administrator."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import asyncpg
import orjson
import pytest

from app.urls import Urls, asyncpg_url
from resolvers.context import Context
from resolvers.rows import Row
from resolvers.statements import Statement
from resolvers.viewer import Viewer
from schema.execution.operation import Operation
from tests.execution.compare import answer, form, prepare, run
from tests.execution.generator import Operation as Asked
from tests.execution.held import Admin
from tests.worlds import Worlds, open_worlds


@pytest.fixture(scope="session")
async def broken(server: Urls, template: Urls) -> AsyncIterator[Worlds]:
    async with open_worlds(server, "suite_broken") as worlds:
        yield worlds


@pytest.fixture
async def admin(broken: Worlds) -> AsyncIterator[Admin]:
    assert broken.urls.admin
    connection = await asyncpg.connect(asyncpg_url(broken.urls.admin))
    yield connection
    await connection.close()


class Message(NamedTuple):
    """What was sent: its SQL, how many selects that has, and whether it could go without a transaction."""

    sql: str
    selects: int
    alone: bool


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    """What is sent; whatever needs a transaction has one."""
    messages: list[Message] = []
    outside: list[str] = []
    sent = Context.send

    async def send(context: Context, statement: Statement, arguments: list[Any], **how: bool) -> list[Row]:
        messages.append(Message(statement.sql, statement.sql.count("ARRAY(SELECT q") or 1, context.alone))
        rows = await sent(context, statement, arguments, **how)
        connection: Any = await context._reader()
        # Where no other is left, one that needs no transaction is lent a connection that has one.
        if not (context.alone or connection.begun):
            outside.append(statement.sql)
        return rows

    monkeypatch.setattr(Context, "send", send)
    yield messages
    assert outside == []


async def same(
    worlds: Worlds, asked: Asked, viewer: Viewer | None = None, kept: Operation | None = None
) -> tuple[Any, Context]:
    """The data and the context of plans, which `kept` has from before; the standard's are the same, as are students."""
    planned, context = await run(worlds, kept or prepare(asked), asked.variables, True, viewer)
    standard, other = await answer(worlds, asked, False, viewer)

    assert form(planned) == standard
    assert context.students == other.students
    return orjson.loads(standard)["data"], context
