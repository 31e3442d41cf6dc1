"""Belonging to the school: spans with entry and exit. Grade level and school year of a student follow from them."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, no_overlap, refers


class EntryType(Choice):
    NEW = "NEW", "New at this school."
    TRANSFER = "TRANSFER", "Came from another school."
    RE_ENTRY = "RE_ENTRY", "Came back after leaving."
    PROMOTED = "PROMOTED", "Moved on from the grade level before."
    OTHER = "OTHER", "Another kind of entry."


class ExitReason(Choice):
    COMPLETED = "COMPLETED", "Completed the grade level or year."
    GRADUATED = "GRADUATED", "Finished the school."
    TRANSFERRED = "TRANSFERRED", "Went to another school."
    WITHDRAWN = "WITHDRAWN", "Was taken out by the family."
    DROPPED_OUT = "DROPPED_OUT", "Stopped coming."
    EXPELLED = "EXPELLED", "Was excluded by the school."
    NO_SHOW = "NO_SHOW", "Never came."
    MOVED = "MOVED", "Moved away."
    DECEASED = "DECEASED", "Died."
    OTHER = "OTHER", "Another reason."


class SchoolEnrollment(Record):
    __tablename__ = "school_enrollment"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year of the span")
    grade_level_id: Mapped[int | None] = mapped_column(BigInteger, comment="Grade level during the span")
    entry_date: Mapped[datetime.date] = mapped_column(Date, comment="First day at the school, inclusive")
    entry_type: Mapped[EntryType] = enum(EntryType, default=EntryType.NEW, comment="How the student came")
    exit_date: Mapped[datetime.date | None] = mapped_column(Date, comment="Last day, inclusive; null: still there")
    exit_reason: Mapped[ExitReason | None] = enum(ExitReason, comment="Why the student left")

    __table_args__ = (
        refers("student_id", "student"),
        refers("school_year_id", "school_year"),
        refers("grade_level_id", "grade_level"),
        index("student_id", "entry_date"),
        index("school_year_id"),
        index("grade_level_id", "entry_date"),
        index("entry_date"),
        index("updated_at"),
        CheckConstraint("exit_date >= entry_date", name="exit_after_entry"),
        CheckConstraint("exit_reason IS NULL OR exit_date IS NOT NULL", name="exit_with_date"),
        no_overlap("ex_school_enrollment_span", "student_id", begin="entry_date", end="exit_date"),
        {"comment": "A span of belonging to the school (Ed-Fi: StudentSchoolAssociation). Spans do not overlap."},
    )
