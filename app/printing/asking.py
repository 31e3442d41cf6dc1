"""Asks the schema what a report prints, as the viewer: scope, hidden columns and access log are those of the API."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError, parse

from app.engine import Engine
from resolvers.context import Context
from resolvers.errors import DomainError, Invalid, NotFound
from schema.execution.chunks import encode
from schema.execution.operation import Operation
from schema.root import schema

QUESTIONS = Path(__file__).parent / "questions.graphql"
Answers = dict[str, Any]


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(schema)


@lru_cache(maxsize=1)
def _questions() -> dict[str | None, Operation]:
    """The operations by name. They are this program's own, so one that does not fit the schema is a fault."""
    document = parse(QUESTIONS.read_text(encoding="utf-8"))
    if errors := _engine().validate(document, 5):
        raise errors[0]
    return _engine().operations(document)


class Asker:
    """Puts questions in one operation's context; `purpose` is what the access log says they were for."""

    def __init__(self, context: Context, purpose: str) -> None:
        self.context = context
        self.purpose = purpose

    async def __call__(self, question: str, **variables: Any) -> Answers:
        """The answer, as a client would get it. Raises the DomainError that a field refuses with, or Invalid."""
        result = await _engine().execute(_questions()[question], variables, self.context)
        self.context.purpose = self.purpose
        for error in result.errors or ():
            raise _cause(error)
        found: Answers = orjson.loads(b"".join(encode(result.data)))
        return found

    async def found(self, question: str, name: str, **variables: Any) -> Any:
        """The field `name` of an answer, which is named by the variable of the same name. Raises NotFound."""
        answer = (await self(question, **variables))[name]
        return answer if answer is not None else absent(name, variables.get(name))


def absent(name: str, key: object) -> Any:
    """Raises NotFound: there is none, or none that the viewer sees."""
    raise NotFound(f"{name}: there is no {name} {key} that you may see", field=name)


def _cause(error: GraphQLError) -> Exception:
    """What was raised first; graphql-core's own word where it is about a value that was given."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, GraphQLError) and not isinstance(cause, DomainError):
        return Invalid(cause.message)
    return cause
