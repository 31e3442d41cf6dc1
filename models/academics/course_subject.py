"""Which subjects a course teaches, so that a missing mark can be known and averages be weighted."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, refers


class CourseSubject(Record):
    __tablename__ = "course_subject"

    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    subject_id: Mapped[int] = mapped_column(BigInteger, comment="The subject")
    coefficient: Mapped[Decimal] = mapped_column(
        Numeric(9, 4), server_default=text("1"), comment="Weight of the subject in the overall average"
    )
    credits: Mapped[Decimal | None] = mapped_column(Numeric(9, 4), comment="Credits earned by passing")

    __table_args__ = (
        UniqueConstraint("institution_id", "course_id", "subject_id"),
        refers("course_id", "course", cascade=True),
        refers("subject_id", "subject"),
        index("subject_id"),
        index("updated_at"),
        CheckConstraint("coefficient > 0", name="coefficient_positive"),
        CheckConstraint("credits >= 0", name="credits_positive"),
        {"comment": "A subject that a course teaches, with its weight and credits."},
    )
