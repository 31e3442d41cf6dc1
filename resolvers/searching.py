"""Search: the definer function finds ids under the tenant, then the rows are read as the viewer, best first.

It looks at the rows that the viewer sees, and of each at the values that the viewer sees: hidden ones are neither hits
nor counted against the limit of hits.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Integer, Text, and_, bindparam, column, func, null, or_, select

from models import Base, Role
from models.base import LINES
from models.computed import declaration, tenant
from resolvers.access import hides_rows, scope
from resolvers.batches import Shape, restricted, selected, subject_name
from resolvers.context import Context
from resolvers.counting import in_use
from resolvers.errors import Invalid
from resolvers.ordering import Order, decode_cursor, signature_of_search
from resolvers.paging import Page, Window, page_of
from resolvers.policy import shown_as
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows

HIT_LIMIT = 1000
TERM_LIMIT = 8
LENGTH_LIMIT = 100
BY_RANK = (Order("rank", descending=True), Order("id"))


@dataclass(frozen=True)
class Hits:
    """What a search found, best first; `capped` says that there may be more."""

    ids: list[int]
    ranks: list[int]
    capped: bool


def terms(search: str) -> list[str]:
    """The words of a search, lower-cased; all of them must be found.

    Raises Invalid when there is none, or more than can be meant.
    """
    words = search.lower().replace("\0", " ").split()
    if not words or len(words) > TERM_LIMIT or len(search) > LENGTH_LIMIT:
        limits = f"1 to {TERM_LIMIT} words and at most {LENGTH_LIMIT} characters"
        raise Invalid(f"search: {search[:LENGTH_LIMIT]!r} is not {limits}", field="search")
    return words


def _visible(model: Any, roles: frozenset[Role]) -> ColumnElement[Any]:
    """Keys of the rows that may be found; null: of all."""
    if not hides_rows(model, roles):
        return null()
    mine = select(model.id).where(model.institution_id == tenant(), scope(model, model, roles, found=None))
    return func.array(mine.scalar_subquery())


def lines(model: type[Base], roles: frozenset[Role]) -> int | None:
    """How many lines of the text that is searched somebody with these roles may see; None: all of them.

    What stands after the first hidden value is not looked at, whatever it is.
    """
    expressions = model.__table__.columns["search_text"].info[LINES]
    for number, expression in enumerate(expressions):
        names = [name for name in re.findall(r"\w+", expression) if declaration(model, name) is not None]
        if any(shown_as(model, name, roles) is not None for name in names):
            return number
    return None


@lru_cache(maxsize=64)
def _hits_statement(model: type[Base], roles: frozenset[Role]) -> Statement:
    found = func.search_ids(
        bindparam("entity", model.__tablename__, type_=Text),
        bindparam("terms", type_=ARRAY(Text)),
        bindparam("hit_limit", HIT_LIMIT + 1, type_=Integer),
        _visible(model, roles),
        bindparam("lines", lines(model, roles), type_=Integer),
    ).table_valued(column("id", BigInteger), column("rank", Integer))
    return compiled(select(found.c.id, found.c.rank), model, subjects=None)


async def hits(context: Context, model: type[Base], search: str) -> Hits:
    """At most HIT_LIMIT hits; asked for once an operation, whatever else is read of the same search."""
    words = terms(search)
    name = ("search", model, tuple(words))
    # Fields run side by side: whoever comes second waits for the first.
    async with context.cache.setdefault(("searching", name), asyncio.Lock()):
        if name not in context.cache:
            rows = await context.fetch(_hits_statement(model, context.viewer.roles), terms=words)
            kept = rows[:HIT_LIMIT]
            context.cache[name] = Hits(
                [row["id"] for row in kept], [row["rank"] for row in kept], len(rows) > HIT_LIMIT
            )
    answer: Hits = context.cache[name]
    return answer


def _found() -> Any:
    ids, ranks = bindparam("ids", type_=ARRAY(BigInteger)), bindparam("ranks", type_=ARRAY(Integer))
    return (
        func.unnest(ids, ranks)
        .table_valued(column("id", BigInteger), column("rank", Integer), name="hit")
        .render_derived()
    )


@lru_cache(maxsize=1024)
def _page_statement(model: type[Base], shape: Shape, backward: bool) -> Statement:
    hit, bare = _found(), shape.but(after=None, cursors=False)
    columns = [*selected(model, bare), hit.c.rank.label("_c0"), hit.c.id.label("_c1")]
    statement = restricted(select(*columns).join(hit, hit.c.id == model.id), model, model, bare)  # type: ignore[attr-defined]
    statement = statement.where(*in_use(model, model))
    rank, key = bindparam("c0", type_=BigInteger), bindparam("c1", type_=BigInteger)
    if shape.after and backward:
        statement = statement.where(or_(hit.c.rank > rank, and_(hit.c.rank == rank, hit.c.id < key)))
    elif shape.after:
        statement = statement.where(or_(hit.c.rank < rank, and_(hit.c.rank == rank, hit.c.id > key)))
    order = (hit.c.rank.asc(), hit.c.id.desc()) if backward else (hit.c.rank.desc(), hit.c.id.asc())
    statement = statement.order_by(*order).limit(bindparam("first", type_=BigInteger))
    return compiled(statement, model, subjects=of_rows(statement, subject_name(model, shape), peeking=True))


@lru_cache(maxsize=256)
def _count_statement(model: type[Base], shape: Shape) -> Statement:
    key = model.id  # type: ignore[attr-defined]
    statement = restricted(select(func.count().label("count")).select_from(model), model, model, shape)
    found = key == func.any(bindparam("ids", type_=ARRAY(BigInteger)))
    return compiled(statement.where(found, *in_use(model, model)), model, subjects=None)


async def search_page(
    context: Context, model: type[Base], search: str, window: Window, shape: Shape, values: Mapping[str, Any]
) -> Page:
    """One page of hits; two statements: the search, then the rows."""
    found = await hits(context, model, search)
    signed = signature_of_search(model, BY_RANK, " ".join(terms(search)))
    values = {**values, "ids": found.ids, "ranks": found.ranks, "first": window.size + 1}
    if window.cursor is not None:
        field = "before" if window.backward else "after"
        values["c0"], values["c1"] = decode_cursor(signed, [int, int], window.cursor, field=field)
        shape = shape.but(after=(False, False))
    shape = shape.but(order=())
    rows = await context.fetch(_page_statement(model, shape, window.backward), **values)
    return page_of(rows, window, signed, len(BY_RANK))


async def search_count(
    context: Context, model: type[Base], search: str, shape: Shape, values: Mapping[str, Any]
) -> int | None:
    """How many hits the viewer may see; None when the search found more than it looks at."""
    found = await hits(context, model, search)
    if found.capped:
        return None
    bare = Shape(columns=(), roles=shape.roles, where=shape.where)
    rows = await context.fetch(_count_statement(model, bare), ids=found.ids, **values)
    return int(rows[0]["count"])
