"""A task or exam that marks are given for; OneRoster calls it a line item."""

import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MARK, Record, index, refers, short


class Assessment(Record):
    __tablename__ = "assessment"

    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    subject_id: Mapped[int | None] = mapped_column(BigInteger, comment="Subject that is assessed")
    semester_id: Mapped[int | None] = mapped_column(BigInteger, comment="Semester it counts for")
    category_id: Mapped[int | None] = mapped_column(BigInteger, comment="Kind of the assessment")
    title: Mapped[str] = short(200, comment="Title")
    description: Mapped[str | None] = short(2000, comment="What it is about")
    date: Mapped[datetime.date | None] = mapped_column(Date, comment="Day it is due or held")
    min_score: Mapped[Decimal | None] = mapped_column(MARK, comment="Lowest mark; null: the scale's")
    max_score: Mapped[Decimal | None] = mapped_column(MARK, comment="Highest mark; null: the scale's")

    __table_args__ = (
        refers("course_id", "course"),
        refers("subject_id", "subject"),
        refers("semester_id", "semester"),
        refers("category_id", "assessment_category"),
        index("course_id", "date"),
        index("subject_id"),
        index("semester_id"),
        index("category_id"),
        index("date"),
        index("updated_at"),
        CheckConstraint("max_score > min_score", name="max_above_min"),
        {"comment": "A task or exam that marks are given for (OneRoster: lineItem; Ed-Fi: GradebookEntry)."},
    )
