"""Rules of the parts of a school year: inside their year, with a window for grade entry."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_assessment,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    gid,
    mark_attendance,
)
from tests.mutating import mutate, refused

GOOD = {"name": "First", "code": "S1", "sequence": 1, "startDate": "2025-06-01", "endDate": "2025-10-31"}
OPENS, CLOSES = "2025-10-01T00:00:00Z", "2025-11-15T00:00:00Z"
Errors = list[tuple[str, list[str]]]
BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"startDate": "2025-05-31"}, [("BAD_USER_INPUT", ["startDate"])]),
    (
        {"startDate": "2026-05-01", "endDate": "2026-05-01"},
        [("BAD_USER_INPUT", [f"{x}Date"]) for x in ("start", "end")],
    ),
    ({"endDate": "2025-05-31"}, [("BAD_USER_INPUT", ["endDate"]), ("BAD_USER_INPUT", ["endDate"])]),
    ({"sequence": 0}, [("BAD_USER_INPUT", ["sequence"])]),
    ({"code": "TAKEN"}, [("CONFLICT", ["code"])]),
    ({"gradeEntryOpensAt": CLOSES, "gradeEntryClosesAt": OPENS}, [("BAD_USER_INPUT", ["gradeEntryClosesAt"])]),
    ({"gradeEntryOpensAt": CLOSES, "gradeEntryClosesAt": CLOSES}, [("BAD_USER_INPUT", ["gradeEntryClosesAt"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD)
async def test_a_part_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    year = await create_school_year(session, school)
    await create_semester(session, year, code="TAKEN")
    semester = await create_semester(session, year)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createSemester", **GOOD | {"schoolYear": gid(year)} | given) == errors
        assert await refused(execute, "updateSemester", **{"id": gid(semester), "version": 1} | given) == errors


async def test_closed_grade_entry_is_not_opened_by_a_change(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    closed = await create_semester(session, year, grade_entry_closes_at=NOW)
    async with audited(connections, school, nothing=True):
        for value in ("2026-01-01T00:00:00Z", None):
            given = {"id": gid(closed), "version": 1, "gradeEntryClosesAt": value}
            assert await refused(execute, "updateSemester", **given) == [("CONFLICT", ["gradeEntryClosesAt"])]
    async with audited(connections, school):
        payload = await mutate(execute, "updateSemester", "semester { name }", id=gid(closed), version=1, name="Old")
    assert payload == {"semester": {"name": "Old"}, "errors": []}


async def test_a_part_keeps_the_days_that_are_marked(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    semester = await create_semester(session, year)
    student, course = await create_student(session, school), await create_course(session, year)
    await mark_attendance(
        session, student, course, date=datetime.date.fromisoformat("2025-10-31"), semester_id=semester.id
    )
    async with audited(connections, school, nothing=True):
        given = {"id": gid(semester), "version": 1, "endDate": "2025-10-30"}
        assert await refused(execute, "updateSemester", **given) == [("CONFLICT", ["endDate"])]


async def test_a_part_keeps_the_days_of_its_assessments(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    await create_assessment(session, course, semester_id=semester.id, date=datetime.date.fromisoformat("2025-10-31"))
    async with audited(connections, school, nothing=True):
        given = {"id": gid(semester), "version": 1, "endDate": "2025-10-30"}
        assert await refused(execute, "updateSemester", **given) == [("CONFLICT", ["endDate"])]
