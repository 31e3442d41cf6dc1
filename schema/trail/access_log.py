"""Who looked at which student's record."""

import datetime

import strawberry

import models
import resolvers.trail.access_log as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.AccessEntry)
class AccessEntryWhere:
    id: IDFilter | None
    student: IDFilter | None
    actor_kind: EnumFilter[models.ActorKind] | None
    actor: IDFilter | None
    at: DateTimeFilter | None


AccessEntryOrder = ordering(models.AccessEntry, "at")


@entity(models.AccessEntry, prefix="acc")
class AccessEntry(Node):
    purpose: str | None
    actor_kind: models.ActorKind
    at: datetime.datetime
    request_id: str | None

    student: refs.Student | None = relation(
        resolve.student, "Whose record was read; null where the import that added the student has been undone."
    )
    actor: refs.User | None = relation(
        resolve.actor, "The user who read it; null where a program did, or an operator of another school."
    )


@strawberry.type
class AccessEntryQuery:
    access_entry: AccessEntry | None = lookup(
        models.AccessEntry, "A reading of a student's record by id; null where there is none that you may see."
    )
    access_log: Connection[AccessEntry] = connection(
        models.AccessEntry,
        "Readings of students' records by anybody, the student included, the latest first; one that goes on is there "
        "once in ten minutes. Seen by ADMIN; to others it is empty. Counted up to 10,000.",
        default=("-at",),
    )
