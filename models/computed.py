"""Values that SQL works out from a row when a read asks: `Student.full_name` is an expression, not a column."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Date, bindparam

Test = Callable[[Any], ColumnElement[bool]]
Lookup = Callable[[Any, Test], ColumnElement[bool]]


class Computed:
    """Descriptor: on the class (or an alias of it) it is the SQL expression; rows carry the value under its name."""

    def __init__(
        self,
        expression: Callable[[Any], ColumnElement[Any]],
        comment: str,
        target: str | None,
        lookup: "Lookup | None",
    ) -> None:
        self.expression = expression
        self.comment = comment
        self.target = target
        self.lookup = lookup

    def __get__(self, instance: object, owner: Any) -> ColumnElement[Any]:
        return self.expression(owner)


def computed(
    comment: str, *, target: str | None = None, lookup: "Lookup | None" = None
) -> Callable[[Callable[[Any], ColumnElement[Any]]], Computed]:
    """Declare a computed value; `comment` is what clients read about it, `target` the table that a key points to.

    `lookup(source, test)` is the condition that the value passes `test`, where an index finds the rows sooner than the
    expression would, worked out for each.
    """
    return lambda expression: Computed(expression, comment, target, lookup)


def declaration(model: type, name: str) -> Any:
    """What a model or one of its bases declares under a name."""
    return next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)


def tenant() -> BindParameter[Any]:
    """The institution of the operation, which every operation binds."""
    return bindparam("tenant", type_=BigInteger())


def today() -> BindParameter[Any]:
    """The school's current day: every operation binds it, by the school's time zone."""
    return bindparam("today", type_=Date())
