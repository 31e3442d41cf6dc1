"""A mark of a student; OneRoster calls it a result."""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Date, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.course import lead_teacher_of
from models.academics.subject import Subject
from models.base import MARK, Choice, Record, enum, index, refers, short
from models.computed import computed
from models.people.of_student import OfStudent

COUNTED = ("id", "course_id", "subject_id", "semester_id", "assessment_id", "score", "score_status")


class ScoreStatus(Choice):
    EXEMPT = "EXEMPT", "Does not have to be marked, and counts nowhere."
    FULLY_GRADED = "FULLY_GRADED", "Marked."
    PARTIALLY_GRADED = "PARTIALLY_GRADED", "Marked in part; the mark may change."
    SUBMITTED = "SUBMITTED", "Handed in, not marked yet."
    NOT_SUBMITTED = "NOT_SUBMITTED", "Not handed in."


class Grade(Record, OfStudent):
    __tablename__ = "grade"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    subject_id: Mapped[int] = mapped_column(BigInteger, comment="The subject")
    semester_id: Mapped[int | None] = mapped_column(BigInteger, comment="Semester the mark counts for")
    assessment_id: Mapped[int | None] = mapped_column(BigInteger, comment="Assessment the mark is for")
    date: Mapped[datetime.date] = mapped_column(Date, comment="Day of the mark")
    score: Mapped[Decimal | None] = mapped_column(MARK, comment="The mark, exact; null where none was given")
    score_status: Mapped[ScoreStatus] = enum(
        ScoreStatus, default=ScoreStatus.FULLY_GRADED, comment="How far the marking is"
    )
    comment: Mapped[str | None] = short(2000, comment="Comment of the teacher")
    graded_by_id: Mapped[int | None] = mapped_column(BigInteger, comment="User who gave the mark")
    last_edited_at: Mapped[datetime.datetime | None] = mapped_column(comment="Last change of the mark (instant, UTC)")

    @computed("Name of the subject")
    def subject_name(self: Any) -> ColumnElement[Any]:
        statement = select(Subject.name).where(
            Subject.institution_id == self.institution_id, Subject.id == self.subject_id
        )
        return statement.correlate_except(Subject).scalar_subquery()

    @computed("Who gave the mark; else the course's lead teacher", target="app_user")
    def teacher_id(self: Any) -> ColumnElement[Any]:
        return func.coalesce(self.graded_by_id, lead_teacher_of(self, self.course_id))

    __table_args__ = (
        refers("student_id", "student"),
        refers("course_id", "course"),
        refers("subject_id", "subject"),
        refers("semester_id", "semester"),
        refers("assessment_id", "assessment"),
        refers("graded_by_id", "app_user"),
        UniqueConstraint(
            "institution_id",
            "student_id",
            "course_id",
            "subject_id",
            "semester_id",
            "assessment_id",
            "date",
            postgresql_nulls_not_distinct=True,
        ),
        index("course_id", "semester_id"),
        index("course_id", "student_id", "subject_id"),
        # A student's marks lie far apart, each among those of its day: the index holds what counts of them.
        index("student_id", "date", include=COUNTED),
        index("subject_id"),
        index("semester_id"),
        index("assessment_id"),
        index("graded_by_id"),
        index("date"),
        index("updated_at"),
        CheckConstraint("score IS NOT NULL OR score_status <> 'FULLY_GRADED'", name="graded_has_score"),
        CheckConstraint("score IS NULL OR score_status <> 'EXEMPT'", name="exempt_has_no_score"),
        {"comment": "A mark of a student (OneRoster: result; Ed-Fi: Grade)."},
    )
