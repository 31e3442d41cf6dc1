"""Rows that a report's rows name, read by the report's own statement: each statement more costs a round trip."""

from collections.abc import Mapping, Sequence
from typing import Any

from resolvers.composing import Part, accompanied
from resolvers.context import Context
from resolvers.statements import Statement


class Beside:
    """What is to be read beside a report, and what was found.

    `wanted` are statements that take `keys`, each with the name of the attribute whose values those are; each is read
    once, however often it is wanted. `whole` says that nothing has to be read apart.
    """

    def __init__(self, context: Context, wanted: Sequence[tuple[str, Statement]]) -> None:
        self.context = context
        self.wanted = [each for each in dict.fromkeys(wanted) if each[1].plain and not each[1].afresh]
        self.whole = set(self.wanted) == set(wanted)
        self._found: dict[Statement, list[Any]] = {}
        self._given: dict[tuple[Statement, frozenset[Any]], list[Any]] = {}

    async def fetch(self, statement: Statement, values: Mapping[str, Any], arrays: Mapping[str, str]) -> list[Any]:
        """The report's rows, in which more may follow the columns; `arrays` are the columns that hold many keys."""
        context, parts = self.context, [_part(name, wanted, arrays) for name, wanted in self.wanted]
        arguments = context.arguments(statement, values)
        for part in parts:
            arguments += context.arguments(part.statement, {}, part.parameters)
        rows: list[Any] = await context.send(accompanied(statement, tuple(parts)), arguments, bare=True)
        context.statements += 1
        context.received(statement, rows, values)
        if rows and parts:
            self._found = dict(zip((part.statement for part in parts), rows[0][-len(parts) :], strict=True))
        return rows

    def rows(self, statement: Statement, values: Mapping[str, Any], keys: list[Any]) -> list[Any] | None:
        """The rows of the keys, which are some of the report's; None where they were not read."""
        if statement not in self._found:
            return None
        asked = frozenset(keys)
        if (statement, asked) not in self._given:
            rows = [row for row in self._found[statement] if row[-1] in asked]
            self.context.statements += 1
            self.context.received(statement, rows, {**values, "keys": keys})
            self._given[statement, asked] = rows
        return self._given[statement, asked]


def _part(name: str, statement: Statement, arrays: Mapping[str, str]) -> Part:
    return Part(statement, ((0, arrays.get(name, name)),), many=name in arrays)
