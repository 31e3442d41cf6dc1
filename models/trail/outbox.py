"""Events to be told to others, written in the transaction of the change they tell of."""

import datetime
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, index, short


class Outbox(Tenant):
    __tablename__ = "outbox"

    topic: Mapped[str] = short(100, comment="What kind of event")
    key: Mapped[str] = short(100, comment="What it is about, for ordering")
    payload: Mapped[dict[str, Any]] = mapped_column(comment="The event, as JSON")
    schema_version: Mapped[int] = mapped_column(server_default=text("1"), comment="Version of the payload's form")
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")

    __table_args__ = (
        index("topic", "id"),
        index("created_at"),
        {"comment": "Events waiting to be sent, written with the change they tell of."},
    )
