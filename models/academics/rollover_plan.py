"""A plan that moves students from one school year to the next, looked at before it is applied."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, refers


class RolloverPlan(Record):
    __tablename__ = "rollover_plan"

    from_school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year that ends")
    to_school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year that begins")
    content: Mapped[dict[str, Any]] = mapped_column(comment="Each student's promotion, retention or leaving, as JSON")
    applied_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was applied (UTC); null: a plan only")

    __table_args__ = (
        refers("from_school_year_id", "school_year"),
        refers("to_school_year_id", "school_year"),
        index("from_school_year_id"),
        index("to_school_year_id"),
        CheckConstraint("from_school_year_id <> to_school_year_id", name="two_years"),
        {"comment": "A plan that moves students to the next school year."},
    )
