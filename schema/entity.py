"""How an entity's type and its fields are declared.

    @entity(models.Guardian, prefix="gua")
    class Guardian(Node):
        full_name: str                                            a column or computed value: nothing but its type
        students: list[refs.StudentGuardian] = relation(          a relation: its batch and its description
            resolve.students, "The students this guardian is responsible for."
        )

Descriptions of columns and computed values come from the model, that of the type from its table. The metadata of a
field says which columns of the row it needs, so that only those are read.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET

from models import Base
from resolvers.batches import Batch, Shape, by_id
from resolvers.statements import is_sealed
from resolvers.unsealing import opener
from resolvers.viewer import Viewer
from schema import enums as enums
from schema.abilities import viewer_can
from schema.arguments import FIRST, list_arguments
from schema.comments import describe, describe_type
from schema.info import Info
from schema.node import Key, decode, identify
from schema.reads import OWN, READS, Column, Lookup, Singleton, ToMany, ToOne, list_request
from schema.selection import NEEDS, columns, row_type

T = TypeVar("T")
RELATION = "relation"


def _column(model: type[Base], name: str) -> Any:
    if is_sealed(model, name):
        return _sealed(model, name)
    return strawberry.field(description=describe(model, name), metadata={NEEDS: (name,), READS: Column(name)})


def _sealed(model: type[Base], name: str) -> Any:
    """A sealed text, opened for who may see it; it was sealed for the record, whose key it needs."""

    def resolver(root: Any, info: Info) -> Any:
        return opener(info.context, model, name)(getattr(root, name), root.id)

    metadata = {NEEDS: (name, "id"), READS: Column(name)}
    return strawberry.field(resolver=resolver, description=describe(model, name), metadata=metadata)


def entity(model: type[Base], *, prefix: str, dated: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class the GraphQL type of `model`; ids are `prefix` and the key."""
    identify(model, prefix, dated=dated)

    def is_type_of(value: Any, _: Any) -> bool:
        return getattr(value, "model", type(value)) is model

    def decorate(kind: type[T]) -> type[T]:
        for name in kind.__annotations__:
            if name not in vars(kind):
                setattr(kind, name, _column(model, name))
        if can := viewer_can(model):
            kind.viewer_can = can  # type: ignore[attr-defined]
        kind.is_type_of = staticmethod(is_type_of)  # type: ignore[attr-defined]
        return strawberry.type(kind, description=describe_type(model))

    return decorate


def _to_one(batch: Batch) -> Callable[..., Any]:
    async def resolver(root: Any, info: Info) -> Any:
        shape = Shape(columns(info, batch.model, row_type(info), wrapped=False), info.context.viewer.roles)
        return await info.context.load(batch, shape, getattr(root, batch.parent), {})

    return resolver


def _to_many(batch: Batch) -> Callable[..., Any]:
    async def resolver(
        root: Any, info: Info, where: Any = UNSET, order_by: Any = UNSET, first: Annotated[int | None, FIRST] = UNSET
    ) -> Any:
        wanted = columns(info, batch.model, row_type(info), wrapped=False)
        given = {"where": where, "order_by": order_by, "first": first}
        asked = list_request(batch, wanted, info.context.viewer.roles, given)
        return await info.context.load(batch, asked.shape, getattr(root, batch.parent), asked.values)

    resolver.__annotations__ |= list_arguments(batch.model)
    return resolver


def relation(batch: Batch, description: str) -> Any:
    """A field that gives a relation's row, or its list of rows; a list takes `where`, `orderBy` and `first`."""
    resolver = _to_many(batch) if batch.many else _to_one(batch)
    metadata = {NEEDS: (batch.parent,), RELATION: batch, READS: ToMany(batch) if batch.many else ToOne(batch)}
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)


async def find(info: Info, key: Key, target: Any) -> Any:
    """The row that an id names, or None: absent and hidden are alike."""
    batch = by_id(key.model)
    shape = Shape(columns(info, key.model, target, wrapped=False), info.context.viewer.roles)
    row = await info.context.load(batch, shape, key.id, {})
    return row if row is None or key.date is None or row.date == key.date else None


async def load(info: Info, batch: Batch, key: Any) -> Any:
    """The row, or rows, of a relation whose key is known without a parent's row."""
    shape = Shape(
        columns(info, batch.model, row_type(info, batch.model.__name__), wrapped=False),
        info.context.viewer.roles,
        order=batch.order,
    )
    return await info.context.load(batch, shape, key, {})


def singleton(batch: Batch, key: Callable[[Viewer], Any], description: str, *, own: bool = False) -> Any:
    """A root field for the one record that follows from who is asking; `own` where it is of the viewer's account."""

    async def resolver(info: Info) -> Any:
        return await load(info, batch, key(info.context.viewer))

    metadata = {READS: Singleton(batch, key)} | ({OWN: True} if own else {})
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)


def lookup(model: type[Base], description: str) -> Any:
    """A root field that finds one record by its id."""

    async def resolver(
        info: Info, id: Annotated[strawberry.ID, strawberry.argument(description=f"Id of a {model.__name__}.")]
    ) -> Any:
        # Whoever has not signed in is told so, whatever the id.
        assert info.context.viewer
        return await find(info, decode(id, model), row_type(info))

    return strawberry.field(resolver=resolver, description=description, metadata={READS: Lookup(model)})
