"""Inputs about one record: a class says which fields there are, their descriptions follow from the columns.

    @new_record(models.Semester, "A new part of a school year.")
    class CreateSemesterInput:
        school_year: strawberry.ID                              an id of the row that the column leads to
        name: str                                               must be given
        sequence: int | None                                    may be left out or null: the column's default

    @known_record(models.Semester, "What to change about a part of a school year.")
    class UpdateSemesterInput:                                  has `id` and `version` by itself
        name: str                                               may be left out, as every other, but is never null
        grade_entry_opens_at: datetime.datetime | None          null: none

A field that is assigned something (`guardians: list[GuardianInput] = optional(...)`) is taken as it is.
"""

from collections.abc import Callable
from types import NoneType
from typing import Any, get_args

import strawberry

from models import Base
from resolvers.writing.bounds import told_bound, told_default
from resolvers.writing.content import column_of
from resolvers.writing.records import references
from schema.comments import describe
from schema.inputs import key, optional

VERSION = "The version that was read; another one now is a CONFLICT."
Decorator = Callable[[type], type]
# The type is made at run time, which type checkers cannot follow.
MAYBE: Any = strawberry.Maybe


def _fields(model: type[Base], kind: Any, make: Callable[[Any, bool], Any]) -> None:
    """Give every field that has nothing yet what `make` says."""
    for name, annotation in list(kind.__annotations__.items()):
        if name not in vars(kind):
            setattr(kind, name, make(column_of(model, name), NoneType in get_args(annotation)))


def new_record(model: type[Base], description: str) -> Decorator:
    """Make a class the input of a mutation that adds a record."""

    def field(column: Any, may_be_left_out: bool) -> Any:
        text = f"{describe(model, column.name)}{told_bound(column)}"
        if column.name in references(model):
            return key(references(model)[column.name], text, **({"default": None} if may_be_left_out else {}))
        return optional(text + told_default(column)) if may_be_left_out else strawberry.field(description=text)

    def decorate(kind: type) -> type:
        _fields(model, kind, field)
        return strawberry.input(kind, description=description)

    return decorate


def known_record(model: type[Base], description: str) -> Decorator:
    """Make a class the input of a mutation of a record that is there: `id`, `version`, and what to change."""

    def field(column: Any, may_be_null: bool) -> Any:
        text = f"{describe(model, column.name)}{told_bound(column)}{' Null: none.' if may_be_null else ' Never null.'}"
        if column.name in references(model):
            return key(references(model)[column.name], text)
        return strawberry.field(description=text)

    def decorate(kind: Any) -> Any:
        plain = {name: MAYBE[type_ | None] for name, type_ in kind.__annotations__.items() if name not in vars(kind)}
        _fields(model, kind, field)
        kind.__annotations__ = {"id": strawberry.ID, "version": int, **kind.__annotations__, **plain}
        kind.id = key(model, f"The {model.__name__}.")
        kind.version = strawberry.field(description=VERSION)
        return strawberry.input(kind, description=description)

    return decorate
