"""Core selects as text for the driver: compiled once, run many times.

Values never stand in the text. A statement names its parameters; the caller gives the values of those that
vary, `resolvers.context` those that every operation has (`tenant`, `today`, `now`, `viewer`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Numeric, Select, Text, cast, func
from sqlalchemy.dialects.postgresql import JSONB, asyncpg

from models import Base, Role
from models.computed import Sealed, declaration, value
from resolvers.abilities import PREFIX, able
from resolvers.pieces import Layout
from resolvers.policy import visible
from resolvers.rows import Row, row_class
from resolvers.trail.subjects import Subjects

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Blind(ARRAY[Any]):
    """The type of a parameter that is given as a Secret and looked up by what it is indexed under in a column."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(LargeBinary)
        self.table = table
        self.column = column


@dataclass(frozen=True, eq=False)
class Statement:
    """SQL with `$n` in the order of `parameters`; rows come back as `record`.

    `subjects` finds the students whose records the rows are; None where they are nobody's.
    `blind` are the parameters whose values must be indexed before they are sent. `plain` rows can be sent within a row:
    the driver reads no array in there. `afresh`: so much is read that it pays to plan it for its values each time.
    `layout` is that of rows that are written as text (`resolvers.pieces`): all of them come as one row.
    """

    sql: str
    parameters: tuple[str, ...]
    record: type[Row]
    constants: Mapping[str, Any]
    subjects: Subjects | None = None
    blind: Mapping[str, Blind] = field(default_factory=dict)
    plain: bool = True
    afresh: bool = False
    layout: Layout | None = None

    def arguments(self, values: Mapping[str, Any], parameters: tuple[str, ...] | None = None) -> list[Any]:
        """The values of the parameters, or of some of them."""
        constants, names = self.constants, self.parameters if parameters is None else parameters
        return [values[name] if name in values else constants[name] for name in names]


def compiled(
    select: Select[Any],
    model: type[Base],
    *,
    subjects: Subjects | None,
    afresh: bool = False,
    layout: Layout | None = None,
) -> Statement:
    """Compile for the driver; a parameter without a constant must be given on each run.

    `subjects` is None only where no row of a student reaches the viewer, as with counts.
    """
    result = select.compile(dialect=_DIALECT)
    constants = {name: bound.effective_value for name, bound in result.binds.items() if not bound.required}
    blind = {name: bound.type for name, bound in result.binds.items() if isinstance(bound.type, Blind)}
    plain = not any(isinstance(column.type, ARRAY) for column in select.selected_columns)
    return Statement(
        str(result),
        tuple(result.positiontup or ()),
        row_class(model),
        constants,
        subjects,
        blind,
        plain,
        afresh,
        layout,
    )


def is_json(source: Any, name: str) -> bool:
    """Whether a column is JSON, whose text a row carries."""
    return isinstance(value(source, name).type, JSONB)


def is_sealed(model: type[Base], name: str) -> bool:
    """Whether rows carry a sealed text under this name."""
    return isinstance(declaration(model, name), Sealed)


def output(source: Any, name: str, roles: frozenset[Role]) -> ColumnElement[Any]:
    """One column of an answer, in the form that clients get, as far as somebody with these roles may see it.

    Decimals leave as text without trailing zeros, exact and without a float in between; JSON leaves as its text.
    """
    if name.startswith(PREFIX):
        return able(source, name, roles).label(name)
    column = visible(source, name, roles)
    if isinstance(column.type, Numeric):
        column = cast(func.trim_scale(column), Text)
    elif is_json(source, name):
        column = cast(column, Text)
    labelled: ColumnElement[Any] = column.label(name)
    return labelled
