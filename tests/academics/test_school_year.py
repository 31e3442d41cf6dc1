"""School years: one is current, and what happens in a year hangs on it."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    admit,
    create_calendar_day,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    gid,
    name_outside,
)

PAST = {
    "code": "2024-2025",
    "start_date": datetime.date(2024, 6, 1),
    "end_date": datetime.date(2025, 4, 30),
    "current": False,
}


async def test_a_year_by_id_with_all_that_hangs_on_it(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    await create_school_year(session, school, **PAST)
    for sequence, name in ((2, "Second"), (1, "First")):
        await create_semester(session, year, sequence=sequence, name=name)
    for day in (3, 1, 2):
        await create_calendar_day(session, year, date=datetime.date(2025, 9, day))
    course = await create_course(session, year, name="10 A")
    span = await admit(session, await create_student(session, school), year)
    await name_outside(session, year, value="y-1")
    document = """query($id: ID!) { schoolYear(id: $id) {
        code startDate endDate current
        semesters { name } calendarDays { date } externalIds { value }
        courses { totalCount nodes { id } } schoolEnrollments { totalCount nodes { id } }
    } }"""
    assert (await execute(document, id=gid(year))).found["schoolYear"] == {
        "code": "2025-2026",
        "startDate": "2025-06-01",
        "endDate": "2026-04-30",
        "current": True,
        "semesters": [{"name": "First"}, {"name": "Second"}],
        "calendarDays": [{"date": f"2025-09-0{day}"} for day in (1, 2, 3)],
        "externalIds": [{"value": "y-1"}],
        "courses": {"totalCount": 1, "nodes": [{"id": gid(course)}]},
        "schoolEnrollments": {"totalCount": 1, "nodes": [{"id": gid(span)}]},
    }


async def test_the_current_year_is_the_marked_one(session: AsyncSession, school: School, execute: Execute) -> None:
    document = "{ currentSchoolYear { code } schoolYears { nodes { code current } } }"
    await create_school_year(session, school, **PAST)
    found = (await execute(document)).found
    assert found["currentSchoolYear"] is None
    await create_school_year(session, school)
    assert (await execute(document)).found == {
        "currentSchoolYear": {"code": "2025-2026"},
        "schoolYears": {"nodes": [{"code": "2025-2026", "current": True}, {"code": "2024-2025", "current": False}]},
    }


async def test_years_are_filtered_by_what_happens_in_them(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    past, year = await create_school_year(session, school, **PAST), await create_school_year(session, school)
    await create_course(session, year, name="Physics")
    await create_course(session, past, name="Latin")
    document = "query($where: SchoolYearWhere) { schoolYears(where: $where) { nodes { code } } }"
    for where, codes in (
        ({"current": {"eq": True}}, ["2025-2026"]),
        ({"current": {"ne": True}}, ["2024-2025"]),
        ({"courses": {"name": {"eq": "Latin"}}}, ["2024-2025"]),
        ({"startDate": {"lte": "2025-06-01"}}, ["2025-2026", "2024-2025"]),
        ({"startDate": {"lt": "2025-06-01"}}, ["2024-2025"]),
    ):
        found = (await execute(document, where=where)).found["schoolYears"]["nodes"]
        assert [node["code"] for node in found] == codes
