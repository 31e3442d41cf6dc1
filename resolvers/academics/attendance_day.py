"""What is known of a day before attendance is marked on it, and stays so until that is done.

The school year is held first: whoever adds or changes days of its calendar waits. What they wrote before is seen by the
statement that follows.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import JSON, ColumnElement, func, select

from models import (
    AttendanceCode,
    AttendanceSession,
    AttendanceStatus,
    AttendanceTaken,
    CalendarDay,
    CalendarDayKind,
    SchoolYear,
    Semester,
)
from models.base import Tenant
from resolvers.academics.attendance_values import Codes
from resolvers.academics.roster import marker
from resolvers.errors import Invalid
from resolvers.unit_of_work import Change

LESSONS = frozenset({CalendarDayKind.INSTRUCTIONAL, CalendarDayKind.MAKE_UP})


@dataclass(frozen=True)
class Day:
    """`kind` is the calendar's, `planned` whether its school year has a calendar; `taken` whether the roster was."""

    date: datetime.date
    kind: CalendarDayKind | None
    planned: bool
    school_year_id: int | None
    semester_id: int | None
    codes: Codes
    taken: bool
    marker: int | None

    def check(self, today: datetime.date) -> None:
        """Raise Invalid where the day is to come, or has no lessons. A school year without a calendar allows every day.

        `today` is the day in the school's time zone.
        """
        if self.date > today:
            raise Invalid(f"date: {self.date} is in the future, today is {today}", field="date")
        if self.kind is None and self.planned:
            raise Invalid(f"date: {self.date} is not in the school's calendar", field="date")
        if self.kind is not None and self.kind not in LESSONS:
            raise Invalid(
                f"date: {self.date} is {self.kind.value} in the school's calendar, no lesson day", field="date"
            )


def codes_of(change: Change) -> ColumnElement[object]:
    """SQL of the school's attendance codes, as a list of pairs of code and status."""
    pairs = func.json_build_array(AttendanceCode.code, AttendanceCode.status)
    statement = select(func.json_agg(pairs, type_=JSON)).where(AttendanceCode.institution_id == change.institution_id)
    return statement.scalar_subquery()


def read_codes(pairs: list[tuple[str, str]] | None) -> Codes:
    return {code: AttendanceStatus[status] for code, status in pairs or []}


async def day_of(change: Change, course: int, date: datetime.date, session: AttendanceSession) -> Day:
    """The day of a course's session. Of parts of the year that overlap, the shortest counts."""

    def own(model: type[Tenant]) -> ColumnElement[bool]:
        return model.institution_id == change.institution_id

    year = select(SchoolYear.id).where(own(SchoolYear), SchoolYear.start_date <= date, SchoolYear.end_date >= date)
    school_year = await change.session.scalar(year.with_for_update(read=True))
    day = select(CalendarDay.kind).where(own(CalendarDay), CalendarDay.date == date).with_for_update(read=True)
    part = select(Semester.id).where(own(Semester), Semester.start_date <= date, Semester.end_date >= date)
    part = part.order_by(Semester.end_date - Semester.start_date, Semester.sequence, Semester.id).limit(1)
    planned = select(CalendarDay.id).where(own(CalendarDay), CalendarDay.school_year_id == school_year)
    taken = select(AttendanceTaken.id).where(
        own(AttendanceTaken),
        AttendanceTaken.course_id == course,
        AttendanceTaken.date == date,
        AttendanceTaken.session == session,
    )
    statement = select(
        select(day.cte("day").c.kind).scalar_subquery(),
        planned.exists(),
        part.scalar_subquery(),
        codes_of(change),
        taken.exists(),
        marker(change),
    )
    kind, has_calendar, semester, codes, was_taken, user = (await change.session.execute(statement)).one()
    return Day(date, kind, has_calendar, school_year, semester, read_codes(codes), was_taken, user)
