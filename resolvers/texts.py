"""Rows as text: PostgreSQL joins the values of all rows into one text of pieces of JSON.

A column that becomes a Python object and then JSON again costs several times what PostgreSQL needs to spell it. What
makes JSON slow there is escaping (`json_build_object` takes twice as long as all the rest), so nothing is escaped:
signs stand for quotation marks, nulls and ends (`resolvers.pieces`); values are escaped once, in the whole answer.

    SELECT string_agg(textcat(textcat(id, E'\\x01,\\x01day\\x01:\\x01'), textcat(day, …)), E'\\x03'),
           count(*), sum(num_nonnulls(…)), …
    FROM (SELECT id, day, …, course_id, student_id AS _key FROM enrollment WHERE … ORDER BY …) AS q

A row that lacks a value is left out, and missed in the count. The inner select is that of the rows themselves: each
column is worked out once, however often it is shown.

To spell another type, give it a `Kind` (or one that there is) in `kind_of`, and a case in `_spelling` where PostgreSQL
writes it otherwise than the rows' way, by Python and orjson: both must give the same bytes.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache, reduce
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy import Text as TextType
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import NullType

from models import Base
from models.computed import Sealed, declaration, value
from resolvers.abilities import PREFIX
from resolvers.pieces import NEXT, NULL, QUOTE, Layout

_SIGNS = QUOTE + NULL + NEXT
# Of a function PostgreSQL takes no more than a hundred.
MOST_ARGUMENTS = 90


class Kind(Enum):
    """How a value is spelled.

    `TEXT`, `DAY` and `INSTANT` stand between quotation marks: texts, closed sets and decimals, dates, points in time.
    `BARE` are whole numbers and truth values, `COMPACT` is a day within an id.
    """

    TEXT = "text"
    BARE = "bare"
    DAY = "day"
    INSTANT = "instant"
    COMPACT = "compact"


@dataclass(frozen=True)
class Spelled:
    """A column's value in a text. Without one that is `required` no row is of use."""

    name: str
    kind: Kind
    nullable: bool = True
    required: bool = False


@dataclass(frozen=True)
class Text:
    """Values and what stands between them, one after the other."""

    parts: tuple[str | Spelled, ...]

    @property
    def spelled(self) -> Iterator[Spelled]:
        return (part for part in self.parts if isinstance(part, Spelled))

    @property
    def quotes(self) -> int:
        return sum(part.count(QUOTE) for part in self.parts if isinstance(part, str))


@dataclass(frozen=True)
class Writing:
    """The pieces of a row: `texts`, and the columns that are `keys`."""

    texts: tuple[Text, ...]
    keys: tuple[str, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What rows must have to be written so."""
        return tuple(sorted({*self.keys, *(each.name for each in self.spelled)}))

    @property
    def spelled(self) -> list[Spelled]:
        return [part for text in self.texts for part in text.spelled]

    @property
    def doubtful(self) -> list[Spelled]:
        """The values in whose place there may be NULL."""
        return [each for each in self.spelled if each.nullable and each.kind is not Kind.BARE]

    @property
    def required(self) -> list[Spelled]:
        return [each for each in self.spelled if each.required]

    def layout(self, width: int) -> Layout:
        return Layout(width, sum(text.quotes for text in self.texts), len(self.doubtful), len(self.required))


@lru_cache(maxsize=4096)
def kind_of(model: type[Base], name: str) -> Kind | None:
    """How the values of a column or computed value are spelled; None where Python has to."""
    if name.startswith(PREFIX) or isinstance(declaration(model, name), Sealed):
        return None
    found = value(model, name).type
    kinds = {String: Kind.TEXT, Numeric: Kind.TEXT, Boolean: Kind.BARE, Integer: Kind.BARE, Date: Kind.DAY}
    if isinstance(found, DateTime):
        return Kind.INSTANT if found.timezone else None
    return next((kind for each, kind in kinds.items() if isinstance(found, each)), None)


def is_number(model: type[Base], name: str) -> bool:
    """Whether the values of a column are spelled in one way only, as keys have to be that are compared as texts."""
    return isinstance(value(model, name).type, Integer)


def _literal(text: str) -> ColumnElement[Any]:
    """Names of GraphQL and JSON's own signs: nothing in there needs more care than the two stand-ins."""
    spelled = "".join(f"\\x{ord(sign):02x}" if sign in _SIGNS else sign for sign in text)
    return literal_column(f"E'{spelled}'", TextType)


def _instant(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """As Python spells it: with six digits of a second, or with none. PostgreSQL leaves out the noughts at the end."""
    parted = func.replace(cast(column, TextType), literal_column("' '"), literal_column("'T'"))
    as_it_is = parted.concat(literal_column("':00'", TextType))
    rounded = {digits: cast(column, TIMESTAMP(timezone=True, precision=digits)) for digits in (0, 5)}
    alike = or_(column == rounded[0], column != rounded[5])
    form = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'""", TextType)
    return case((_beyond(column), _literal(QUOTE)), (alike, as_it_is), else_=func.to_char(column, form))


def _beyond(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a day or an instant is none of Python's, which has its own way with those; a sign too many tells it."""
    first, after = ("TIMESTAMPTZ '0001-01-02'", "TIMESTAMPTZ '9999-12-31'")
    if isinstance(column.type, Date):
        first, after = ("DATE '0001-01-01'", "DATE '9999-12-31'")
    return or_(column < literal_column(first), column > literal_column(after))


def _spelling(column: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
    """One value; days and instants by the session's settings, ISO and UTC."""
    if isinstance(column.type, NullType):
        return cast(null(), TextType)
    if kind is Kind.INSTANT:
        return _instant(column)
    text = cast(column, TextType)
    if kind is Kind.DAY:
        return case((_beyond(column), _literal(QUOTE)), else_=text)
    return func.replace(text, literal_column("'-'"), literal_column("''")) if kind is Kind.COMPACT else text


def _value(rows: Any, spelled: Spelled) -> ColumnElement[Any]:
    found = _spelling(rows.c[spelled.name], spelled.kind)
    if not spelled.nullable:
        return found
    return func.coalesce(found, _literal("null" if spelled.kind is Kind.BARE else NULL))


def _key(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A key; one that is null is empty."""
    text = cast(column, TextType)
    given = all(isinstance(base, Column) and not base.nullable for base in column.base_columns)
    return text if given else func.coalesce(text, _literal(""))


def _joined(parts: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Half by half: one after the other would copy the first with each that follows.

    `concat` takes an eighth longer for a page of students, as it has each part spelled anew, whatever its type.
    """
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return func.textcat(_joined(parts[:half]), _joined(parts[half:]), type_=TextType)


def _parts(values: list[ColumnElement[Any]]) -> list[list[ColumnElement[Any]]]:
    return [values[start : start + MOST_ARGUMENTS] for start in range(0, len(values), MOST_ARGUMENTS)]


def _text(rows: Any, text: Text) -> list[ColumnElement[Any]]:
    return [_literal(part) if isinstance(part, str) else _value(rows, part) for part in text.parts]


def _given(rows: Any, values: list[Spelled]) -> ColumnElement[Any]:
    """How many of the values are there, in all rows."""
    if not values:
        return literal_column("0", Integer)
    parts = _parts([rows.c[each.name] for each in values])
    return func.sum(reduce(operator.add, (func.num_nonnulls(*part, type_=Integer) for part in parts)))


def gathered(rows: Select[Any], writing: Writing, others: list[str], *, cursors: int = 0) -> Select[Any]:
    """All rows of a select as one; each ends with the keys and `others` of its columns.

    An aggregate takes the rows of an ordered subquery in their order. `cursors` columns of a page's first row and of
    the last that is shown are given besides.
    """
    # A subquery might be taken apart, and what is worked out for a column be done for each mention; not with an offset.
    source = rows.offset(literal_column("0", Integer)).subquery("q")
    between = _literal(NEXT)
    pieces = [_text(source, text) for text in writing.texts]
    pieces += [[_key(source.c[name])] for name in (*writing.keys, *others)]
    row = _joined([part for piece in pieces for part in (*piece, between)][:-1])
    given = (_given(source, values) for values in (writing.doubtful, writing.required))
    # Where the viewer may see none of the values no column of the rows is named.
    return select(func.string_agg(row, between), func.count(), *given, *_ends(source, cursors)).select_from(source)


def _ends(rows: Any, cursors: int) -> list[ColumnElement[Any]]:
    """What cursors are made of, in the first row and in the last before the one that only tells of more."""
    one = literal_column("1", Integer)
    last = func.least(func.count(), bindparam("first", type_=BigInteger) - one) if cursors else one
    columns = [rows.c[f"_c{n}"] for n in range(cursors)]
    return [func.array_agg(column, type_=ARRAY(column.type))[place] for place in (one, last) for column in columns]
