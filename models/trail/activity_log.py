"""What people did, in their own terms: login, student.create, import.oneroster … Append-only for the API."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, enum, index, matches, short
from models.trail.acted import Acted, ActorKind


class ActivityEntry(Tenant, Acted):
    __tablename__ = "activity_log"

    action: Mapped[str] = short(100, comment="What was done, for example grade.update")
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), comment="Particulars, as JSON")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of actor did it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that did it")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    request_id: Mapped[str | None] = short(64, comment="Request or run that did it")
    address: Mapped[str | None] = short(50, comment="Network address it came from")

    __table_args__ = (
        index("at", "id"),
        index("actor_id", "at"),
        index("action", "at"),
        index("request_id"),
        matches("action", r"^[a-z_]+(\.[a-z_]+)*$", "action_format"),
        {"comment": "What people and programs did, in their own terms."},
    )
