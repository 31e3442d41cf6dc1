"""The floor: one hand-written statement an operation, whose text is sent as it is, by the same ASGI stack.

It has the transaction that the server's reads have, with the tenant set; it has neither GraphQL nor a token, nor an id.
"""

import datetime
import re
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.database import Database
from app.shortcut import Application

Statements = dict[str, tuple[str, list[str]]]
HERE = Path(__file__).resolve().parent
SECONDS = 60.0


def read_statements() -> Statements:
    """SQL and the names of its parameters by operation."""
    found = {}
    for part in re.split(r"^-- name: ", (HERE / "floor.sql").read_text(), flags=re.MULTILINE)[1:]:
        head, sql = part.split("\n", 1)
        name, _, parameters = head.rstrip(")").partition(" (")
        body = f"SELECT convert_to(json_build_object('data', ({sql.strip()}))::text, 'UTF8')"
        found[name] = (body, parameters.split(", "))
    return found


def _value(name: str, value: Any) -> Any:
    """A variable of the operation as the statement takes it: ids without their prefix, days as dates."""
    if name in ("from", "to"):
        return datetime.date.fromisoformat(value)
    return int(value.rpartition("_")[2]) if isinstance(value, str) else value


def floor_app(database: Database, institution_id: int) -> Starlette:
    statements = read_statements()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        asked = orjson.loads(await Request(scope, receive).body())
        sql, names = statements[asked["operationName"]]
        values = [_value(name, asked["variables"][name]) for name in names]
        async with database.read(institution_id, SECONDS) as connection:
            content: bytes = await connection.fetchval(sql, *values)
        await Response(content, media_type="application/json")(scope, receive, send)

    return Application("/graphql", answer)
