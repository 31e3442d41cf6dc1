"""A query as it is read part by part, whatever page of its list it asked for.

    query Roll($level: ID) { students(where: {gradeLevel: {eq: $level}}, first: 25) { totalCount nodes { fullName } } }

becomes, `first` and `after` being the walk's own,

    query ($level: ID, $part: Int!, $start: String, $counted: Boolean!) {
      students(where: {gradeLevel: {eq: $level}}, first: $part, after: $start) {
        nodes { fullName } pageInfo { hasNextPage endCursor } totalCount @include(if: $counted)
      }
    }

A report with `first` and `offset` is walked by these, and every other field answered at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLList,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_argument_values,
    get_named_type,
)
from graphql.execution.collect_fields import collect_fields

from resolvers.errors import Invalid
from schema.connection import PAGED
from schema.execution.operation import Operation
from schema.tables.shape import Group, Shaper

GIVEN = {"first", "after", "last", "before", "offset", "search"}


class Paging(Enum):
    """How an answer is had part by part."""

    CURSORS = "by the cursors of a connection"
    OFFSETS = "by the offsets of a report"
    WHOLE = "at once"


@dataclass(frozen=True)
class Part:
    """One part of the answer: the root field's value, where the next part begins, and how long the whole list is.

    Of a connection the value is the list of its rows. `total` is None where it was not asked for, or is not known.
    """

    value: Any
    following: str | int | None
    total: int | None


@dataclass(frozen=True)
class Names:
    """The walk's own variables, none of which the query has."""

    first: str
    start: str
    counted: str


@dataclass(frozen=True)
class Walk:
    """`root` are the columns; `first` and `start` say which part of the list the query itself asks for.

    `searched` says that the list is what a search found, which may be cut where it found too much.
    """

    operation: Operation
    field: str
    response: str
    root: Group
    paging: Paging
    names: Names
    first: int | None
    start: str | int | None
    searched: bool

    def variables(
        self, given: Mapping[str, Any], rows: int, start: str | int | None, *, counted: bool
    ) -> Mapping[str, Any]:
        """The query's variables, and those of a part of so many rows from `start` on."""
        if self.paging is Paging.WHOLE:
            return given
        own: dict[str, Any] = {self.names.first: rows, self.names.start: start}
        if self.paging is Paging.CURSORS:
            own[self.names.counted] = counted
        return {**given, **own}

    def read(self, data: Mapping[str, Any]) -> Part:
        """What an answer has of the list; where the next part of a report begins is for its rows to say."""
        value = data[self.response]
        if self.paging is not Paging.CURSORS:
            return Part(value, None, None)
        info = value["pageInfo"]
        return Part(value["nodes"], info["endCursor"] if info["hasNextPage"] else None, value.get("totalCount"))


def walk_of(operation: Operation, executor: Any) -> Walk:
    """The walk through a query's one root field; `executor` has the query's variables. Raises Invalid."""
    shaper = Shaper(executor)
    response, details, definition = _root(executor)
    node = details[0].node
    given = _given(definition, node, executor)
    names = _names(operation)
    if PAGED in definition.extensions["strawberry-definition"].metadata:
        kind, rows = _rows_of_connection(shaper, response, details, definition)
        root, paging, start = shaper.group(GraphQLList(kind), rows, response, ""), Paging.CURSORS, given.get("after")
        own, selected = {"first": names.first, "after": names.start}, _connection(rows, names)
    else:
        root, selected = shaper.group(definition.type, details, response, ""), _merged(details)
        paged = {"first", "offset"} <= definition.args.keys()
        paging, start = (Paging.OFFSETS, given.get("offset", 0)) if paged else (Paging.WHOLE, None)
        own = {"first": names.first, "offset": names.start} if paged else {}
    walked = _field(response, node, own, selected)
    made = _operation(operation, walked, _variables(paging, names))
    return Walk(
        made, node.name.value, response, root, paging, names, given.get("first"), start, bool(given.get("search"))
    )


def _root(executor: Any) -> tuple[str, Any, Any]:
    kind = executor.schema.query_type
    found = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, kind, executor.operation, hide_suggestions=True
    ).grouped_field_set
    if len(found) != 1:
        names = ", ".join(f"`{name}`" for name in found) or "none"
        raise Invalid(f"An export is of one field at the root of a query, and here are {len(found)}: {names}")
    ((response, details),) = found.items()
    definition = kind.fields.get(details[0].node.name.value)
    if definition is None:
        raise Invalid(f"`{response}` is no list or report")
    return response, details, definition


def _given(definition: Any, node: FieldNode, executor: Any) -> dict[str, Any]:
    """What the query itself says of which part of the list it wants. Raises Invalid on what a walk cannot do."""
    values = get_argument_values(definition, node, executor.variable_values, None, True)
    named = {each.name.value for each in node.arguments or () if _is_there(each, executor)}
    found = {name: values[name] for name in GIVEN & named & values.keys() if values[name] is not None}
    for name in ("last", "before"):
        if name in found:
            raise Invalid(f"{name}: an export goes forward, so it takes first and after", field=name)
    for name in ("first", "offset"):
        if found.get(name, 0) < 0:
            raise Invalid(f"{name}: {found[name]} is below 0", field=name)
    return found


def _is_there(argument: ArgumentNode, executor: Any) -> bool:
    value = argument.value
    return not isinstance(value, VariableNode) or value.name.value in executor.variable_values.coerced


def _rows_of_connection(shaper: Shaper, response: str, details: Any, definition: Any) -> tuple[Any, Any]:
    """Type and selection of a connection's rows, be they selected as nodes or as edges."""
    kind: Any = get_named_type(definition.type)
    chosen = [each for each in shaper.fields(kind, details) if each[1][0].node.name.value in ("nodes", "edges")]
    if len(chosen) != 1:
        raise Invalid(f"`{response}` must select its rows once, as `nodes` or as `edges`")
    _, found, part = chosen[0]
    target: Any = get_named_type(part.type)
    if found[0].node.name.value == "nodes":
        return target, found
    nodes = [each for each in shaper.fields(target, found) if each[1][0].node.name.value == "node"]
    if len(nodes) != 1:
        raise Invalid(f"`{response}.edges` must select `node` once")
    return get_named_type(nodes[0][2].type), nodes[0][1]


def _names(operation: Operation) -> Names:
    taken = {each.variable.name.value for each in operation.node.variable_definitions or ()}
    lead = ""
    while taken & {f"{lead}part", f"{lead}start", f"{lead}counted"}:
        lead += "_"
    return Names(f"{lead}part", f"{lead}start", f"{lead}counted")


def _name(value: str) -> NameNode:
    return NameNode(value=value)


def _variable(name: str) -> VariableNode:
    return VariableNode(name=_name(name))


def _merged(details: Any) -> SelectionSetNode:
    """All that is selected of a field, wherever in the query that stands."""
    sets = (each.node.selection_set for each in details)
    return SelectionSetNode(selections=tuple(node for each in sets if each for node in each.selections))


def _connection(rows: Any, names: Names) -> SelectionSetNode:
    info = SelectionSetNode(selections=tuple(FieldNode(name=_name(name)) for name in ("hasNextPage", "endCursor")))
    condition = ArgumentNode(name=_name("if"), value=_variable(names.counted))
    counted = DirectiveNode(name=_name("include"), arguments=(condition,))
    return SelectionSetNode(
        selections=(
            FieldNode(name=_name("nodes"), selection_set=_merged(rows)),
            FieldNode(name=_name("pageInfo"), selection_set=info),
            FieldNode(name=_name("totalCount"), directives=(counted,)),
        )
    )


def _field(response: str, node: FieldNode, own: Mapping[str, str], selected: SelectionSetNode) -> FieldNode:
    kept = tuple(each for each in node.arguments or () if each.name.value not in own)
    added = tuple(ArgumentNode(name=_name(name), value=_variable(variable)) for name, variable in own.items())
    return FieldNode(alias=_name(response), name=node.name, arguments=kept + added, selection_set=selected)


def _variables(paging: Paging, names: Names) -> Iterable[VariableDefinitionNode]:
    if paging is Paging.WHOLE:
        return
    start: Any = NamedTypeNode(name=_name("String"))
    whole: Any = NonNullTypeNode(type=NamedTypeNode(name=_name("Int")))
    yield VariableDefinitionNode(variable=_variable(names.first), type=whole)
    yield VariableDefinitionNode(variable=_variable(names.start), type=start if paging is Paging.CURSORS else whole)
    if paging is Paging.CURSORS:
        boolean = NonNullTypeNode(type=NamedTypeNode(name=_name("Boolean")))
        yield VariableDefinitionNode(variable=_variable(names.counted), type=boolean)


def _operation(operation: Operation, field: FieldNode, variables: Iterable[VariableDefinitionNode]) -> Operation:
    """The query with this field alone, under a name by which the access log tells an export from a look."""
    old = operation.node
    node = OperationDefinitionNode(
        operation=old.operation,
        name=_name(f"export {operation.name or field.name.value}"),
        variable_definitions=(*(old.variable_definitions or ()), *variables),
        selection_set=SelectionSetNode(selections=(field,)),
    )
    fragments = (each for each in operation.document.definitions if isinstance(each, FragmentDefinitionNode))
    return Operation(operation.schema, DocumentNode(definitions=(node, *fragments)), node)
