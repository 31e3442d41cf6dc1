"""Who looked at which students' records."""

import asyncio
import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

import models
import resolvers.trail.access_log as resolve
from resolvers.batches import Shape, by_id
from schema import refs
from schema.arguments import limit
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.info import Info
from schema.node import Node, decode
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, IDsFilter
from schema.ordering import ordering
from schema.selection import NEEDS, columns, row_type
from schema.where import where


@where(models.AccessEntry)
class AccessEntryWhere:
    id: IDFilter | None
    students: IDsFilter | None
    actor_kind: EnumFilter[models.ActorKind] | None
    actor: IDFilter | None
    at: DateTimeFilter | None


AccessEntryOrder = ordering(models.AccessEntry, "at")
SHOWN, MOST_SHOWN = 25, 100
STUDENTS = strawberry.argument(
    description=f"At most so many, and no more than {MOST_SHOWN}. {SHOWN} where nothing is said."
)
AFTER = strawberry.argument(description="Id of the student to go on after.")


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
        description="Whose records were read, in the order of their ids; without those whom the same viewer had read "
        "in operations of the same name within these ten minutes. Those who were added by an import that has been "
        "undone count for `first` and are left out.",
        metadata={NEEDS: ("student_ids",)},
    )
    async def students(
        self,
        info: Info,
        first: Annotated[int | None, STUDENTS] = UNSET,
        after: Annotated[strawberry.ID | None, AFTER] = UNSET,
    ) -> Any:
        # Fields are resolved with the row in place of the object.
        entry: Any = self
        batch, roles = by_id(models.Student), info.context.viewer.roles
        shape = Shape(columns(info, models.Student, row_type(info), wrapped=False), roles)
        wanted = _part(entry.student_ids, first, after)
        rows = await asyncio.gather(*(info.context.load(batch, shape, key, {}) for key in wanted))
        return [row for row in rows if row is not None]


def _part(keys: list[int], first: int | None, after: str | None) -> list[int]:
    """So many keys as are asked for, of those after the one; raises Invalid."""
    size = limit(first, most=MOST_SHOWN).get("first", SHOWN)
    if after is not None and after is not UNSET:
        start = decode(after, models.Student, field="after").id
        keys = [key for key in keys if key > start]
    return sorted(keys)[:size]


@strawberry.type
class AccessEntryQuery:
    access_entry: AccessEntry | None = lookup(
        models.AccessEntry, "A reading of students' records by id; null where there is none that you may see."
    )
    access_log: Connection[AccessEntry] = connection(
        models.AccessEntry,
        "Operations that read students' records, by anybody, students included, the latest first. A student whom the "
        "same viewer reads again in operations of the same name is in one entry for every ten minutes. Seen by ADMIN; "
        "to others it is empty. Counted up to 10,000.",
        default=("-at",),
    )
