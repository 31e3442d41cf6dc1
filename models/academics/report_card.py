"""A report card: frozen with a checksum when it is published."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers


class ReportCardState(Choice):
    DRAFT = "DRAFT", "Being prepared; shows live values."
    PUBLISHED = "PUBLISHED", "Frozen and handed out."
    REOPENED = "REOPENED", "Taken back for correction."
    SUPERSEDED = "SUPERSEDED", "Replaced by a later one."


class ReportCard(Record):
    __tablename__ = "report_card"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    semester_id: Mapped[int] = mapped_column(BigInteger, comment="The semester")
    state: Mapped[ReportCardState] = enum(
        ReportCardState, default=ReportCardState.DRAFT, comment="Where the card stands"
    )
    content: Mapped[dict[str, Any] | None] = mapped_column(comment="The frozen figures, as JSON; null while a draft")
    checksum: Mapped[bytes | None] = mapped_column(LargeBinary(32), comment="SHA-256 of the frozen figures")
    published_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was published (instant, UTC)")

    __table_args__ = (
        refers("student_id", "student"),
        refers("course_id", "course"),
        refers("semester_id", "semester"),
        index("student_id", "course_id", "semester_id", unique=True, where="state <> 'SUPERSEDED'"),
        index("student_id"),
        index("course_id", "semester_id"),
        index("semester_id"),
        index("updated_at"),
        CheckConstraint(
            "state <> 'PUBLISHED' OR num_nulls(content, checksum, published_at) = 0", name="published_is_frozen"
        ),
        {"comment": "A student's report card of a semester."},
    )
