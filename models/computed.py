"""Values that SQL works out from a row when a read asks: `Student.full_name` is an expression, not a column."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, bindparam


class Computed:
    """Descriptor: on the class (or an alias of it) it is the SQL expression; rows carry the value under its name."""

    def __init__(self, expression: Callable[[Any], ColumnElement[Any]], comment: str, target: str | None) -> None:
        self.expression = expression
        self.comment = comment
        self.target = target

    def __get__(self, instance: object, owner: Any) -> ColumnElement[Any]:
        return self.expression(owner)


def computed(comment: str, *, target: str | None = None) -> Callable[[Callable[[Any], ColumnElement[Any]]], Computed]:
    """Declare a computed value; `comment` is what clients read about it, `target` the table that a key points to."""
    return lambda expression: Computed(expression, comment, target)


def today() -> BindParameter[Any]:
    """The school's current day: every operation binds it, by the school's time zone."""
    return bindparam("today", type_=Date())
