"""Every change of every record: what it was and what it became."""

import datetime
from types import SimpleNamespace
from typing import Any

import strawberry

import models
import resolvers.trail.audit_log as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, find, lookup, relation
from schema.info import Info
from schema.node import Key, Node, identity, model_of
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, RecordFilter, StringFilter
from schema.ordering import ordering
from schema.selection import NEEDS, row_type
from schema.trail.changes import Change, changes
from schema.where import where


@where(models.AuditEntry)
class AuditEntryWhere:
    id: IDFilter | None
    record: RecordFilter | None
    table_name: StringFilter | None
    operation: EnumFilter[models.AuditOperation] | None
    actor_kind: EnumFilter[models.ActorKind] | None
    actor: IDFilter | None
    at: DateTimeFilter | None
    request_id: StringFilter | None


AuditEntryOrder = ordering(models.AuditEntry, "at")
RECORD = ("table_name", "record_id", "record_date")


def _key(entry: Any) -> Key | None:
    """The record that an entry is about, where clients know records of its table."""
    model = model_of(entry.table_name)
    if model is None or (identity(model).dated and entry.record_date is None):
        return None
    return Key(model, entry.record_id, entry.record_date)


@entity(models.AuditEntry, prefix="aud")
class AuditEntry(Node):
    table_name: str
    operation: models.AuditOperation
    actor_kind: models.ActorKind
    at: datetime.datetime
    request_id: str | None

    actor: refs.User | None = relation(
        resolve.actor, "The user who did it; null where a program did, or an operator of another school."
    )

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the record; null where it is none that this API shows.",
        metadata={NEEDS: RECORD},
    )
    def record_id(self) -> Any:
        key = _key(self)
        return key and identity(key.model).encode(SimpleNamespace(id=key.id, date=key.date))

    @strawberry.field(
        graphql_type=Node | None,
        description="The record as it is now; null where it is no more, or is none that this API shows.",
        metadata={NEEDS: RECORD},
    )
    async def record(self, info: Info) -> Any:
        key = _key(self)
        return await find(info, key, row_type(info, key.model.__name__)) if key else None

    @strawberry.field(
        description="The fields that changed. Of a record that was made, those that had a value then; of one that was "
        "removed, those that had one last.",
        metadata={NEEDS: ("table_name", "before", "after")},
    )
    def changes(self, info: Info) -> list[Change]:
        entry: Any = self
        model = model_of(entry.table_name)
        kind = row_type(info, model.__name__) if model else None
        return changes(kind, entry.table_name, entry.before, entry.after)


@strawberry.type
class AuditEntryQuery:
    audit_entry: AuditEntry | None = lookup(
        models.AuditEntry, "A change by id; null where there is none that you may see. Seen by ADMIN."
    )
    audit_log: Connection[AuditEntry] = connection(
        models.AuditEntry,
        "Changes of records, the latest first. Seen by ADMIN; to others it is empty. Counted up to 10,000.",
        default=("-at",),
    )
