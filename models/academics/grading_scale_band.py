"""Letters of a grading scale: each from an inclusive lower bound up to the next band's."""

from decimal import Decimal

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MARK, Record, index, refers, short


class GradingScaleBand(Record):
    __tablename__ = "grading_scale_band"

    grading_scale_id: Mapped[int] = mapped_column(BigInteger, comment="The scale")
    letter: Mapped[str] = short(10, comment="Letter or word of the band")
    lower_bound: Mapped[Decimal] = mapped_column(MARK, comment="Lowest mark of the band, inclusive")
    points: Mapped[Decimal | None] = mapped_column(MARK, comment="Grade points of the band")

    __table_args__ = (
        UniqueConstraint("institution_id", "grading_scale_id", "letter"),
        UniqueConstraint("institution_id", "grading_scale_id", "lower_bound"),
        refers("grading_scale_id", "grading_scale", cascade=True),
        index("updated_at"),
        {"comment": "A letter of a grading scale and the marks it stands for."},
    )
