"""Counters behind generated numbers, one a kind and year; gaps are tolerated, a number is never reused."""

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, short


class NumberCounter(Tenant):
    __tablename__ = "number_counter"

    kind: Mapped[str] = short(50, comment="What is numbered, for example student")
    year: Mapped[int] = mapped_column(comment="Year the numbers are of")
    last: Mapped[int] = mapped_column(server_default=text("0"), comment="The last number given out")

    __table_args__ = (
        UniqueConstraint("institution_id", "kind", "year"),
        {"comment": "The last number given out of each kind and year."},
    )
