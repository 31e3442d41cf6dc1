"""Every change of every row: what it was and what it became. Append-only for the API."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Tenant, enum, index, short


class AuditOperation(Choice):
    INSERT = "INSERT", "The row was made."
    UPDATE = "UPDATE", "The row was changed."
    DELETE = "DELETE", "The row was removed."


class ActorKind(Choice):
    USER = "USER", "A signed-in user."
    API_KEY = "API_KEY", "A program with an API key."
    IMPORT = "IMPORT", "An import of files."
    MIGRATION = "MIGRATION", "A change of the database's structure."
    SYSTEM = "SYSTEM", "The server itself."


class AuditLog(Tenant):
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

    __table_args__ = (
        index("table_name", "record_id", "id"),
        index("at"),
        index("actor_id", "at"),
        index("request_id"),
        {"comment": "One entry for every row changed: before, after, by whom and when."},
    )
