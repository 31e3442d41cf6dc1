"""Rules of school years: their days, which one is current, and what lies within them."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ConfigurationSetting, SchoolYear
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_calendar_day,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    gid,
    mark_attendance,
)
from tests.mutating import done, mutate, refused

YEAR = {"code": "2030-2031", "startDate": "2030-06-01", "endDate": "2031-04-30"}


async def current(session: AsyncSession) -> tuple[list[str], str]:
    """The codes of the years that are current, and what the setting says."""
    years = await session.scalars(select(SchoolYear.code).where(SchoolYear.current))
    said = select(ConfigurationSetting.value).where(ConfigurationSetting.key == "CURRENT_ACADEMIC_YEAR")
    return list(years), (await session.scalars(said)).one()


async def test_one_year_is_current_and_the_setting_says_so(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    old = await create_school_year(session, school)
    new = await create_school_year(
        session,
        school,
        code="2026-2027",
        start_date=datetime.date.fromisoformat("2026-06-01"),
        end_date=datetime.date.fromisoformat("2027-04-30"),
        current=False,
    )
    async with audited(connections, school, other_school):
        found = await done(
            execute, "setCurrentSchoolYear", "schoolYear { code current version }", id=gid(new), version=1
        )
    assert found["schoolYear"] == {"code": "2026-2027", "current": True, "version": 2}
    assert await current(session) == (["2026-2027"], "2026-2027")
    async with audited(connections, school, nothing=True):
        await done(execute, "setCurrentSchoolYear", "__typename", id=gid(new), version=2)
        assert await refused(execute, "setCurrentSchoolYear", id=gid(old), version=1) == [("CONFLICT", ["version"])]


async def test_the_setting_follows_the_code(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    async with audited(connections, school):
        await done(execute, "updateSchoolYear", "__typename", id=gid(year), version=1, code="25/26")
    assert await current(session) == (["25/26"], "25/26")


async def test_the_current_year_is_not_deleted(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "deleteSchoolYear", id=gid(year), version=1) == [("CONFLICT", ["id"])]


BAD: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({"code": "2025-2026"}, ("CONFLICT", ["code"])),
    ({"code": ""}, ("BAD_USER_INPUT", ["code"])),
    ({"endDate": "2030-06-01"}, ("BAD_USER_INPUT", ["endDate"])),
    ({"startDate": "2026-04-30"}, ("CONFLICT", ["startDate"])),
]


@pytest.mark.parametrize(("given", "error"), BAD)
async def test_a_new_year_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    await create_school_year(session, school)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createSchoolYear", **YEAR | given) == [error]


async def test_a_year_keeps_what_lies_within_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    await create_semester(
        session,
        year,
        start_date=datetime.date.fromisoformat("2025-06-10"),
        end_date=datetime.date.fromisoformat("2025-10-31"),
    )
    await create_calendar_day(session, year, date=datetime.date.fromisoformat("2026-04-20"))
    student, course = await create_student(session, school), await create_course(session, year)
    await mark_attendance(
        session, student, course, date=datetime.date.fromisoformat("2025-11-03"), school_year_id=year.id
    )
    async with audited(connections, school, nothing=True):
        payload = await mutate(
            execute,
            "updateSchoolYear",
            "__typename",
            id=gid(year),
            version=1,
            startDate="2025-06-11",
            endDate="2025-11-02",
        )
    assert [(error["code"], error["message"]) for error in payload["errors"]] == [
        ("CONFLICT", "startDate: 2025-06-11 is after 2025-06-10, a day of its semesters"),
        ("CONFLICT", "endDate: 2025-11-02 is before 2026-04-20, a day of its calendar"),
        ("CONFLICT", "endDate: 2025-11-02 is before 2025-11-03, a day of its attendance marks"),
    ]
    async with audited(connections, school):
        await done(
            execute,
            "updateSchoolYear",
            "__typename",
            id=gid(year),
            version=1,
            startDate="2025-06-10",
            endDate="2026-04-20",
        )
