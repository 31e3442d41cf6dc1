"""Belonging to a course: spans, so that re-enrolling keeps the history."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, no_overlap, refers, short
from models.people.of_student import OfStudent


class EnrollmentStatus(Choice):
    PENDING = "PENDING", "Planned, not begun."
    ACTIVE = "ACTIVE", "Takes part."
    COMPLETED = "COMPLETED", "Took part to the end."
    DROPPED = "DROPPED", "Left the course before its end."


class Enrollment(Record, OfStudent):
    __tablename__ = "enrollment"

    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    begin_date: Mapped[datetime.date] = mapped_column(Date, comment="First day in the course, inclusive")
    end_date: Mapped[datetime.date | None] = mapped_column(Date, comment="Last day, inclusive; null: open")
    status: Mapped[EnrollmentStatus] = enum(
        EnrollmentStatus, default=EnrollmentStatus.ACTIVE, comment="Where the enrolment stands"
    )
    drop_semester_id: Mapped[int | None] = mapped_column(BigInteger, comment="Semester of the drop")
    drop_date: Mapped[datetime.date | None] = mapped_column(Date, comment="Day of the drop: the last day of the span")
    drop_reason: Mapped[str | None] = short(500, comment="Why; UNKNOWN where an import does not say")

    __table_args__ = (
        refers("course_id", "course"),
        refers("student_id", "student"),
        refers("drop_semester_id", "semester"),
        index("course_id", "status"),
        index("course_id", "student_id"),
        index("student_id", "course_id"),
        index("status"),
        index("drop_date"),
        index("drop_semester_id"),
        index("updated_at"),
        CheckConstraint("end_date >= begin_date", name="ends_after_begin"),
        CheckConstraint(
            "status <> 'DROPPED' OR (num_nulls(drop_date, drop_reason, end_date) = 0 AND end_date = drop_date)",
            name="drop_has_date_and_reason",
        ),
        CheckConstraint(
            "status = 'DROPPED' OR num_nonnulls(drop_date, drop_reason, drop_semester_id) = 0", name="drop_only"
        ),
        no_overlap("ex_enrollment_span", "student_id", "course_id", begin="begin_date", end="end_date"),
        {"comment": "A span of a student in a course (Ed-Fi: StudentSectionAssociation)."},
    )
