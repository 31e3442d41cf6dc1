"""Who looked at which student's record. Append-only for the API."""

import datetime

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, enum, index, refers, short
from models.trail.acted import Acted, ActorKind


class AccessEntry(Tenant, Acted):
    __tablename__ = "access_log"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="Whose record was read")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of viewer read it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that read it")
    purpose: Mapped[str | None] = short(100, comment="Name of the operation that read it")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    request_id: Mapped[str | None] = short(64, comment="Request that read it")

    __table_args__ = (
        refers("student_id", "student"),
        index("student_id", "at"),
        index("actor_id", "at"),
        index("at", "id"),
        {"comment": "Who looked at which student's record, and in which operation."},
    )
