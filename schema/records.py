"""`node` and `nodes`: any record by its id."""

import asyncio
from typing import Annotated, Any

import strawberry

from resolvers.errors import Invalid
from schema.entity import find
from schema.info import Info
from schema.node import Node, decode
from schema.selection import row_type

IDS_LIMIT = 100
ONE = strawberry.argument(description="Id of a record of any type.")
SEVERAL = strawberry.argument(description="At most 100 ids, of any types.")


async def _record(info: Info, text: str, field: str) -> Any:
    key = decode(text, field=field)
    return await find(info, key, row_type(info, key.model.__name__))


@strawberry.type
class RecordQuery:
    @strawberry.field(
        graphql_type=Node | None, description="A record by id; null where there is none that you may see."
    )
    async def node(self, info: Info, id: Annotated[strawberry.ID, ONE]) -> Any:
        return await _record(info, id, "id")

    @strawberry.field(
        graphql_type=list[Node | None],
        description="Records by id, in the order of the ids; null where there is none that you may see.",
    )
    async def nodes(self, info: Info, ids: Annotated[list[strawberry.ID], SEVERAL]) -> list[Any]:
        if len(ids) > IDS_LIMIT:
            raise Invalid(f"ids: {len(ids)} ids are more than {IDS_LIMIT}", field="ids")
        return await asyncio.gather(*(_record(info, each, f"ids.{n}") for n, each in enumerate(ids)))
