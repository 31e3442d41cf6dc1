"""Every change of every row: what it was and what it became. Append-only for the API."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Table, case, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Choice, Tenant, enum, index, short
from models.computed import computed
from models.trail.acted import Acted, ActorKind


class AuditOperation(Choice):
    INSERT = "INSERT", "The row was made."
    UPDATE = "UPDATE", "The row was changed."
    DELETE = "DELETE", "The row was removed."


def _of_row(entry: Any, table: Table, column: str) -> ColumnElement[Any]:
    """A column of the row that an entry is about."""
    row = select(table.c[column]).where(table.c.institution_id == entry.institution_id, table.c.id == entry.record_id)
    return row.correlate_except(table).limit(1).scalar_subquery()


def _told(entry: Any, column: str) -> ColumnElement[Any]:
    """What an entry itself says of a column."""
    content: ColumnElement[Any] = func.coalesce(entry.after, entry.before, type_=JSONB)
    return content[column]


class AuditEntry(Tenant, Acted):
    __tablename__ = "audit_log"

    table_name: Mapped[str] = short(63, comment="Table of the row")
    record_id: Mapped[int] = mapped_column(BigInteger, comment="Key of the row")
    operation: Mapped[AuditOperation] = enum(AuditOperation, comment="What happened to the row")
    before: Mapped[dict[str, Any] | None] = mapped_column(comment="Changed columns before, secrets masked")
    after: Mapped[dict[str, Any] | None] = mapped_column(comment="Changed columns after, secrets masked")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of actor did it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that did it")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    request_id: Mapped[str | None] = short(64, comment="Request or run that did it")

    @computed("Student whose record the row is part of", target="student")
    def student_id(self: Any) -> ColumnElement[Any]:
        tables = [table for table in Base.metadata.sorted_tables if "student_id" in table.columns]
        of_row = [(self.table_name == table.name, _of_row(self, table, "student_id")) for table in tables]
        told = _told(self, "student_id")
        of_entry = case((func.jsonb_typeof(told) == "number", told.as_string().cast(BigInteger)))
        return case((self.table_name == "student", self.record_id), else_=func.coalesce(case(*of_row), of_entry))

    @computed("Day of an attendance mark, which its id carries")
    def record_date(self: Any) -> ColumnElement[Any]:
        of_row = _of_row(self, Base.metadata.tables["attendance"], "date")
        told = _told(self, "date").as_string().cast(Date)
        return case((self.table_name == "attendance", func.coalesce(of_row, told)))

    __table_args__ = (
        index("table_name", "record_id", "id"),
        index("at", "id"),
        index("actor_id", "at"),
        index("request_id"),
        {"comment": "One entry for every row changed: before, after, by whom and when."},
    )
