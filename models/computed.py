"""Values that SQL works out from a row when a read asks for them: expressions over a model, not columns.

`value(source, name)` is a column or such an expression, of a model or of an alias of one. Reading the attribute
itself would give the expression over the model's own table even where an alias stands in the statement.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    Select,
    any_,
    bindparam,
    func,
    inspect,
)

from models.base import HELD_BY, POINTS_TO

Test = Callable[[Any], ColumnElement[bool]]
Lookup = Callable[[Any, Test], ColumnElement[bool]]
ForMany = Callable[[Any], Select[Any]]


class Computed:
    """Declared in a model's class body by `computed`; rows carry the value under its name."""

    def __init__(
        self,
        expression: Callable[[Any], ColumnElement[Any]],
        comment: str,
        target: str | None,
        lookup: "Lookup | None" = None,
        for_many: "ForMany | None" = None,
    ) -> None:
        self.expression = expression
        self.comment = comment
        self.target = target
        self.lookup = lookup
        self.for_many = for_many


def computed(
    comment: str, *, target: str | None = None, lookup: "Lookup | None" = None, for_many: "ForMany | None" = None
) -> Callable[[Callable[[Any], ColumnElement[Any]]], Computed]:
    """Declare a computed value; `comment` is what clients read about it, `target` the table that a key points to.

    `lookup(source, test)` is the condition that the value passes `test`, where an index finds the rows sooner than the
    expression would, worked out for each. `for_many(keys)` selects the values of the rows with these keys, which are an
    array: `_key` and `value`, no row where there is no value; it is there where that is cheaper than the expression.
    """
    return lambda expression: Computed(expression, comment, target, lookup, for_many)


class Sealed(Computed):
    """Declared in a model's class body by `sealed`: a text of which the table keeps only what the server has sealed.

    Rows carry the sealed bytes under its name. `index` is the column of its keyed hash, where it is looked up by value.
    """

    def __init__(self, column: str, comment: str, index: str | None) -> None:
        super().__init__(lambda source: getattr(source, column), comment, None)
        self.column = column
        self.index = index


def sealed(column: str, comment: str, *, index: str | None = None) -> Sealed:
    """Declare a sealed text; `column` keeps it, `comment` is what clients read about it."""
    return Sealed(column, comment, index)


def declaration(model: type, name: str) -> Any:
    """What a model or one of its bases declares under a name."""
    return next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)


def value(source: Any, name: str) -> Any:
    """The SQL of a column or computed value of `source`, a model or an alias of one."""
    declared = declaration(inspect(source).mapper.class_, name)
    return declared.expression(source) if isinstance(declared, Computed) else getattr(source, name)


def held_by(model: Any, name: str) -> str | None:
    """The function that finds the rows of which a column holds one of some keys; None where it is no array of keys."""
    column = inspect(model).columns.get(name)
    return None if column is None else column.info.get(HELD_BY)


def holds(source: Any, name: str, keys: Any, *, finding: bool = True) -> ColumnElement[bool]:
    """The condition that a column of keys, which is an array, holds one of these keys, which are an array too.

    `finding` where no row is of use that does not meet it: then a function finds the rows by an index. It would be
    called again for each row that something else has found.
    """
    function = held_by(inspect(source).mapper.class_, name)
    assert function
    found: ColumnElement[bool] = source.id == any_(getattr(func, function)(keys, type_=ARRAY(BigInteger)))
    return found if finding else getattr(source, name).op("&&", is_comparison=True)(keys)


@lru_cache(maxsize=4096)
def pointed_to(model: Any, column: str) -> type[Any] | None:
    """The model whose key a column or computed value holds, or None where it holds none."""
    declared, mapper = declaration(model, column), inspect(model)
    if isinstance(declared, Computed):
        names = {declared.target}
    else:
        held = mapper.local_table.columns[column]
        names = {key.column.table.name for key in held.foreign_keys if key.column.name == "id"} - {"institution"}
        names |= {held.info.get(POINTS_TO)}
    return next((each.class_ for each in mapper.registry.mappers if each.local_table.name in names), None)


def tenant() -> BindParameter[Any]:
    """The institution of the operation, which every operation binds."""
    return bindparam("tenant", type_=BigInteger())


def now() -> BindParameter[Any]:
    """The operation's one point in time, which every operation binds."""
    return bindparam("now", type_=DateTime(timezone=True))


def today() -> BindParameter[Any]:
    """The school's current day: every operation binds it, by the school's time zone."""
    return bindparam("today", type_=Date())
