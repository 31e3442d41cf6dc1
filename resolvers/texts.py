"""Rows as text: PostgreSQL joins the values of all rows into one text of pieces of JSON.

A column that becomes a Python object and then JSON again costs several times what PostgreSQL needs to spell it. What
makes JSON slow there is escaping (`json_build_object` takes twice as long as all the rest), so nothing is escaped:
signs stand for quotation marks, nulls and ends (`resolvers.pieces`); values are escaped once, in the whole answer.

    SELECT string_agg(concat(_text0, E'\\x03', course_id, E'\\x03', _key), E'\\x03'), count(*), sum(_given)
    FROM (SELECT concat(id, E'\\x01,\\x01day\\x01:\\x01', day, …) AS _text0, course_id, student_id AS _key
          FROM enrollment WHERE … ORDER BY …) AS q
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, reduce
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Label,
    Numeric,
    Select,
    String,
    and_,
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

from models import Base, Role
from models.computed import Sealed, declaration, value
from resolvers.abilities import PREFIX
from resolvers.pieces import NEXT, NULL, QUOTE
from resolvers.statements import output

_SIGNS = QUOTE + NULL + NEXT
# PostgreSQL takes no more arguments than a hundred.
MOST_ARGUMENTS = 90


class Kind(Enum):
    """How a value is spelled: `TEXT`, `DAY` and `INSTANT` between quotation marks; `COMPACT` is a day within an id."""

    TEXT = "text"
    BARE = "bare"
    DAY = "day"
    INSTANT = "instant"
    COMPACT = "compact"


@dataclass(frozen=True)
class Spelled:
    """A column's value in a text: a null where it is `nullable`; without one that is `required` there is no text."""

    name: str
    kind: Kind
    nullable: bool = False
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
    as_it_is = func.overlay(cast(column, TextType).op("PLACING")(literal_column("'T' FROM 11 FOR 1"))).concat(
        literal_column("':00'", TextType)
    )
    rounded = {digits: cast(column, TIMESTAMP(timezone=True, precision=digits)) for digits in (0, 5)}
    alike = or_(column == rounded[0], column != rounded[5])
    form = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'""", TextType)
    return case((alike, as_it_is), else_=func.to_char(column, form))


def _spelling(source: Any, spelled: Spelled, roles: frozenset[Role]) -> ColumnElement[Any]:
    """One value; for a day and an instant by the session's settings, ISO and UTC."""
    column = output(source, spelled.name, roles)
    column = column.element if isinstance(column, Label) else column
    if isinstance(column.type, NullType):
        return cast(null(), TextType)
    if spelled.kind is Kind.INSTANT:
        return _instant(column)
    if spelled.kind is Kind.COMPACT:
        return func.replace(cast(column, TextType), literal_column("'-'"), literal_column("''"))
    # PostgreSQL spells what it joins; only truth values otherwise than JSON.
    as_it_is = not spelled.nullable and not isinstance(column.type, Boolean)
    return column if as_it_is or spelled.kind is Kind.TEXT else cast(column, TextType)


def _argument(source: Any, spelled: Spelled, roles: frozenset[Role]) -> ColumnElement[Any]:
    found = _spelling(source, spelled, roles)
    if not spelled.nullable:
        return found
    return func.coalesce(found, _literal("null" if spelled.kind is Kind.BARE else NULL))


def _joined(arguments: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    while len(arguments) > MOST_ARGUMENTS:
        arguments = [
            func.concat(*arguments[start : start + MOST_ARGUMENTS])
            for start in range(0, len(arguments), MOST_ARGUMENTS)
        ]
    return func.concat(*arguments)


def text_column(source: Any, text: Text, roles: frozenset[Role]) -> ColumnElement[Any]:
    """The text of a row; NULL where a value is missing that must be there."""
    found = _joined(
        [_literal(part) if isinstance(part, str) else _argument(source, part, roles) for part in text.parts]
    )
    required = [_spelling(source, part, roles).is_not(None) for part in text.spelled if part.required]
    return case((and_(*required), found)) if required else found


def text_columns(source: Any, texts: tuple[Text, ...], roles: frozenset[Role]) -> list[ColumnElement[Any]]:
    """The texts, and how many of their values between quotation marks are no nulls, where there may be any."""
    columns: list[ColumnElement[Any]] = [
        text_column(source, text, roles).label(f"_text{n}") for n, text in enumerate(texts)
    ]
    if doubtful := doubtful_of(texts):
        columns.append(_given([_spelling(source, each, roles) for each in doubtful]).label("_given"))
    return columns


def _given(values: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    """How many of the values are there."""
    parts = [values[start : start + MOST_ARGUMENTS] for start in range(0, len(values), MOST_ARGUMENTS)]
    return reduce(operator.add, (func.num_nonnulls(*part, type_=Integer) for part in parts))


def doubtful_of(texts: tuple[Text, ...]) -> list[Spelled]:
    """The values in whose place there may be NULL."""
    return [each for text in texts for each in text.spelled if each.nullable and each.kind is not Kind.BARE]


def gathered(rows: Select[Any], texts: tuple[Text, ...], *, cursors: int = 0) -> tuple[Select[Any], tuple[str, ...]]:
    """All rows of a select as one, and the names of the pieces of each.

    An aggregate takes the rows of an ordered subquery in their order. A row without a value that must be there is not
    in the text, but counted. `cursors` columns of the first row and of the last that is shown are given besides.
    """
    source = rows.subquery("q")
    own = [f"_text{n}" for n in range(len(texts))]
    ends = [f"_c{n}" for n in range(cursors)]
    names = own + [column.key for column in source.c if column.key not in {*own, *ends, "_given"}]
    between = _literal(NEXT)
    pieces = [part for name in names for part in (source.c[name], between)][:-1]
    row = _joined(pieces)
    if any(part.required for text in texts for part in text.spelled):
        row = case((and_(*(source.c[name].is_not(None) for name in own)), row))
    given = func.sum(source.c["_given"]) if "_given" in source.c else literal_column("0")
    one = literal_column("1", Integer)
    last = func.least(func.count(), bindparam("first", type_=BigInteger) - one)
    values = [_at(source.c[name], place) for place in (one, last) for name in ends]
    return select(func.string_agg(row, between), func.count(), given, *values), tuple(names)


def _at(column: ColumnElement[Any], place: Any) -> ColumnElement[Any]:
    values: ColumnElement[Any] = func.array_agg(column, type_=ARRAY(column.type))[place]
    return values
