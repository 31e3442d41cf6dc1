"""Days of the school's calendar: which are lesson days."""

import datetime

from sqlalchemy import BigInteger, Date, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers, short


class CalendarDayKind(Choice):
    INSTRUCTIONAL = "INSTRUCTIONAL", "A lesson day."
    HOLIDAY = "HOLIDAY", "A holiday."
    NON_INSTRUCTIONAL = "NON_INSTRUCTIONAL", "A day without lessons, such as a weekend."
    MAKE_UP = "MAKE_UP", "A lesson day that makes up for a lost one."
    WEATHER = "WEATHER", "No lessons because of the weather."
    TEACHER_ONLY = "TEACHER_ONLY", "Teachers work, students are free."


class CalendarDay(Record):
    __tablename__ = "calendar_day"

    school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year of the day")
    date: Mapped[datetime.date] = mapped_column(Date, comment="The day")
    kind: Mapped[CalendarDayKind] = enum(CalendarDayKind, comment="What kind of day it is")
    note: Mapped[str | None] = short(200, comment="Name of the holiday, or why it is not an ordinary day")

    __table_args__ = (
        UniqueConstraint("institution_id", "date"),
        refers("school_year_id", "school_year"),
        index("school_year_id", "date"),
        index("updated_at"),
        {"comment": "A day of the school's calendar (Ed-Fi: CalendarDate)."},
    )
