"""What a field reads, said once: its resolver and the executor both go by it.

A field's metadata holds one of these under READS. `arguments` are a field's arguments by their Python names, as
Strawberry makes them; an absent one is UNSET.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField
from strawberry import UNSET

from models import Base, Role
from resolvers.batches import Batch, Shape
from resolvers.beside import Beside
from resolvers.context import Context
from resolvers.ordering import Order, ordered
from resolvers.paging import Window
from resolvers.viewer import Viewer
from schema.arguments import limit
from schema.ordering import orders
from schema.where import filtered

READS = "reads"
# Marks a field that shows the viewer's own account, which is read where it is kept: see `resolvers.at_home`.
OWN = "own"
Arguments = Mapping[str, Any]


def is_own(definition: GraphQLField) -> bool:
    """Whether a field shows the viewer's own account."""
    field = definition.extensions.get("strawberry-definition")
    return field is not None and OWN in field.metadata


@dataclass(frozen=True)
class Column:
    """A column or computed value of the row itself."""

    name: str


@dataclass(frozen=True)
class Able:
    """What the viewer may do with the row itself."""

    model: type[Base]


@dataclass(frozen=True)
class ToOne:
    """The row that a relation leads to."""

    batch: Batch


@dataclass(frozen=True)
class ToMany:
    """The rows of a relation, filtered, sorted and limited."""

    batch: Batch


@dataclass(frozen=True)
class Lookup:
    """The row that the argument `id` names."""

    model: type[Base]


@dataclass(frozen=True)
class Records:
    """The row of any model that the argument `id` names, or the rows that `ids` name."""

    several: bool


@dataclass(frozen=True)
class Singleton:
    """The one row that follows from who is asking."""

    batch: Batch
    key: Callable[[Viewer], Any]


@dataclass(frozen=True)
class Pages:
    """A page of all rows of a model, `default` its order; `searchable` where it takes `search`."""

    model: type[Base]
    default: tuple[Order, ...]
    searchable: bool


@dataclass(frozen=True)
class Made:
    """What the field's function makes: an object of a dataclass, or a list of such, of which all that is told is there.

    The function takes `info` for its `context`, and for `names_told` and `read_beside` of it. One that is `alone` reads
    all that it gives by one statement, with what is read beside that. Where it has to read more, as when there is
    nothing, it goes back first (`context.recover`), which gives it a snapshot, and reads the one statement again.
    """

    alone: bool = False


@dataclass(frozen=True)
class Making:
    """What such a function is given for `info` where its field is planned.

    `names` are those of all attributes that are told; `beside` is what will be read of the rows that they name.
    """

    context: Context
    names: frozenset[str]
    beside: Beside


def names_told(info: Any) -> frozenset[str] | None:
    """The names of the attributes that will be told of what a function makes; None where it may be any."""
    return info.names if isinstance(info, Making) else None


def read_beside(info: Any) -> Beside | None:
    """What may be read beside what a function reads itself; None where that is not known yet."""
    return info.beside if isinstance(info, Making) else None


@dataclass(frozen=True)
class RelatedPages:
    """A page of a relation's rows."""

    batch: Batch


@dataclass(frozen=True)
class ListRequest:
    shape: Shape
    values: dict[str, Any]


@dataclass(frozen=True)
class PageRequest:
    window: Window
    shape: Shape
    values: dict[str, Any]

    @property
    def bare(self) -> Shape:
        """The shape of the whole list, for counting it."""
        return Shape(columns=(), roles=self.shape.roles, where=self.shape.where)


def list_request(batch: Batch, columns: tuple[str, ...], roles: frozenset[Role], arguments: Arguments) -> ListRequest:
    """The rows of a to-many relation that are asked for; raises Invalid or Forbidden."""
    condition, values = filtered(arguments.get("where"), roles)
    limited = limit(arguments.get("first"))
    order = orders(batch.model, arguments.get("order_by"), roles)
    shape = Shape(columns, roles, condition, ordered(order) if order else batch.order, limited=bool(limited))
    return ListRequest(shape, values | limited)


def page_request(
    model: type[Base],
    columns: tuple[str, ...],
    roles: frozenset[Role],
    default: tuple[Order, ...],
    arguments: Arguments,
    *,
    most: int,
) -> PageRequest:
    """The page of at most `most` rows of `model` that is asked for; raises Invalid or Forbidden."""
    given = {name: None if value is UNSET else value for name, value in arguments.items()}
    window = Window(*(given.get(name) for name in ("first", "last", "after", "before")))
    window.check(most)
    condition, values = filtered(given.get("where"), roles)
    order = orders(model, given.get("order_by"), roles) or default
    return PageRequest(window, Shape(columns, roles, condition, order), values)
