"""Random queries of lists, each with the columns that its table is to have; the same ones in every run."""

import random
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from schema.reads import Pages, ToOne
from tests.schema_map import GRAPHQL, fields_reading, input_type, object_type, reads

# What narrows a list down, by the list; of the others only the order varies.
FILTERS: dict[str, list[str]] = {
    "students": ["{status: {eq: ACTIVE}}", '{firstName: {startsWith: "Asha1"}}', '{NOT: {lastName: {eq: "Rao1"}}}'],
    "grades": ['{date: {gte: "2002-01-01"}}'],
    "enrollments": ["{status: {in: [ACTIVE, DROPPED]}}"],
    "guardians": ['{lastName: {startsWith: "R"}}'],
}
LISTS = (
    "students",
    "guardians",
    "enrollments",
    "grades",
    "attendances",
    "courses",
    "schoolEnrollments",
    "scholarships",
    "familyInfos",
    "users",
    "auditLog",
    "configurationSettings",
)


@dataclass(frozen=True)
class Query:
    """`columns` are paths of response names below a row, with the names of their scalars; `list` is the root field."""

    list: str
    arguments: str
    selection: str
    columns: tuple[tuple[tuple[str, ...], str], ...]

    def text(self, page: str = "") -> str:
        """Of the list as a whole, or with more arguments and the page's end."""
        given = ", ".join(filter(None, (self.arguments, page)))
        arguments = f"({given})" if given else ""
        end = " pageInfo { hasNextPage endCursor }" if page else ""
        return f"query Roll {{ {self.list}{arguments} {{ nodes {{ {self.selection} }}{end} }} }}"


def roots() -> list[str]:
    """Every list that the API has; those that are asked several ways come first."""
    found = fields_reading("Query", Pages)
    assert set(LISTS) <= set(found)
    return [*LISTS, *(name for name in found if name not in LISTS)]


def query(name: str, seed: int) -> Query:
    dice = random.Random(f"{name} {seed}")
    root: Any = GRAPHQL.query_type
    nodes: Any = get_named_type(root.fields[name].type)
    kind: Any = get_named_type(nodes.fields["nodes"].type)
    selection, columns = _selection(dice, kind, 2)
    arguments = [*_order(dice, root.fields[name])]
    if name in FILTERS and dice.random() < 0.6:
        arguments.append(f"where: {dice.choice(FILTERS[name])}")
    return Query(name, ", ".join(arguments), selection, tuple(columns))


def _order(dice: random.Random, field: GraphQLField) -> list[str]:
    if dice.random() < 0.4:
        return []
    order: Any = get_named_type(field.args["orderBy"].type)
    choices: Any = get_named_type(input_type(order.name).fields["field"].type)
    direction = dice.choice(["ASC", "DESC"])
    return [f"orderBy: [{{field: {dice.choice(sorted(choices.values))}, direction: {direction}}}]"]


def _selection(
    dice: random.Random, kind: GraphQLObjectType, depth: int
) -> tuple[str, list[tuple[tuple[str, ...], str]]]:
    leaves = [name for name, field in kind.fields.items() if _is_leaf(field)]
    single = [name for name, field in kind.fields.items() if depth and isinstance(reads(field), ToOne)]
    parts: list[str] = []
    columns: list[tuple[tuple[str, ...], str]] = []
    for name in dice.sample(leaves, min(len(leaves), dice.randint(1, 6))):
        response = f"a{len(parts)}" if dice.random() < 0.2 else name
        parts.append(name if response == name else f"{response}: {name}")
        columns.append(((response,), _scalar(kind.fields[name])))
    for name in dice.sample(single, min(len(single), dice.randint(0, 2))):
        target = object_type(get_named_type(kind.fields[name].type).name)
        inner, below = _selection(dice, target, depth - 1)
        parts.append(f"{name} {{ {inner} }}")
        columns += [((name, *path), scalar) for path, scalar in below]
    return " ".join(parts), columns


def _is_leaf(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return is_leaf_type(get_named_type(field.type)) and not field.args and not isinstance(kind, GraphQLList)


def _scalar(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    return "String" if isinstance(kind, GraphQLEnumType) else kind.name
