"""How many rows a list has: all rows of a model, or those of a relation for each parent.

The trail only grows: a list of it that is longer than COUNTED is not counted, and its total is null.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import aliased

from models import AccessEntry, ActivityEntry, AuditEntry, Base, Retirable
from resolvers.batches import Batch, Shape, keys_of, parents_of, restricted
from resolvers.statements import Statement, compiled

CAPPED: frozenset[type[Base]] = frozenset({AccessEntry, ActivityEntry, AuditEntry})
COUNTED = 10_000


def in_use(source: Any, model: type[Base]) -> list[Any]:
    return [source.deleted_at.is_(None)] if issubclass(model, Retirable) else []


def _at_most(rows: ColumnElement[Any]) -> ColumnElement[Any]:
    """A number of rows; null where that is more than is counted."""
    return func.nullif(rows, COUNTED + 1).label("count")


@lru_cache(maxsize=512)
def count_statement(model: type[Base], shape: Shape) -> Statement:
    """How many rows of the model there are: one row, `count`."""
    capped = model in CAPPED
    rows = select(literal(1)) if capped else select(func.count().label("count"))
    statement = restricted(rows.select_from(model), model, model, shape, found=None).where(*in_use(model, model))
    if capped:
        statement = select(_at_most(func.count())).select_from(statement.limit(COUNTED + 1).subquery())
    return compiled(statement, model, subjects=None)


@lru_cache(maxsize=512)
def count_for(batch: Batch, shape: Shape) -> Statement:
    """How many rows of the relation each parent has: `_key`, `count`."""
    statement = (_each if batch.model in CAPPED else _all)(batch, shape)
    return compiled(statement, batch.model, subjects=None)


def _all(batch: Batch, shape: Shape) -> Select[Any]:
    source = batch.model
    key = getattr(source, batch.key)
    statement = select(key.label("_key"), func.count().label("count")).where(key == func.any(keys_of(batch, source)))
    return restricted(statement.where(*batch.fixed(source)), source, source, shape).group_by(key)


def _each(batch: Batch, shape: Shape) -> Select[Any]:
    """Parent by parent, of each no more than is counted."""
    source = aliased(batch.model)
    parents = parents_of(batch, source)
    inner = select(literal(1).label("one")).where(batch.belongs(source, parents.c.key))
    rows = restricted(inner.where(*batch.fixed(source)), batch.model, source, shape).limit(COUNTED + 1).lateral("t")
    columns = parents.c.key.label("_key"), _at_most(func.count(rows.c.one))
    return select(*columns).select_from(parents.outerjoin(rows, true())).group_by(parents.c.key)
