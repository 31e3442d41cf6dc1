"""`node` and `nodes`: any record by its id."""

import asyncio
from typing import Annotated, Any

import strawberry

from resolvers.errors import Invalid
from schema.entity import find
from schema.info import Info
from schema.node import Key, Node, decode
from schema.reads import READS, Records
from schema.selection import row_type

IDS_LIMIT = 100
ONE = strawberry.argument(description="Id of a record of any type.")
SEVERAL = strawberry.argument(description="At most 100 ids, of any types.")


def keys_of(ids: list[str]) -> list[Key]:
    """What the ids say; raises Invalid on one that is none, and on too many."""
    if len(ids) > IDS_LIMIT:
        raise Invalid(f"ids: {len(ids)} ids are more than {IDS_LIMIT}", field="ids")
    return [decode(each, field=f"ids.{n}") for n, each in enumerate(ids)]


async def _record(info: Info, key: Key) -> Any:
    return await find(info, key, row_type(info, key.model.__name__))


@strawberry.type
class RecordQuery:
    @strawberry.field(
        graphql_type=Node | None,
        description="A record by id; null where there is none that you may see.",
        metadata={READS: Records(several=False)},
    )
    async def node(self, info: Info, id: Annotated[strawberry.ID, ONE]) -> Any:
        assert info.context.viewer
        return await _record(info, decode(id))

    @strawberry.field(
        graphql_type=list[Node | None],
        description="Records by id, in the order of the ids; null where there is none that you may see.",
        metadata={READS: Records(several=True)},
    )
    async def nodes(self, info: Info, ids: Annotated[list[strawberry.ID], SEVERAL]) -> list[Any]:
        assert info.context.viewer
        return await asyncio.gather(*(_record(info, key) for key in keys_of(list(ids))))
