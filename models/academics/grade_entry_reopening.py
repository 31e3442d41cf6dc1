"""That entry of marks was opened again after its window closed: by whom, for what, until when."""

import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, refers, short


class GradeEntryReopening(Record):
    __tablename__ = "grade_entry_reopening"

    semester_id: Mapped[int] = mapped_column(BigInteger, comment="The semester")
    course_id: Mapped[int | None] = mapped_column(BigInteger, comment="Only this course; null: all courses")
    reason: Mapped[str] = short(500, comment="Why it was opened again")
    closes_at: Mapped[datetime.datetime] = mapped_column(comment="When it closes again (instant, UTC)")

    __table_args__ = (
        refers("semester_id", "semester"),
        refers("course_id", "course"),
        index("semester_id"),
        index("course_id"),
        {"comment": "That entry of marks was opened again, and why."},
    )
