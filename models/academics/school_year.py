"""School years of the institution; at most one is current."""

import datetime

from sqlalchemy import CheckConstraint, Date, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, no_overlap, short


class SchoolYear(Record):
    __tablename__ = "school_year"

    code: Mapped[str] = short(20, comment="Code, for example 2025-2026")
    start_date: Mapped[datetime.date] = mapped_column(Date, comment="First day")
    end_date: Mapped[datetime.date] = mapped_column(Date, comment="Last day, inclusive")
    current: Mapped[bool] = mapped_column(server_default=text("false"), comment="Whether it is the current school year")

    __table_args__ = (
        UniqueConstraint("institution_id", "code"),
        index("current", unique=True, where="current"),
        index("start_date"),
        index("updated_at"),
        CheckConstraint("end_date > start_date", name="ends_after_start"),
        no_overlap("ex_school_year_dates", begin="start_date", end="end_date"),
        {"comment": "A school year (OneRoster: academicSession of type schoolYear). Years do not overlap."},
    )
