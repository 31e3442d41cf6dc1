"""A document's text → its syntax tree, parsed, measured and validated once.

What has been said about a text, good or bad, is remembered while it is among the most recently used. Memory is bounded
by characters and not by entries, as a tree takes 100 to 300 bytes a character.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from graphql import DocumentNode, GraphQLError, StringValueNode, Visitor, parse, visit

from app.engine import Engine
from app.failures import OPERATION_RESOLUTION_FAILURE, PARSE_FAILED, VALIDATION_FAILED, Refusal, request_error_form
from app.limits import Limits, check_size
from app.status import Outcome
from schema.execution.operation import Operation

CACHED_CHARACTERS = 250_000
LONGEST_CACHED = 20_000

T = TypeVar("T")


@dataclass(frozen=True)
class Document:
    """A valid document."""

    operations: dict[str | None, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation that is meant; a document with several needs a name, and never falls back to its first."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is not None and name in self.operations:
            return self.operations[name]
        names = ", ".join(sorted(f"`{known}`" for known in self.operations if known))
        if name is None:
            message = f"The document has several operations: `operationName` must be one of {names}"
        else:
            message = f"The document has no operation named `{name}`" + (f", only {names}" if names else "")
        raise Refusal.of(Outcome.DOCUMENT, message, code=OPERATION_RESOLUTION_FAILURE)


class Documents:
    """All texts that clients send come through `load`."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self.engine = engine
        self.limits = limits
        self.known: Recent[Document | Refusal] = Recent(CACHED_CHARACTERS, LONGEST_CACHED)

    def load(self, text: str) -> Document:
        """Raises Refusal with the errors of a text that does not parse, is too large or does not fit the schema."""
        found = self.known.get(text)
        if found is None:
            found = self._judge(text)
            self.known.put(text, found)
        if isinstance(found, Refusal):
            # A new one each time: a raised exception keeps its traceback, and with it the request.
            raise Refusal(found.outcome, found.errors)
        return found

    def _judge(self, text: str) -> Document | Refusal:
        try:
            tree = self._parse(text)
        except GraphQLError as error:
            return _refusal([error], PARSE_FAILED)
        try:
            check_size(tree, self.limits)
        except GraphQLError as error:
            return _refusal([error], VALIDATION_FAILED)
        errors = self.engine.validate(tree, self.limits.reported_errors)
        if errors:
            return _refusal(errors, VALIDATION_FAILED)
        operations = self.engine.operations(tree)
        if not operations:
            return Refusal.of(Outcome.DOCUMENT, "The document has no operation", code=OPERATION_RESOLUTION_FAILURE)
        return Document(operations)

    def _parse(self, text: str) -> DocumentNode:
        limits = self.limits
        tree = parse(
            text,
            max_source_length=limits.characters,
            max_lexical_tokens=limits.tokens,
            max_comments=limits.tokens,
        )
        # Only an escape can bring the character that PostgreSQL has no place for past the lexer.
        if "\\u" in text:
            visit(tree, _NulCharacters())
        return tree


class _NulCharacters(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if "\0" in node.value:
            raise GraphQLError("A text in the document contains the character U+0000, which cannot be stored", node)


def _refusal(errors: list[GraphQLError], code: str) -> Refusal:
    return Refusal(Outcome.DOCUMENT, [request_error_form(error, code) for error in errors])


class Recent(Generic[T]):
    """Values by text, the least recently used dropped first.

    `budget` bounds the characters of all keys together; a text longer than `longest` is not kept at all.
    """

    def __init__(self, budget: int, longest: int) -> None:
        self.budget = budget
        self.longest = longest
        self.size = 0
        self._values: OrderedDict[str, T] = OrderedDict()

    def get(self, text: str) -> T | None:
        if text in self._values:
            self._values.move_to_end(text)
        return self._values.get(text)

    def put(self, text: str, value: T) -> None:
        if len(text) > self.longest:
            return
        if text not in self._values:
            self.size += len(text)
        self._values[text] = value
        while self.size > self.budget:
            oldest, _ = self._values.popitem(last=False)
            self.size -= len(oldest)
