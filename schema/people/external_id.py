"""What other systems call a record."""

import datetime

import strawberry

import models
from schema.connection import Connection, connection
from schema.entity import entity, lookup
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(models.ExternalId)
class ExternalIdWhere:
    id: IDFilter | None
    entity: StringFilter | None
    system: StringFilter | None
    value: StringFilter | None
    updated_at: DateTimeFilter | None


ExternalIdOrder = ordering(models.ExternalId, "entity", "system", "value", "updated_at")


@entity(models.ExternalId, prefix="ext")
class ExternalId(Node):
    entity: str
    system: str
    value: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int


@strawberry.type
class ExternalIdQuery:
    external_id: ExternalId | None = lookup(
        models.ExternalId, "A record's name in another system by id; null where there is none that you may see."
    )
    external_ids: Connection[ExternalId] = connection(
        models.ExternalId, "What other systems call the school's records.", default=("entity", "system", "value")
    )
