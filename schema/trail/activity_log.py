"""What people and programs did, in their own terms."""

import datetime

import strawberry

import models
import resolvers.trail.activity_log as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.scalars import JSON
from schema.where import where


@where(models.ActivityEntry)
class ActivityEntryWhere:
    id: IDFilter | None
    action: StringFilter | None
    actor_kind: EnumFilter[models.ActorKind] | None
    actor: IDFilter | None
    at: DateTimeFilter | None
    request_id: StringFilter | None


ActivityEntryOrder = ordering(models.ActivityEntry, "at", "action")


@entity(models.ActivityEntry, prefix="act")
class ActivityEntry(Node):
    action: str
    details: JSON
    actor_kind: models.ActorKind
    at: datetime.datetime
    request_id: str | None
    address: str | None

    actor: refs.User | None = relation(
        resolve.actor, "The user who did it; null where a program did, or an operator of another school."
    )


@strawberry.type
class ActivityEntryQuery:
    activity_entry: ActivityEntry | None = lookup(
        models.ActivityEntry, "What was done, by id; null where there is none that you may see. Seen by ADMIN."
    )
    activity_log: Connection[ActivityEntry] = connection(
        models.ActivityEntry,
        "What was done, the latest first. Seen by ADMIN; to others it is empty. Counted up to 10,000.",
        default=("-at",),
    )
