"""Answers kept under a caller's key, so that the same request sent twice is carried out once."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, enum, index, short
from models.trail.acted import ActorKind


class IdempotencyKey(Tenant):
    __tablename__ = "idempotency_key"

    key: Mapped[str] = short(100, comment="The caller's key")
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of actor sent it")
    actor_id: Mapped[int] = mapped_column(BigInteger, comment="Who sent it")
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of what was asked")
    answer: Mapped[dict[str, Any]] = mapped_column(comment="What was answered, as JSON")
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")

    __table_args__ = (
        UniqueConstraint("institution_id", "actor_kind", "actor_id", "key"),
        index("created_at"),
        {"comment": "The answer to a request that must not be carried out twice."},
    )
