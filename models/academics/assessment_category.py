"""Kinds of assessments and their weights: exam, homework …"""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, short


class AssessmentCategory(Record):
    __tablename__ = "assessment_category"

    name: Mapped[str] = short(100, comment="Name, for example Exam")
    weight: Mapped[Decimal | None] = mapped_column(Numeric(9, 4), comment="Weight in averages; null: not weighted")

    __table_args__ = (
        UniqueConstraint("institution_id", "name"),
        index("updated_at"),
        CheckConstraint("weight >= 0", name="weight_positive"),
        {"comment": "A kind of assessment and its weight (OneRoster: category)."},
    )
