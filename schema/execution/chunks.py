"""Lists that are JSON before the answer is, and long flat ones encoded as their rows come.

A list of more than LONG rows with nothing below them is read from a cursor, CHUNK rows at a time, and only the JSON of
each chunk is kept: whole, they would take six times the response in memory. Such a list takes its place in the answer
as `Encoded`, which `encode` puts into the text.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import orjson

from resolvers.context import Context
from resolvers.ordering import ordered, signature
from resolvers.paging import Page, Place, page_statement
from schema.execution.plan import Maker, PagePlan
from schema.reads import PageRequest, Pages

LONG, CHUNK = 2000, 500
# Bytes that are sooner copied than sent in pieces.
MOST_AT_ONCE = 2**20
# No JSON text has it: orjson writes it as an escape.
MARK = b"\0"


class Encoded:
    """A list as JSON, in pieces."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[bytes] | None = None) -> None:
        self.pieces = [b"["] if pieces is None else pieces

    def add(self, dicts: list[dict[str, Any]]) -> None:
        comma = b"," if len(self.pieces) > 1 else b""
        self.pieces.append(comma + orjson.dumps(dicts)[1:-1])

    def close(self) -> None:
        self.pieces.append(b"]")


def is_long(plan: PagePlan, asked: PageRequest) -> bool:
    flat = plan.flat and not plan.cursors
    return flat and asked.window.size > LONG and not asked.window.backward


class LongPage:
    """A page of a root list that is read in chunks; `made` is its nodes, and `page` what else is known of it."""

    def __init__(self, context: Context, reads: Pages, asked: PageRequest, where: Place) -> None:
        self.context = context
        self.reads = reads
        self.asked = asked
        self.where = where
        self.made = Encoded()
        self.more = False

    async def read(self, make: Maker) -> "LongPage":
        """`make` gives the dicts of rows, or raises NotPlanned."""
        # A cursor needs a transaction.
        self.context.alone = False
        async with aclosing(self._rows()) as chunks:
            async for rows in chunks:
                self.made.add(make(rows))
        self.made.close()
        return self

    async def _rows(self) -> AsyncGenerator[list[Any], None]:
        """The page's rows; the one that is read beyond them only tells that there are more."""
        left = self.asked.window.size
        statement = page_statement(self.reads.model, self.where.shape)
        async with aclosing(self.context.stream(statement, CHUNK, **self.where.values)) as chunks:
            async for rows in chunks:
                self.more = len(rows) > left
                if rows := rows[:left]:
                    yield rows
                left -= len(rows)

    @property
    def page(self) -> Page:
        order = ordered(self.asked.shape.order)
        window, signed = self.asked.window, signature(self.reads.model, order)
        return Page([], signed, self.more, window.after is not None, len(order))


def encode(body: Any) -> list[bytes]:
    """JSON; in pieces where a list in it is encoded already and it is long. Raises TypeError on what JSON has not."""
    found: list[Encoded] = []

    def mark(value: object) -> orjson.Fragment:
        if not isinstance(value, Encoded):
            raise TypeError(f"{type(value).__name__} is not JSON")
        found.append(value)
        return orjson.Fragment(MARK)

    text = orjson.dumps(body, default=mark)
    if not found:
        return [text]
    first, *rest = text.split(MARK)
    pieces = [first, *(piece for value, after in zip(found, rest, strict=True) for piece in (*value.pieces, after))]
    return pieces if sum(map(len, pieces)) > MOST_AT_ONCE else [b"".join(pieces)]
