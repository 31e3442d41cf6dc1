"""Parts of a school year: semesters, terms, grading periods."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers, short


class SemesterType(Choice):
    SEMESTER = "SEMESTER", "Half of a school year."
    TERM = "TERM", "A term, of whatever length."
    GRADING_PERIOD = "GRADING_PERIOD", "A period at whose end marks are given."


class Semester(Record):
    __tablename__ = "semester"

    school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year it is part of")
    name: Mapped[str] = short(100, comment="Name, for example First semester")
    code: Mapped[str] = short(100, comment="Code, for example S1-2025")
    type: Mapped[SemesterType] = enum(SemesterType, default=SemesterType.SEMESTER, comment="Kind of the part")
    sequence: Mapped[int] = mapped_column(comment="Order within the school year, from 1")
    start_date: Mapped[datetime.date] = mapped_column(Date, comment="First day")
    end_date: Mapped[datetime.date] = mapped_column(Date, comment="Last day, inclusive")
    grade_entry_opens_at: Mapped[datetime.datetime | None] = mapped_column(
        comment="Marks can be entered from this instant (UTC); null: not limited"
    )
    grade_entry_closes_at: Mapped[datetime.datetime | None] = mapped_column(
        comment="Marks can be entered up to this instant (UTC); null: not limited"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "code"),
        refers("school_year_id", "school_year"),
        index("school_year_id", "sequence"),
        index("start_date"),
        index("updated_at"),
        CheckConstraint("end_date >= start_date", name="ends_after_start"),
        CheckConstraint("sequence BETWEEN 1 AND 99", name="sequence_range"),
        CheckConstraint("grade_entry_closes_at > grade_entry_opens_at", name="grade_entry_window"),
        {"comment": "A part of a school year (OneRoster: academicSession of type semester, term, gradingPeriod)."},
    )
