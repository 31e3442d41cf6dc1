"""What writing the calendar of a school year has in common: a day whose roster was taken is a lesson day.

Whoever writes several days locks the school year first.
"""

import datetime

from sqlalchemy import select

from models import AttendanceTaken, CalendarDay, CalendarDayKind, SchoolYear
from resolvers.academics.attendance_day import LESSONS
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.records import was


async def taken_days(change: Change, first: datetime.date, last: datetime.date) -> set[datetime.date]:
    """Days on which the roster of some course was taken."""
    found = select(AttendanceTaken.date).where(
        AttendanceTaken.institution_id == change.institution_id, AttendanceTaken.date.between(first, last)
    )
    return set(await change.session.scalars(found.distinct()))


async def days_of(change: Change, year: SchoolYear) -> dict[datetime.date, CalendarDay]:
    """The calendar of a school year, by day, locked: nobody else changes a day meanwhile."""
    found = select(CalendarDay).where(
        CalendarDay.institution_id == change.institution_id, CalendarDay.school_year_id == year.id
    )
    found = found.order_by(CalendarDay.date).with_for_update(key_share=True)
    return {row.date: row for row in await change.session.scalars(found)}


def check_lessons(row: CalendarDay | None, kind: CalendarDayKind, day: datetime.date) -> None:
    """Raise Conflict where a day whose roster was taken would be one without lessons, which it is not yet."""
    if kind not in LESSONS and (row is None or was(row, "kind") in LESSONS):
        raise Conflict(f"kind: attendance was taken on {day}: it is a lesson day", field="kind")


def tell(change: Change, year: SchoolYear, action: str, count: int) -> None:
    """Tell others that so many days were written, if any were."""
    if count:
        change.details["days"] = count
        change.publish("school_year", year.id, {"action": action, "id": year.id})
    else:
        change.withdraw()
