"""A bulk change as one thing that can be looked at and undone."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, enum, index, short
from models.trail.acted import ActorKind


class Operation(Tenant):
    __tablename__ = "operation"

    action: Mapped[str] = short(100, comment="What was done, for example attendance.record")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of actor did it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that did it")
    request_id: Mapped[str] = short(64, comment="Request that the audit entries of this operation carry")
    summary: Mapped[dict[str, Any]] = mapped_column(comment="Counts and particulars, as JSON")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    undone_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was undone (UTC); null: it stands")

    __table_args__ = (
        index("request_id"),
        index("actor_id", "at"),
        {"comment": "A bulk change as one thing that can be looked at and undone."},
    )
