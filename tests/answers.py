"""Running an operation as the tests do: a context of its own, errors fail the test unless they are expected."""

import datetime
import os
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError

from resolvers.context import Connections, Context
from resolvers.errors import DomainError
from resolvers.viewer import Viewer
from schema.root import schema

# The suite passes with plans and without them.
PLANNING = os.environ.get("SUITE_PLANNING", "on") != "off"
NOW = datetime.datetime(2025, 11, 20, 6, 30, tzinfo=datetime.UTC)


@dataclass
class Answer:
    """What an operation gave, and how many statements it cost."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    statements: int

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


async def run(
    connections: Connections,
    viewer: Viewer | None,
    document: str,
    variables: dict[str, Any],
    *,
    refused: bool = False,
    planning: bool = PLANNING,
) -> Answer:
    context = Context(connections, viewer, now=NOW, timeout=60, planning=planning)
    try:
        result = await schema.execute(document, variable_values=variables, context_value=context)
    finally:
        await context.close()
    errors = list(getattr(result, "errors", None) or [])
    assert bool(errors) == refused, errors
    data = orjson.loads(orjson.dumps(getattr(result, "data", None)))
    return Answer(data, errors, context.statements)
