"""Pages of a list: keyset cursors, one row more than asked for to know whether there are more."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from models import Base
from resolvers.batches import Batch, Shape, restricted, selected, subject_name, written
from resolvers.context import Context
from resolvers.counting import count_statement, in_use
from resolvers.errors import Invalid
from resolvers.ordering import decode_cursor, encode_cursor, kinds, order_by, ordered, reverse, signature
from resolvers.rows import Row
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows

DEFAULT_PAGE = 25


@dataclass(frozen=True)
class Window:
    """Which part of a list: `first` after a cursor, or `last` before one."""

    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None

    @property
    def backward(self) -> bool:
        return self.last is not None

    @property
    def size(self) -> int:
        size = self.last if self.backward else self.first
        return DEFAULT_PAGE if size is None else size

    @property
    def cursor(self) -> str | None:
        return self.before if self.backward else self.after

    def check(self, limit: int) -> None:
        """Raises Invalid on what cannot be meant: both ends at once, or more rows than are allowed in a page."""
        if self.first is not None and self.last is not None:
            raise Invalid("first and last cannot be given together", field="last")
        if self.before is not None and not self.backward:
            raise Invalid("before goes with last; with first, give after", field="before")
        if self.after is not None and self.backward:
            raise Invalid("after goes with first; with last, give before", field="after")
        if not 0 <= self.size <= limit:
            field = "last" if self.backward else "first"
            raise Invalid(f"{field}: {self.size} is not between 0 and {limit}", field=field)


@dataclass(frozen=True)
class Page:
    """Rows of a window in list order; cursors are made when they are asked for."""

    rows: list[Row]
    signed: str
    has_next_page: bool
    has_previous_page: bool
    cursor_size: int

    def cursor(self, row: Row) -> str:
        return encode_cursor(self.signed, row, self.cursor_size)


@dataclass(frozen=True)
class Place:
    """A window made ready for a statement: the shape it needs, the values it binds."""

    shape: Shape
    values: Mapping[str, Any]


def place(model: type[Base], window: Window, shape: Shape, values: Mapping[str, Any], *, cursors: bool = True) -> Place:
    """`shape.order` is the list's order; the place reads it backwards for a window from the end.

    Without `cursors` the rows do not carry what a cursor is made of.
    """
    order = ordered(shape.order)
    shape = shape.but(order=reverse(order) if window.backward else order, cursors=cursors, peeking=True)
    values = {**values, "first": window.size + 1}
    if window.cursor is not None:
        field = "before" if window.backward else "after"
        cursor = decode_cursor(signature(model, order), kinds(model, order), window.cursor, field=field)
        shape = shape.but(after=tuple(value is None for value in cursor))
        values |= {f"c{n}": value for n, value in enumerate(cursor)}
    return Place(shape, values)


def page_of(rows: list[Row], window: Window, signed: str, cursor_size: int) -> Page:
    """Cut the extra row off and say whether there was one; rows come back in list order."""
    more = len(rows) > window.size
    kept = rows[: window.size]
    if window.backward:
        return Page(kept[::-1], signed, window.before is not None, more, cursor_size)
    return Page(kept, signed, more, window.after is not None, cursor_size)


@lru_cache(maxsize=2048)
def page_statement(model: type[Base], shape: Shape) -> Statement:
    statement = restricted(select(*selected(model, shape)), model, model, shape, found=None).where(
        *in_use(model, model)
    )
    statement = statement.order_by(*order_by(model, shape.order)).limit(bindparam("first", type_=BigInteger))
    if shape.writing:
        return written(statement, model, shape, shape.writing, peeking=True)
    return compiled(statement, model, subjects=of_rows(statement, subject_name(model, shape), peeking=True))


async def page(
    context: Context,
    model: type[Base],
    window: Window,
    shape: Shape,
    values: Mapping[str, Any],
    *,
    cursors: bool = True,
) -> Page:
    """One page of all rows of `model` that the viewer may see and the filter lets through."""
    asked = place(model, window, shape, values, cursors=cursors)
    rows = await context.fetch(page_statement(model, asked.shape), **asked.values)
    order = ordered(shape.order)
    return page_of(rows, window, signature(model, order), len(order))


async def count(context: Context, model: type[Base], shape: Shape, values: Mapping[str, Any]) -> int | None:
    """How many rows of `model` there are; None where they are more than are counted."""
    bare = Shape(columns=(), roles=shape.roles, where=shape.where)
    rows = await context.fetch(count_statement(model, bare), **values)
    total: int | None = rows[0]["count"]
    return total


async def related_page(
    context: Context, batch: Batch, key: Any, window: Window, shape: Shape, values: Mapping[str, Any]
) -> Page:
    """One page of a relation's rows of one parent; all parents are served by one statement."""
    asked = place(batch.model, window, shape.but(limited=True), values)
    rows: list[Row] = await context.load(batch, asked.shape, key, asked.values)
    order = ordered(shape.order)
    return page_of(rows, window, signature(batch.model, order), len(order))
