"""The rows of a query, part by part, each part an operation of its own in the context's one snapshot."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

from app.engine import Engine
from resolvers.context import Context
from resolvers.errors import Forbidden, Invalid, NotFound
from resolvers.searching import HIT_LIMIT
from resolvers.walking import PART_LIMIT
from schema.execution.chunks import encode
from schema.tables.cells import objects_of
from schema.tables.shape import Group
from schema.tables.walking import Paging, Part, Walk


class Failed(Exception):
    """A part of the walk has errors, as the API reports them."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class Walker:
    """Walks through one query; `part` is how many rows of a connection come at once, `most` how many are allowed.

    `check` is asked before each further part, and raises what ends the walk.
    `redactions` are what the answers say is hidden, known with the first part.
    """

    def __init__(
        self,
        engine: Engine,
        walk: Walk,
        table: Group,
        variables: Mapping[str, Any],
        check: Callable[[], Awaitable[None]],
        *,
        part: int,
        most: int,
    ) -> None:
        self.engine = engine
        self.walk = walk
        self.table = table
        self.variables = variables
        self.check = check
        self.part = part if walk.paging is Paging.CURSORS else PART_LIMIT
        self.most = most
        self.redactions: Sequence[Mapping[str, str]] = ()

    async def parts(self, context: Context) -> AsyncGenerator[Any, None]:
        """Values of the root field, at least one. Raises Failed, NotFound, Forbidden, what `check` and reads raise."""
        start, left = self.walk.start, self.walk.first
        counted = self._is_counted()
        while True:
            rows = self.part if left is None else min(self.part, left)
            part = await self._part(context, rows, start, counted=counted)
            yield part.value
            left = None if left is None else left - rows
            start, counted = part.following, False
            if start is None or left == 0:
                return
            await context.next_part()
            await self.check()

    def _is_counted(self) -> bool:
        """Whether the list may be longer than is allowed, or cut, which is better known before than after."""
        whole = self.walk.paging is Paging.CURSORS and (self.walk.start is None or self.walk.searched)
        bound = HIT_LIMIT if self.walk.searched else self.most
        return whole and (self.walk.first is None or self.walk.first > bound)

    async def _part(self, context: Context, rows: int, start: str | int | None, *, counted: bool) -> Part:
        given = self.walk.variables(self.variables, rows, start, counted=counted)
        data = self._data(await self.engine.execute(self.walk.operation, given, context))
        if data[self.walk.response] is None:
            raise NotFound(f"`{self.walk.response}` is not there, or not for you to see")
        part = self.walk.read(data)
        if self.walk.searched and counted and part.total is None:
            raise Invalid("search: it finds more than it looks at: add a word, or filter the list", field="search")
        if part.total is not None and min(part.total, self.walk.first or part.total) > self.most:
            raise too_many(self.most, part.total)
        if self.walk.paging is not Paging.OFFSETS:
            return part
        found = sum(1 for _ in objects_of(self.table, part.value))
        assert isinstance(start, int)
        return Part(part.value, start + rows if found == rows else None, None)

    def _data(self, result: ExecutionResult) -> Mapping[str, Any]:
        if result.errors or result.data is None:
            raise Failed(result.errors or [])
        self.redactions = (result.extensions or {}).get("redactions", ())
        # Plans leave days and the like to whoever writes the JSON.
        data: Mapping[str, Any] = orjson.loads(b"".join(encode(result.data)))
        return data


def too_many(most: int, found: int | None = None) -> Forbidden:
    """Of a table with more rows than the viewer's roles may export."""
    has = f"has {found} rows" if found is not None else f"has more than {most} rows"
    return Forbidden(f"The list {has}, and you may export {most} at once: filter it, or ask for part of it by `first`")
