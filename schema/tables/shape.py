"""Which columns a selection has, and which list in it is the rows.

    { enrollments { nodes { status student { fullName } } } }

has the columns `status` and `student.fullName`, and a row for each enrolment. Of a report the rows are
the one list that it selects, and what stands beside the list is repeated in each row; without a list it is one row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from resolvers.errors import Invalid
from schema.connection import PAGED

TEXT = "String"


class Lists(Enum):
    """What becomes of a list below the rows: a row for each of its items, or one cell for all of them."""

    ROWS = "rows"
    CELLS = "cells"


@dataclass(frozen=True)
class Column:
    """`kind` is the name of its scalar; the values of an enum, and what has no scalar of ours, are TEXT."""

    name: str
    kind: str


@dataclass(frozen=True)
class Leaf:
    """A selected value, or list of values."""

    response: str
    column: Column
    listed: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return (self.column,)

    @property
    def path(self) -> str:
        return self.column.name


@dataclass(frozen=True)
class Group:
    """A selected object, or list of objects; `rows` says that the list is the table's rows."""

    response: str
    path: str
    parts: "tuple[Leaf | Group, ...]"
    listed: bool = False
    rows: bool = field(default=False, compare=False)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for part in self.parts for column in part.columns)


Part = Leaf | Group


class Shaper:
    """Reads selections; `executor` is graphql-core's and collects their fields."""

    def __init__(self, executor: Any) -> None:
        self.executor = executor

    def fields(self, kind: GraphQLObjectType, details: Any) -> Iterator[tuple[str, Any, Any]]:
        """Response name, nodes and definition of each field selected of `kind`."""
        for response, found in self.executor.collect_subfields(kind, details).grouped_field_set.items():
            yield response, found, kind.fields.get(found[0].node.name.value)

    def group(self, kind: Any, details: Any, response: str, path: str) -> Group:
        """What is selected of objects of a type, `path` being the response names that lead to them."""
        target, listed = get_named_type(kind), _is_list(kind, path or response)
        if is_abstract_type(target):
            raise Invalid(
                f"`{path or response}` has rows of several types, and so no columns: export a list of one type"
            )
        if is_leaf_type(target):
            raise Invalid(f"`{response}` has no fields that could be columns: export a list or a report")
        parts = tuple(self.part(*each, path) for each in self.fields(target, details))
        if not parts:
            raise Invalid(f"Nothing is selected of `{path or response}`")
        return Group(response, path, parts, listed)

    def part(self, response: str, details: Any, definition: Any, above: str) -> Part:
        path = f"{above}.{response}" if above else response
        if definition is None:
            return Leaf(response, Column(path, TEXT))
        ours = definition.extensions.get("strawberry-definition")
        if ours is not None and PAGED in ours.metadata:
            raise Invalid(
                f"`{path}` is a page of a longer list, of which the rest would be missing: export it by itself"
            )
        target = get_named_type(definition.type)
        if not is_leaf_type(target):
            return self.group(definition.type, details, response, path)
        kind = TEXT if isinstance(target, GraphQLEnumType) else target.name
        return Leaf(response, Column(path, kind), _is_list(definition.type, path))


def _is_list(kind: Any, path: str) -> bool:
    kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if not isinstance(kind, GraphQLList):
        return False
    inner = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else kind.of_type
    if isinstance(inner, GraphQLList):
        raise Invalid(f"`{path}` is a list of lists, for which a table has no place")
    return True


def _open(part: Part) -> list[Group]:
    """The lists of objects that nothing but single objects leads to."""
    if isinstance(part, Leaf):
        return []
    return [part] if part.listed else [each for below in part.parts for each in _open(below)]


def _lists(part: Part) -> list[str]:
    """Paths of the lists in a part that are not its rows, the outermost of each branch."""
    if part.listed and not (isinstance(part, Group) and part.rows):
        return [part.path]
    return [] if isinstance(part, Leaf) else [path for below in part.parts for path in _lists(below)]


def _with_rows(part: Part, rows: Group) -> Part:
    if part is rows:
        return replace(rows, rows=True)
    if isinstance(part, Leaf):
        return part
    return replace(part, parts=tuple(_with_rows(each, rows) for each in part.parts))


def _first_list(part: Part) -> str | None:
    if part.listed:
        return part.path
    return None if isinstance(part, Leaf) else next(filter(None, map(_first_list, part.parts)), None)


def _check_one_by_one(part: Part) -> None:
    """Raise Invalid where two lists stand side by side: their rows have nothing to do with each other."""
    if isinstance(part, Leaf):
        return
    found = [path for each in part.parts if (path := _first_list(each))]
    if len(found) > 1:
        raise Invalid(f"`{found[0]}` and `{found[1]}` are two lists side by side: export one of them")
    for each in part.parts:
        _check_one_by_one(each)


def table(root: Group, lists: Lists | None, *, nested: bool = False) -> Group:
    """A selection as a table, its rows found. Raises Invalid where it is none.

    `nested` is for a format that keeps lists within a row as they are.
    """
    found = _open(root)
    if len(found) > 1:
        names = " and ".join(f"`{each.path}`" for each in found[:2])
        raise Invalid(f"{names} are two lists, of which only one can be the rows: export one of them")
    made = _with_rows(root, found[0]) if found else root
    assert isinstance(made, Group)
    if nested:
        return made
    if lists is None and (below := _lists(made)):
        raise Invalid(
            f"`{below[0]}` is a list, for which a cell has no place: `lists` ROWS gives a row to each of its items,"
            " CELLS puts all into one cell",
            field="lists",
        )
    if lists is Lists.ROWS:
        _check_one_by_one(made)
    return made
