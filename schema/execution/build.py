"""A selection → a plan, or NotPlanned where something in it is not for plans.

graphql-core itself collects the fields, so that fragments, `@skip`, `@include` and merging are as the standard says.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetails

from models import Base
from resolvers.abilities import PREFIX
from resolvers.batches import has_values
from resolvers.pieces import QUOTE
from resolvers.statements import is_json, is_sealed
from resolvers.texts import Kind, Spelled, kind_of
from schema.execution.emit import settle
from schema.execution.plan import Call, Child, Leaf, NotPlanned, ObjectPlan, PagePlan
from schema.node import identity
from schema.reads import READS, Able, Column, RelatedPages, ToMany, ToOne

TYPENAME = "__typename"
_PAGE_PARTS = {"nodes", "edges", "pageInfo", "totalCount", TYPENAME}
Details = list[FieldDetails]


class Builder:
    """Builds the plans of one operation; `executor` collects fields by its variables.

    `many` says whether there may be more than one of the rows whose plan is being built.
    """

    def __init__(self, executor: Any, *, many: bool = False) -> None:
        self.executor = executor
        self.many = many

    def fields(self, kind: GraphQLObjectType, details: Details) -> Iterator[tuple[str, Details, GraphQLField | None]]:
        """Response name, nodes and definition of each field selected of `kind`."""
        for response, found in self.executor.collect_subfields(kind, details).grouped_field_set.items():
            name = found[0].node.name.value
            yield response, found, kind.fields.get(name)

    def call(self, definition: GraphQLField, details: Details) -> Call:
        field = definition.extensions.get("strawberry-definition")
        if field is None:
            raise NotPlanned(f"{details[0].node.name.value} is not a field of ours")
        return Call(definition, field, details[0])

    def object(self, model: type[Base], kind: GraphQLObjectType, details: Details) -> ObjectPlan:
        """The plan of rows of `model` shown as `kind`; its columns are settled by whoever knows all of them."""
        leaves, children, names = [], [], []
        for response, found, definition in self.fields(kind, details):
            names.append(response)
            part = self.part(model, kind, response, found, definition)
            if isinstance(part, Leaf):
                leaves.append(replace(part, aliased=response != found[0].node.name.value))
            else:
                children.append(part)
        return ObjectPlan(model, tuple(leaves), tuple(children), tuple(names))

    def settled(self, model: type[Base], kind: GraphQLObjectType, details: Details) -> ObjectPlan:
        plan = self.object(model, kind, details)
        settle(plan, columns_of(model, [plan]))
        return plan

    def part(
        self,
        model: type[Base],
        kind: GraphQLObjectType,
        response: str,
        details: Details,
        definition: GraphQLField | None,
    ) -> Leaf | Child:
        name = details[0].node.name.value
        if name == TYPENAME:
            return Leaf(response, repr(kind.name), (), required=False, text=(QUOTE + kind.name + QUOTE,))
        if definition is None:
            raise NotPlanned(f"{name} is not a field of {kind.name}")
        if name == "id":
            return _id(model, response)
        call = self.call(definition, details)
        reads = call.strawberry.metadata.get(READS)
        if isinstance(reads, Column):
            return _leaf(model, response, reads.name, definition)
        if isinstance(reads, ToOne | ToMany | RelatedPages):
            return self.child(model, response, reads, call, details)
        if isinstance(reads, Able):
            return self.able(response, definition, details)
        raise NotPlanned(f"{kind.name}.{name} is resolved by a function")

    def able(self, response: str, definition: GraphQLField, details: Details) -> Leaf:
        """An object of values that the row itself has."""
        kind: Any = get_named_type(definition.type)
        parts, columns = [], []
        for name, found, each in self.fields(kind, details):
            if each is None:
                parts.append(f"{name!r}: {kind.name!r}")
                continue
            columns.append(PREFIX + self.call(each, found).strawberry.python_name)
            parts.append(f"{name!r}: {{{columns[-1]}}}")
        return Leaf(response, f"{{{{{', '.join(parts)}}}}}", tuple(columns), required=False)

    def child(
        self, model: type[Base], response: str, reads: ToOne | ToMany | RelatedPages, call: Call, details: Details
    ) -> Child:
        target: Any = get_named_type(call.definition.type)
        below = Builder(self.executor, many=self.many or reads.batch.many)
        if isinstance(reads, RelatedPages):
            plan: Any = below.page(reads.batch.model, target, details)
        else:
            plan = below.settled(reads.batch.model, target, details)
        parents = model if self.many and has_values(model, reads.batch.parent) else None
        return Child(response, reads, call, plan, isinstance(call.definition.type, GraphQLNonNull), parents)

    def page(self, model: type[Base], kind: GraphQLObjectType, details: Details) -> PagePlan:
        """The plan of a connection. All selections of its rows get the same columns, since they are the same rows."""
        parts: list[tuple[str, str, Any]] = []
        objects: list[ObjectPlan] = []
        for response, found, definition in self.fields(kind, details):
            name = found[0].node.name.value
            if name not in _PAGE_PARTS:
                raise NotPlanned(f"{kind.name}.{name} is not for plans")
            value = self.page_part(model, kind, name, found, definition, objects)
            parts.append((response, name, value))
        columns = columns_of(model, objects)
        for plan in objects:
            settle(plan, columns)
        rows = any(name in ("nodes", "edges", "pageInfo") for _, name, _ in parts)
        return PagePlan(model, tuple(parts), tuple(objects), rows, columns)

    def page_part(
        self,
        model: type[Base],
        kind: GraphQLObjectType,
        name: str,
        details: Details,
        definition: GraphQLField | None,
        objects: list[ObjectPlan],
    ) -> Any:
        if name == TYPENAME or name == "totalCount" or definition is None:
            return kind.name
        target: Any = get_named_type(definition.type)
        if name == "pageInfo":
            return [
                (response, found[0].node.name.value, target.name) for response, found, _ in self.fields(target, details)
            ]
        if name == "nodes":
            objects.append(self.object(model, target, details))
            return objects[-1]
        return [self.edge_part(model, target, *each, objects) for each in self.fields(target, details)]

    def edge_part(
        self,
        model: type[Base],
        edge: GraphQLObjectType,
        response: str,
        details: Details,
        definition: GraphQLField | None,
        objects: list[ObjectPlan],
    ) -> tuple[str, str, Any]:
        name = details[0].node.name.value
        if name == "node" and definition is not None:
            node: Any = get_named_type(definition.type)
            objects.append(self.object(model, node, details))
            return response, name, objects[-1]
        return response, name, edge.name


def columns_of(model: type[Base], plans: list[ObjectPlan]) -> tuple[str, ...]:
    """What rows of `model` must have so that all of the plans can be made of them; the key is always there."""
    wanted = set(identity(model).columns)
    return tuple(sorted(wanted.union(*(plan.wanted for plan in plans))))


def _id(model: type[Base], response: str) -> Leaf:
    spelled = identity(model)
    date = "{{compact({date})}}_" if spelled.dated else ""
    day = (Spelled("date", Kind.COMPACT, nullable=False), "_") if spelled.dated else ()
    text = (f"{QUOTE}{spelled.prefix}_", *day, Spelled("id", Kind.BARE, nullable=False), QUOTE)
    expression = f"f'{spelled.prefix}_{date}{{{{{{id}}}}}}'"
    return Leaf(response, expression, spelled.columns, required=False, text=text)


def _leaf(model: type[Base], response: str, name: str, definition: GraphQLField) -> Leaf:
    expression = "{" + name + "}"
    non_null = isinstance(definition.type, GraphQLNonNull)
    # The database itself keeps nulls out of most of these; and what is hidden from anybody is no non-null field.
    stored = non_null and not getattr(getattr(model, name), "nullable", True)
    required = non_null and not stored
    if is_sealed(model, name):
        return Leaf(response, f"open_{name}({expression}, {{id}})", (name, "id"), required, name)
    if is_json(model, name):
        expression = f"(None if {expression} is None else loads({expression}))"
    return Leaf(
        response, expression, (name,), required, text=_text(model, name, nullable=not stored, required=required)
    )


def _text(model: type[Base], name: str, *, nullable: bool, required: bool) -> tuple[str | Spelled, ...] | None:
    kind = kind_of(model, name)
    if kind is None:
        return None
    spelled = Spelled(name, kind, nullable=nullable, required=required)
    return (spelled,) if kind is Kind.BARE else (QUOTE, spelled, QUOTE)
