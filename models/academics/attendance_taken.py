"""That a roster was taken, so that *not taken* and *all present* differ."""

import datetime

from sqlalchemy import BigInteger, Date, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.attendance import AttendanceSession
from models.base import Record, enum, index, refers


class AttendanceTaken(Record):
    __tablename__ = "attendance_taken"

    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    date: Mapped[datetime.date] = mapped_column(Date, comment="The day, in the school's time zone")
    session: Mapped[AttendanceSession] = enum(
        AttendanceSession, default=AttendanceSession.FULL, comment="Part of the day"
    )
    taken_by_id: Mapped[int | None] = mapped_column(BigInteger, comment="User who took the roster")
    taken_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")

    __table_args__ = (
        UniqueConstraint("institution_id", "course_id", "date", "session"),
        refers("course_id", "course"),
        refers("taken_by_id", "app_user"),
        index("date"),
        index("taken_by_id"),
        index("updated_at"),
        {"comment": "That a roster was taken (Ed-Fi: SectionAttendanceTakenEvent)."},
    )
