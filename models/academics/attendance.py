"""Whether a student was there. Partitioned by range of date, so the date is in the key and in the id."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.attendance_code import AttendanceStatus
from models.base import Choice, Record, enum, index, refers, short
from models.people.of_student import OfStudent

SHOWN = ("id", "course_id", "semester_id", "session", "status", "code", "minutes_late", "reason")


class AttendanceSession(Choice):
    AM = "AM", "The morning: half a day."
    PM = "PM", "The afternoon: half a day."
    FULL = "FULL", "The whole day; excludes AM and PM."


class Attendance(Record, OfStudent):
    __tablename__ = "attendance"

    date: Mapped[datetime.date] = mapped_column(Date, primary_key=True, comment="The day, in the school's time zone")
    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    session: Mapped[AttendanceSession] = enum(
        AttendanceSession, default=AttendanceSession.FULL, comment="Part of the day"
    )
    status: Mapped[AttendanceStatus] = enum(AttendanceStatus, comment="What was marked, as a fixed status")
    code: Mapped[str] = short(20, comment="What was marked, as the school's own code")
    reason: Mapped[str | None] = short(500, comment="Why absent or late")
    minutes_late: Mapped[int | None] = mapped_column(comment="How late, in minutes")
    recorded_by_id: Mapped[int | None] = mapped_column(BigInteger, comment="User who marked it")
    semester_id: Mapped[int | None] = mapped_column(BigInteger, comment="Semester of the date, if any")
    school_year_id: Mapped[int | None] = mapped_column(BigInteger, comment="School year of the date, if any")

    __table_args__ = (
        refers("student_id", "student"),
        refers("course_id", "course"),
        refers("recorded_by_id", "app_user"),
        refers("semester_id", "semester"),
        refers("school_year_id", "school_year"),
        ForeignKeyConstraint(
            ["institution_id", "code", "status"],
            ["attendance_code.institution_id", "attendance_code.code", "attendance_code.status"],
            ondelete="RESTRICT",
        ),
        # FULL stands in both indexes and AM and PM in one each: AM and PM go together, FULL goes with neither.
        index("student_id", "course_id", "date", unique=True, where="session IN ('AM', 'FULL')"),
        index("course_id", "student_id", "date", unique=True, where="session IN ('PM', 'FULL')"),
        # A student's marks lie far apart, each among those of its day: the index holds what is shown of them.
        index("student_id", "date", include=SHOWN),
        index("course_id", "date"),
        index("date"),
        index("semester_id"),
        index("school_year_id"),
        index("status", "date"),
        index("code", "status"),
        index("recorded_by_id"),
        index("updated_at"),
        CheckConstraint("minutes_late BETWEEN 0 AND 1440", name="minutes_late_range"),
        {
            "comment": "Whether a student was there on a day, in a course and session.",
            "postgresql_partition_by": "RANGE (date)",
        },
    )
