"""Root fields that are planned, and the plan of each."""

from functools import lru_cache, partial
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, get_named_type
from graphql.execution.collect_fields import FieldDetails

from models import Base
from schema.execution.build import Builder
from schema.execution.plan import Call, ObjectPlan
from schema.execution.told import teller
from schema.reads import READS, Lookup, Made, Pages, Records, Singleton

ROOTS = (Lookup, Made, Pages, Records, Singleton)


def reads_of(definition: GraphQLField | None) -> Any:
    """What a field says that it reads; None where a function resolves it."""
    field = definition.extensions.get("strawberry-definition") if definition else None
    return field.metadata.get(READS) if field is not None else None


def root_plan(executor: Any, reads: Any, definition: GraphQLField, details: list[FieldDetails]) -> tuple[Any, Call]:
    """The plan of a root field. One of records is a function of their model, as the ids decide which it is."""
    builder = Builder(executor, many=isinstance(reads, Pages) or (isinstance(reads, Records) and reads.several))
    call = builder.call(definition, details)
    target: Any = get_named_type(definition.type)
    if isinstance(reads, Records):
        return lru_cache(partial(_record_plan, executor.schema.type_map, builder, details)), call
    if isinstance(reads, Made):
        return teller(executor, target, details, required=isinstance(definition.type, GraphQLNonNull)), call
    if isinstance(reads, Pages):
        return builder.page(reads.model, target, details), call
    model = reads.model if isinstance(reads, Lookup) else reads.batch.model
    return builder.settled(model, target, details), call


def _record_plan(types: Any, builder: Builder, details: list[FieldDetails], model: type[Base]) -> ObjectPlan:
    return builder.settled(model, types[model.__name__], details)
