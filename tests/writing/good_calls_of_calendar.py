"""Good calls about the calendar: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on


async def _year(session: AsyncSession, school: Any) -> Any:
    return await make.create_school_year(session, school, current=False)


async def _generate(session: AsyncSession, school: Any) -> Input:
    return {"schoolYear": gid(await _year(session, school))}


async def _set(session: AsyncSession, school: Any) -> Input:
    year = await _year(session, school)
    await make.create_calendar_day(session, year)
    days = [{"date": "2025-09-01", "kind": "HOLIDAY", "version": 1}, {"date": "2025-09-02", "kind": "INSTRUCTIONAL"}]
    return {"schoolYear": gid(year), "days": days}


async def _day(session: AsyncSession, school: Any) -> Any:
    return await make.create_calendar_day(session, await _year(session, school))


CALLS_OF_CALENDAR: Mapping[str, Call] = {
    "generateCalendar": _generate,
    "setCalendarDays": _set,
    "updateCalendarDay": on(_day, kind="HOLIDAY", note="Gandhi Jayanti"),
    "deleteCalendarDay": on(_day),
}
