"""Who looked at which students' records."""

import asyncio
import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

import models
import resolvers.trail.access_log as resolve
from schema import refs
from schema.arguments import FIRST, limit
from schema.connection import Connection, connection
from schema.entity import entity, find, lookup, relation
from schema.info import Info
from schema.node import Key, Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, IDsFilter
from schema.ordering import ordering
from schema.selection import NEEDS, row_type
from schema.where import where


@where(models.AccessEntry)
class AccessEntryWhere:
    id: IDFilter | None
    students: IDsFilter | None
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
    student_count: int

    actor: refs.User | None = relation(
        resolve.actor, "The user who read it; null where a program did, or an operator of another school."
    )

    @strawberry.field(
        graphql_type=list[refs.Student],
        description="Whose records were read; without those who were added by an import that has been undone.",
        metadata={NEEDS: ("student_ids",)},
    )
    async def students(self, info: Info, first: Annotated[int | None, FIRST] = UNSET) -> Any:
        entry: Any = self
        wanted, kind = entry.student_ids[: limit(first).get("first")], row_type(info)
        found = await asyncio.gather(*(find(info, Key(models.Student, key, None), kind) for key in wanted))
        return [student for student in found if student is not None]


@strawberry.type
class AccessEntryQuery:
    access_entry: AccessEntry | None = lookup(
        models.AccessEntry, "A reading of students' records by id; null where there is none that you may see."
    )
    access_log: Connection[AccessEntry] = connection(
        models.AccessEntry,
        "Operations that read students' records, by anybody, students included, the latest first; a student who is "
        "read by the same again and again is there once in ten minutes. Seen by ADMIN; to others it is empty. Counted "
        "up to 10,000.",
        default=("-at",),
    )
