"""The schema as tests walk it: which types there are, what their fields read, and the root fields that lead to them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type

from models import Base
from schema.reads import READS, Lookup, Pages, RelatedPages, Singleton, ToMany, ToOne
from schema.root import schema

GRAPHQL: GraphQLSchema = schema._schema
Leaves = Callable[[type[Base]], tuple[str, ...]]


def object_type(name: str) -> GraphQLObjectType:
    found = GRAPHQL.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def input_type(name: str) -> GraphQLInputObjectType:
    found = GRAPHQL.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return found


def reads(field: GraphQLField) -> Any:
    """What a field reads, as `schema.reads` says it, or None."""
    definition = field.extensions.get("strawberry-definition")
    return definition.metadata.get(READS) if definition else None


def fields_reading(type_name: str, *kinds: type[Any]) -> dict[str, Any]:
    found = {name: reads(field) for name, field in object_type(type_name).fields.items()}
    return {name: read for name, read in found.items() if isinstance(read, kinds)}


def type_of(model: type[Base]) -> str:
    return model.__name__


@cache
def entities() -> tuple[type[Base], ...]:
    """Every model that clients can see as a type of its own."""
    found: dict[type[Base], None] = {}
    for read in fields_reading("Query", Lookup, Singleton).values():
        found[read.model if isinstance(read, Lookup) else read.batch.model] = None
    return tuple(found)


def lists() -> dict[type[Base], str]:
    """The root connection of each model that has one."""
    return {read.model: name for name, read in fields_reading("Query", Pages).items()}


def lookups() -> dict[type[Base], str]:
    return {read.model: name for name, read in fields_reading("Query", Lookup).items()}


@cache
def relations(model: type[Base]) -> dict[str, Any]:
    """The fields of a type that lead to other rows: to one, to a list, to a page."""
    return fields_reading(type_of(model), ToOne, ToMany, RelatedPages)


@cache
def leaves(model: type[Base]) -> tuple[str, ...]:
    """The fields of a type that have no selection: columns and computed values."""
    fields = object_type(type_of(model)).fields.items()
    return tuple(name for name, field in fields if is_leaf_type(get_named_type(field.type)))


@cache
def planned_leaves(model: type[Base]) -> tuple[str, ...]:
    """Those that no function resolves: a document with one anywhere in it is not planned as a whole."""
    fields = object_type(type_of(model)).fields
    return tuple(name for name in leaves(model) if name == "id" or reads(fields[name]) is not None)


def selection(model: type[Base], depth: int, *, leaf: bool = True) -> str:
    """All that can be selected of a type, down to `depth` relations; pages come with their cursors and counts."""
    parts = list(leaves(model)) if leaf else ["id"]
    if depth > 0:
        for name, read in relations(model).items():
            parts.append(f"{name} {{ {wrapped(read, selection(read.batch.model, depth - 1, leaf=leaf))} }}")
    return " ".join(parts)


def wrapped(read: Any, inner: str) -> str:
    """`inner` of the rows that a relation leads to."""
    return f"totalCount pageInfo {{ endCursor }} nodes {{ {inner} }}" if isinstance(read, RelatedPages) else inner


def fragments(model: type[Base], depth: int, shown: Leaves = leaves) -> str:
    """Fragments `<Type><n>`: leaves of a type, and n relations further down; what `model` needs for `depth`."""
    level, found = {model}, []
    for n in range(depth, -1, -1):
        found += [_fragment(each, n, shown) for each in sorted(level, key=type_of)]
        level = {read.batch.model for each in level for read in relations(each).values()}
    return " ".join(found)


def _fragment(model: type[Base], depth: int, shown: Leaves) -> str:
    below = relations(model).items() if depth else ()
    parts = [f"{name} {{ {wrapped(read, f'...{type_of(read.batch.model)}{depth - 1}')} }}" for name, read in below]
    return f"fragment {type_of(model)}{depth} on {type_of(model)} {{ {' '.join([*shown(model), *parts])} }}"
