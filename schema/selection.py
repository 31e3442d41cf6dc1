"""Which columns of a row a selection needs, so that no other is read."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from models import Base
from schema.info import Info
from schema.node import identity

NEEDS = "needs"
# Wrappers of rows: what is selected inside them is selected of the rows.
_WRAPPERS = {"nodes", "edges", "node"}


def _included(info: GraphQLResolveInfo[Any], node: FieldNode | InlineFragmentNode | FragmentSpreadNode) -> bool:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            given: Any = (directive.arguments or ())[0].value
            variables: Any = info.variable_values
            value = variables[given.name.value] if isinstance(given, VariableNode) else given.value
            if value != (directive.name.value == "include"):
                return False
    return True


def fields_of(info: GraphQLResolveInfo[Any], selections: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields of a selection set, fragments opened, without those that are skipped."""
    for node in selections.selections if selections else ():
        if not _included(info, node):  # type: ignore[arg-type]
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from fields_of(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from fields_of(info, info.fragments[node.name.value].selection_set)


def selected_names(info: Info) -> set[str]:
    """Names of the fields selected directly below the current field."""
    raw = info._raw_info
    return {field.name.value for node in raw.field_nodes for field in fields_of(raw, node.selection_set)}


def _needs(
    info: GraphQLResolveInfo[Any], selections: SelectionSetNode | None, target: GraphQLNamedType
) -> Iterator[str]:
    for field in fields_of(info, selections):
        name = field.name.value
        definition = target.fields.get(name) if isinstance(target, GraphQLObjectType) else None
        strawberry_field = definition.extensions.get("strawberry-definition") if definition else None
        if strawberry_field is not None:
            yield from strawberry_field.metadata.get(NEEDS, ())


def _row_selections(info: GraphQLResolveInfo[Any], node: FieldNode, wrapped: bool) -> Iterator[SelectionSetNode | None]:
    if not wrapped:
        yield node.selection_set
        return
    for field in fields_of(info, node.selection_set):
        if field.name.value in _WRAPPERS:
            yield from _row_selections(info, field, wrapped=field.name.value == "edges")


def columns(info: Info, model: type[Base], target: GraphQLNamedType, *, wrapped: bool) -> tuple[str, ...]:
    """The columns that the rows below the current field need: the key, and what the selected fields name.

    `target` is the rows' GraphQL type; `wrapped` says that they stand inside a connection.
    """
    raw = info._raw_info
    # All of them: a fragment that stands in two places brings the same first node to both.
    name = ("columns", tuple(id(node) for node in raw.field_nodes), target.name)
    known: tuple[str, ...] | None = info.context.cache.get(name)
    if known is None:
        found: set[str] = set(identity(model).columns)
        for node in raw.field_nodes:
            for selections in _row_selections(raw, node, wrapped):
                found.update(_needs(raw, selections, target))
        known = info.context.cache[name] = tuple(sorted(found))
    return known


def row_type(info: Info, name: str | None = None) -> Any:
    """The GraphQL type called `name`, or that of the current field."""
    raw = info._raw_info
    return raw.schema.type_map[name] if name else get_named_type(raw.return_type)
