"""`orderBy`: the fields a list can be sorted by are a closed set for each entity, each with its index."""

from enum import Enum
from typing import Any, Protocol

import strawberry

from models import Base, Role
from resolvers.errors import Invalid
from resolvers.ordering import Order
from resolvers.policy import check_shown
from schema.comments import describe

ORDER_LIMIT = 5


@strawberry.enum(description="Which way to sort. Missing values come last ascending and first descending.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest, earliest or first in the alphabet first.")
    DESC = strawberry.enum_value("DESC", description="Largest, latest or last in the alphabet first.")


class OrderInput(Protocol):
    """What every `…Order` input has."""

    field: Enum
    direction: OrderDirection


def ordering(model: type[Base], *names: str) -> Any:
    """The input `<Model>Order` of a model that can be sorted by the columns `names`."""
    members = {name.upper(): strawberry.enum_value(name, description=f"By: {describe(model, name)}") for name in names}
    kind = Enum(f"{model.__name__}OrderField", members, module=model.__module__)  # type: ignore[misc]
    fields = strawberry.enum(kind, description=f"What a list of {model.__name__} can be sorted by.")

    class Chosen:
        field: fields = strawberry.field(description="What to sort by.")  # type: ignore[valid-type]
        direction: OrderDirection = strawberry.field(description="Which way.", default=OrderDirection.ASC)

    Chosen.__name__ = Chosen.__qualname__ = f"{model.__name__}Order"
    return strawberry.input(Chosen, description=f"One step in the order of a list of {model.__name__}.")


def orders(model: type[Base], order_by: list[OrderInput] | Any, roles: frozenset[Role]) -> tuple[Order, ...]:
    """The columns to sort by.

    Raises Invalid on a field given twice, or on too many, and Forbidden on one that these roles may not see.
    """
    chosen = [Order(step.field.value, step.direction is OrderDirection.DESC) for step in order_by or ()]
    if len(chosen) > ORDER_LIMIT or len({order.column for order in chosen}) < len(chosen):
        raise Invalid(f"orderBy: give at most {ORDER_LIMIT} fields, each once", field="orderBy")
    for number, order in enumerate(chosen):
        check_shown(model, order.column, roles, f"orderBy.{number}.field")
    return tuple(chosen)
