"""The order of a list, and where in it a cursor stands."""

import base64
import binascii
import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Table,
    UnaryExpression,
    UniqueConstraint,
    and_,
    bindparam,
    false,
    inspect,
    or_,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from models import Base
from models.computed import value
from resolvers.errors import Invalid
from resolvers.rows import Row

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Order:
    column: str
    descending: bool = False


def sorted_by(*names: str) -> tuple[Order, ...]:
    """An order spelled in names; one that begins with `-` sorts downwards."""
    return tuple(Order(name.lstrip("-"), name.startswith("-")) for name in names)


def ordered(columns: tuple[Order, ...]) -> tuple[Order, ...]:
    """The same order made total: the key comes last, in the last column's direction."""
    if any(order.column == "id" for order in columns):
        return columns
    return (*columns, Order("id", columns[-1].descending if columns else False))


def reverse(columns: tuple[Order, ...]) -> tuple[Order, ...]:
    return tuple(Order(order.column, not order.descending) for order in columns)


def order_by(source: Any, columns: tuple[Order, ...]) -> list[UnaryExpression[Any]]:
    """Nulls come last ascending and first descending, as PostgreSQL's indexes have them."""
    return [
        value(source, order.column).desc() if order.descending else value(source, order.column).asc()
        for order in _deciding(inspect(source).mapper.class_, columns)
    ]


@lru_cache(maxsize=1024)
def _deciding(model: type[Base], columns: tuple[Order, ...]) -> tuple[Order, ...]:
    """The order as far as it decides anything: to sort by more than an index has costs twice what the index does."""
    alone = _unique(model)
    last = next((n for n, order in enumerate(columns, 1) if order.column in alone), len(columns))
    return columns[:last]


@lru_cache(maxsize=256)
def _unique(model: type[Base]) -> frozenset[str]:
    """Columns in which no two rows of an institution have the same."""
    rules = [each for each in cast(Table, model.__table__).constraints if isinstance(each, UniqueConstraint)]
    columns = [{column.key for column in each.columns if column.key != "institution_id"} for each in rules]
    names = {name for names in columns if len(names) == 1 for name in names}
    return frozenset(name for name in names if not getattr(model, name).nullable) | {"id"}


def _past(column: Any, order: Order, value: Any, null: bool) -> ColumnElement[bool]:
    past: ColumnElement[bool] = column < value if order.descending else column > value
    if null:
        past = column.is_not(None) if order.descending else false()
    elif not order.descending and getattr(column, "nullable", True):
        past = or_(past, column.is_(None))
    return past


def _bound(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Cursors can be forged: a number may be larger than its column's."""
    return BigInteger() if isinstance(kind, Integer) else kind


def beyond(source: Any, columns: tuple[Order, ...], nulls: tuple[bool, ...]) -> ColumnElement[bool]:
    """Rows after the cursor whose values are the parameters `c0`, `c1` …; `nulls` says which of them are null."""
    attributes = [value(source, order.column) for order in columns]
    values = [bindparam(f"c{n}", type_=_bound(attribute.type)) for n, attribute in enumerate(attributes)]
    directions = {order.descending for order in columns}
    if len(directions) == 1 and not any(getattr(attribute, "nullable", True) for attribute in attributes):
        row, cursor = tuple_(*attributes), tuple_(*values)
        return row < cursor if columns[0].descending else row > cursor
    branches = []
    for n, order in enumerate(columns):
        equal = [a.is_(None) if nulls[m] else a == values[m] for m, a in enumerate(attributes[:n])]
        branches.append(and_(*equal, _past(attributes[n], order, values[n], nulls[n])))
    return or_(*branches)


@lru_cache(maxsize=1024)
def signature(model: type[Base], columns: tuple[Order, ...]) -> str:
    """Tells cursors of different lists and orders apart."""
    return signature_of_search(model, columns, "")


def signature_of_search(model: type[Base], columns: tuple[Order, ...], search: str) -> str:
    """Tells cursors of different searches apart, too; clients choose the text, so that none is remembered."""
    spelled = ",".join(f"{order.column}{'-' if order.descending else '+'}" for order in columns)
    return hashlib.sha256(f"{model.__tablename__}:{spelled}:{search}".encode()).hexdigest()[:8]


@lru_cache(maxsize=1024)
def kinds(model: type[Base], columns: tuple[Order, ...]) -> tuple[type, ...]:
    return tuple(value(model, order.column).type.python_type for order in columns)


def encode_cursor(signed: str, row: Row, size: int) -> str:
    """A row's place in a list: the signature, then the row's values of the ordered columns (`_c0`, `_c1` …)."""
    document = orjson.dumps([signed, *(row[f"_c{n}"] for n in range(size))])
    return base64.urlsafe_b64encode(document).decode().rstrip("=")


def _instant(value: Any) -> datetime.datetime:
    """An instant in UTC; one without an offset, or beyond what UTC can say, is an error."""
    instant = datetime.datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant.astimezone(datetime.UTC)


def _parse(value: Any, kind: type) -> Any:
    """A value that can be compared with a column of `kind`; on any other an error that `decode_cursor` expects."""
    if value is None:
        return None
    if kind is datetime.datetime:
        return _instant(value)
    if kind is datetime.date:
        return kind.fromisoformat(value)
    if type(value) is not (str if issubclass(kind, str) else kind):
        raise ValueError(value)
    if isinstance(value, int) and not MIN_INTEGER <= value <= MAX_INTEGER:
        raise ValueError(value)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(value)
    return value


def decode_cursor(signed: str, kinds: Sequence[type], cursor: str, *, field: str) -> list[Any]:
    """The values in a cursor.

    Raises Invalid when it is not a cursor, or was made for another list or another order.
    """
    try:
        found, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if found != signed:
            raise ValueError(cursor)
        return [_parse(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        shown = cursor if len(cursor) <= 40 else cursor[:40] + "…"
        raise Invalid(f"{field}: {shown!r} is not a cursor of this list in this order", field=field) from error
