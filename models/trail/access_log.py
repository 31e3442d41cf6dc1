"""Who looked at which student's record. Append-only for the API."""

import datetime

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import POINTS_TO, Tenant, enum, index, short
from models.trail.acted import Acted, ActorKind


class AccessEntry(Tenant, Acted):
    __tablename__ = "access_log"

    # No foreign key: that a record was looked at is no use of it, and is told also of one that was taken back.
    student_id: Mapped[int] = mapped_column(BigInteger, info={POINTS_TO: "student"}, comment="Whose record was read")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of viewer read it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that read it")
    purpose: Mapped[str | None] = short(100, comment="Name of the operation that read it")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    request_id: Mapped[str | None] = short(64, comment="Request that read it")

    __table_args__ = (
        index("student_id", "at"),
        index("actor_id", "at"),
        index("at", "id"),
        {"comment": "Who looked at which student's record, and in which operation."},
    )
