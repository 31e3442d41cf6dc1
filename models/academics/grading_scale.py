"""How marks are read: bounds, pass mark, rounding."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MARK, Choice, Record, enum, index, short


class RoundingMode(Choice):
    HALF_UP = "HALF_UP", "To the nearest; a half goes up."
    HALF_EVEN = "HALF_EVEN", "To the nearest; a half goes to the even digit."
    DOWN = "DOWN", "Cut off."
    UP = "UP", "Always up."


class GradingScale(Record):
    __tablename__ = "grading_scale"

    name: Mapped[str] = short(100, comment="Name of the scale")
    min_score: Mapped[Decimal] = mapped_column(MARK, comment="Lowest mark")
    max_score: Mapped[Decimal] = mapped_column(MARK, comment="Highest mark")
    pass_mark: Mapped[Decimal] = mapped_column(MARK, comment="Lowest mark that passes")
    rounding_mode: Mapped[RoundingMode] = enum(
        RoundingMode, default=RoundingMode.HALF_UP, comment="How averages are rounded"
    )
    decimals: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("2"), comment="Decimals that averages are rounded to"
    )
    school_default: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Used where a course names no scale"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "name"),
        index("school_default", unique=True, where="school_default"),
        index("updated_at"),
        CheckConstraint("max_score > min_score", name="max_above_min"),
        CheckConstraint("pass_mark BETWEEN min_score AND max_score", name="pass_mark_range"),
        CheckConstraint("decimals BETWEEN 0 AND 4", name="decimals_range"),
        {"comment": "How marks are read: bounds, pass mark, rounding and letters (OneRoster: scoreScale)."},
    )
