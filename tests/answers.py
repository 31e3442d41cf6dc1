"""Running an operation as the server does, with a context of its own; errors fail the test unless they are expected.

`refused` says whether there must be some; None: there may be.
"""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from graphql import GraphQLError, parse

from app.engine import Engine
from app.file_folder import FileFolder
from app.settings import ROOT, Settings
from resolvers.context import Connections, Context
from resolvers.errors import DomainError
from resolvers.sealing import Sealer
from resolvers.services import Services
from resolvers.viewer import Viewer
from schema.execution.chunks import encode
from schema.execution.operation import Operation
from schema.root import schema
from tests.sealing import SEALER

# The suite passes with plans and without them: `SCHOOLGRAPH_PLANNING=off make test`.
PLANNING = Settings().planning
ENGINE = Engine(schema)
# Content has the same location in every run, and what a rolled-back test leaves there is nobody's.
FILES = FileFolder(ROOT / ".cache" / "files")
NOW = datetime.datetime(2025, 11, 20, 6, 30, tzinfo=datetime.UTC)


@dataclass
class Answer:
    """What an operation gave, how many statements it cost, how many selections plans answered, and whom it read."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    statements: int
    planned: int
    students: frozenset[int]
    redactions: dict[str, str] = field(default_factory=dict)

    @property
    def found(self) -> dict[str, Any]:
        assert self.data is not None, self.errors
        return self.data

    @property
    def refusal(self) -> tuple[str, str | None]:
        """Code and field of the one error, which must be a refusal of ours."""
        (error,) = self.errors
        cause = error.original_error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        assert isinstance(cause, DomainError), repr(cause)
        return cause.code, cause.field


@lru_cache(maxsize=1000)
def operation(text: str) -> Operation:
    """A document with one operation; one that does not fit the schema is a mistake of the test."""
    document = parse(text)
    mistakes = ENGINE.validate(document, 5)
    assert not mistakes, mistakes
    (operation,) = ENGINE.operations(document).values()
    return operation


async def run(
    connections: Connections,
    viewer: Viewer | None,
    document: str,
    variables: dict[str, Any],
    *,
    refused: bool | None = False,
    planning: bool = PLANNING,
    sealer: Sealer = SEALER,
) -> Answer:
    services = Services(sealer=sealer, files=FILES)
    context = Context(connections, viewer, now=NOW, timeout=60, planning=planning, services=services)
    try:
        result = await ENGINE.execute(operation(document), variables, context)
    finally:
        await context.close()
    errors = result.errors or []
    assert refused is None or bool(errors) == refused, errors
    read = context.access.students if context.access else frozenset()
    hidden = {each["path"]: each["reason"] for each in (result.extensions or {}).get("redactions", ())}
    return Answer(
        orjson.loads(b"".join(encode(result.data))), errors, context.statements, context.planned, read, hidden
    )
