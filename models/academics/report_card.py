"""A report card: frozen with a checksum when it is published."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers, short
from models.people.of_student import OfStudent


class ReportCardState(Choice):
    DRAFT = "DRAFT", "Being prepared; nothing is frozen yet."
    PUBLISHED = "PUBLISHED", "Frozen and handed out."
    REOPENED = "REOPENED", "Taken back for correction, with a reason; families do not see it meanwhile."
    SUPERSEDED = "SUPERSEDED", "Replaced by a later edition; what was handed out is kept."


class ReportCard(Record, OfStudent):
    __tablename__ = "report_card"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    semester_id: Mapped[int] = mapped_column(BigInteger, comment="The semester")
    state: Mapped[ReportCardState] = enum(
        ReportCardState, default=ReportCardState.DRAFT, comment="Where the card stands"
    )
    edition: Mapped[int] = mapped_column(
        server_default=text("1"), comment="Counts the cards of the student for the course and semester, from 1"
    )
    content: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="All that was handed out, as JSON; null in a draft"
    )
    checksum: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), comment="SHA-256 of the frozen content as canonical JSON; null in a draft"
    )
    published_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was published (instant, UTC)")
    reopened_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was taken back (instant, UTC)")
    reopen_reason: Mapped[str | None] = short(500, comment="Why it was taken back")

    __table_args__ = (
        refers("student_id", "student"),
        refers("course_id", "course"),
        refers("semester_id", "semester"),
        index("student_id", "course_id", "semester_id", unique=True, where="state <> 'SUPERSEDED'"),
        index("student_id"),
        index("course_id", "semester_id"),
        index("semester_id"),
        index("published_at"),
        index("updated_at"),
        CheckConstraint(
            "state <> 'PUBLISHED' OR num_nulls(content, checksum, published_at) = 0", name="published_is_frozen"
        ),
        CheckConstraint(
            "state <> 'REOPENED' OR num_nulls(content, checksum, reopened_at, reopen_reason) = 0",
            name="reopened_has_reason",
        ),
        CheckConstraint("edition >= 1", name="edition_positive"),
        {"comment": "A student's report card of a semester."},
    )
