"""Making and editing the calendar of a school year."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import CalendarDay, CalendarDayKind, SchoolYear
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_calendar_day,
    create_course,
    create_school_year,
    gid,
    name_outside,
    take_attendance,
)
from tests.mutating import done, mutate, refused

Days = dict[str, str]
day = datetime.date.fromisoformat
GENERATED = "days { date kind change } kept dryRun"
MADE_OF = "added changed unchanged"
WORKING_DAYS = {"category": "ACADEMIC", "key": "WORKING_DAYS_PER_WEEK", "version": 1}


async def a_week(session: AsyncSession, school: School) -> SchoolYear:
    """A school year from Monday to Sunday."""
    return await create_school_year(session, school, start_date=day("2025-09-01"), end_date=day("2025-09-07"))


async def calendar(execute: Execute, year: SchoolYear) -> Days:
    document = "query($id: ID!) { schoolYear(id: $id) { calendarDays { date kind } } }"
    days = (await execute(document, id=gid(year))).found["schoolYear"]["calendarDays"]
    return {each["date"]: each["kind"] for each in days}


def week(**otherwise: str) -> Days:
    """Six lesson days and a Sunday; `d3` is the third of the month."""
    days = {f"d{number}": "INSTRUCTIONAL" for number in range(1, 7)} | {"d7": "NON_INSTRUCTIONAL"} | otherwise
    return {f"2025-09-0{name[1]}": kind for name, kind in days.items()}


async def test_a_calendar_is_made_of_all_days_of_the_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await a_week(session, school)
    async with audited(connections, school):
        payload = await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    days = [{"date": date, "kind": kind, "change": "ADDED"} for date, kind in week().items()]
    assert payload == {"days": days, "kept": 0, "dryRun": False}
    assert await calendar(execute, year) == week()
    async with audited(connections, school, nothing=True):
        payload = await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    assert payload == {"days": [], "kept": 7, "dryRun": False}


async def test_a_dry_run_shows_the_calendar_and_writes_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await a_week(session, school)
    shown = f"{GENERATED} schoolYear {{ calendarDays {{ date kind }} }}"
    async with audited(connections, school, nothing=True):
        payload = await done(execute, "generateCalendar", shown, schoolYear=gid(year), dryRun=True)
    assert (len(payload["days"]), payload["dryRun"]) == (7, True)
    assert {each["date"]: each["kind"] for each in payload["schoolYear"]["calendarDays"]} == week()
    assert await calendar(execute, year) == {}


async def test_edited_days_stay_and_others_follow_the_setting(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Tuesday is a holiday, Wednesday and Saturday were edited, Friday has a note, Thursday another name elsewhere."""
    year = await a_week(session, school)
    await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    edited = [
        {"date": "2025-09-02", "kind": "HOLIDAY"},
        {"date": "2025-09-03", "kind": "NON_INSTRUCTIONAL"},
        {"date": "2025-09-05", "kind": "INSTRUCTIONAL", "note": "Sports"},
        {"date": "2025-09-06", "kind": "NON_INSTRUCTIONAL"},
    ]
    await done(execute, "setCalendarDays", MADE_OF, schoolYear=gid(year), days=edited)
    thursday = select(CalendarDay).where(CalendarDay.date == day("2025-09-04"), CalendarDay.school_year_id == year.id)
    await name_outside(session, (await session.scalars(thursday)).one(), value="d-4")
    await done(execute, "setSetting", "__typename", **WORKING_DAYS, value="1")
    assert await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year)) == {
        "days": [],
        "kept": 7,
        "dryRun": False,
    }
    await done(execute, "setSetting", "__typename", **WORKING_DAYS | {"version": 2}, value="7")
    async with audited(connections, school):
        payload = await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    sunday = {"date": "2025-09-07", "kind": "INSTRUCTIONAL", "change": "CHANGED"}
    assert payload == {"days": [sunday], "kept": 6, "dryRun": False}
    days = week(d2="HOLIDAY", d3="NON_INSTRUCTIONAL", d6="NON_INSTRUCTIONAL", d7="INSTRUCTIONAL")
    assert await calendar(execute, year) == days
    await done(execute, "setSetting", "__typename", **WORKING_DAYS | {"version": 3}, value="6")
    await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    assert await calendar(execute, year) == days | {"2025-09-07": "NON_INSTRUCTIONAL"}


async def test_days_on_which_attendance_was_taken_are_lesson_days(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await a_week(session, school)
    await take_attendance(session, await create_course(session, year), date=day("2025-09-07"))
    await done(execute, "generateCalendar", GENERATED, schoolYear=gid(year))
    assert await calendar(execute, year) == week(d7="INSTRUCTIONAL")
    document = "query($where: CalendarDayWhere) { calendarDays(where: $where) { nodes { id } } }"
    (sunday,) = (await execute(document, where={"date": {"eq": "2025-09-07"}})).found["calendarDays"]["nodes"]
    async with audited(connections, school, nothing=True):
        change = {**sunday, "version": 1, "kind": "HOLIDAY"}
        assert await refused(execute, "updateCalendarDay", **change) == [("CONFLICT", ["kind"])]
        assert await refused(execute, "deleteCalendarDay", **sunday, version=1) == [("CONFLICT", ["id"])]
        given = {"schoolYear": gid(year), "days": [{"date": "2025-09-07", "kind": "WEATHER"}]}
        assert await refused(execute, "setCalendarDays", **given) == [("CONFLICT", ["days", "0", "kind"])]
    await done(execute, "updateCalendarDay", "calendarDay { kind }", **change | {"kind": "MAKE_UP"})


async def test_days_are_set_all_at_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await a_week(session, school)
    kind = CalendarDayKind.HOLIDAY
    for date, note in (("2025-09-01", "Old"), ("2025-09-02", "Kept"), ("2025-09-03", "Same")):
        await create_calendar_day(session, year, date=day(date), kind=kind, note=note)
    days = [
        {"date": "2025-09-01", "kind": "HOLIDAY", "note": None, "version": 1},
        {"date": "2025-09-02", "kind": "TEACHER_ONLY"},
        {"date": "2025-09-03", "kind": "HOLIDAY", "note": " Same "},
        {"date": "2025-09-04", "kind": "HOLIDAY", "note": "New"},
    ]
    shown = f"{MADE_OF} schoolYear {{ calendarDays {{ date kind note version }} }}"
    async with audited(connections, school):
        payload = await done(execute, "setCalendarDays", shown, schoolYear=gid(year), days=days)
    assert payload == {
        "added": 1,
        "changed": 2,
        "unchanged": 1,
        "schoolYear": {
            "calendarDays": [
                {"date": "2025-09-01", "kind": "HOLIDAY", "note": None, "version": 2},
                {"date": "2025-09-02", "kind": "TEACHER_ONLY", "note": "Kept", "version": 2},
                {"date": "2025-09-03", "kind": "HOLIDAY", "note": "Same", "version": 1},
                {"date": "2025-09-04", "kind": "HOLIDAY", "note": "New", "version": 1},
            ]
        },
    }


GOOD = {"date": "2025-09-02", "kind": "HOLIDAY"}
BAD: list[tuple[list[dict[str, Any]], str, list[str]]] = [
    ([GOOD, {"date": "2025-08-31", "kind": "HOLIDAY"}], "BAD_USER_INPUT", ["days", "1", "date"]),
    ([GOOD, {"date": "2025-09-08", "kind": "HOLIDAY"}], "BAD_USER_INPUT", ["days", "1", "date"]),
    ([GOOD, GOOD], "BAD_USER_INPUT", ["days", "1", "date"]),
    ([GOOD | {"note": "x" * 201}], "BAD_USER_INPUT", ["days", "0", "note"]),
    ([GOOD | {"note": " "}], "BAD_USER_INPUT", ["days", "0", "note"]),
    ([GOOD | {"version": 1}], "CONFLICT", ["days", "0", "version"]),
    ([GOOD, {"date": "2025-09-01", "kind": "HOLIDAY", "version": 2}], "CONFLICT", ["days", "1", "version"]),
    ([GOOD] * 401, "BAD_USER_INPUT", ["days"]),
]


@pytest.mark.parametrize(("days", "code", "field"), BAD, ids=range(len(BAD)))
async def test_one_wrong_day_refuses_all(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    days: list[dict[str, Any]],
    code: str,
    field: list[str],
) -> None:
    year = await a_week(session, school)
    await create_calendar_day(session, year)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "setCalendarDays", MADE_OF, schoolYear=gid(year), days=days)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [(code, field)]
    if code == "CONFLICT":
        assert payload["errors"][0]["currentVersion"] == (1 if len(days) == 2 else None)
