"""Days of the school's calendar."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import CalendarDayKind
from tests.conftest import Execute, School
from tests.factories import create_calendar_day, create_school_year, gid, name_outside


async def test_a_day_by_id_leads_to_its_year(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    kind = CalendarDayKind.HOLIDAY
    day = await create_calendar_day(session, year, date=datetime.date(2025, 10, 2), kind=kind, note="Gandhi Jayanti")
    await name_outside(session, day, value="d-1")
    document = "query($id: ID!) { calendarDay(id: $id) { date kind note schoolYear { code } externalIds { value } } }"
    assert (await execute(document, id=gid(day))).found["calendarDay"] == {
        "date": "2025-10-02",
        "kind": "HOLIDAY",
        "note": "Gandhi Jayanti",
        "schoolYear": {"code": "2025-2026"},
        "externalIds": [{"value": "d-1"}],
    }


async def test_days_come_in_order_and_are_filtered_by_date(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    for day in (3, 1, 2):
        await create_calendar_day(session, year, date=datetime.date(2025, 9, day))
    document = "query($where: CalendarDayWhere) { calendarDays(where: $where) { nodes { date } } }"
    found = (await execute(document)).found["calendarDays"]["nodes"]
    assert found == [{"date": f"2025-09-0{day}"} for day in (1, 2, 3)]
    found = (await execute(document, where={"date": {"gt": "2025-09-01", "lte": "2025-09-02"}})).found
    assert found["calendarDays"]["nodes"] == [{"date": "2025-09-02"}]
