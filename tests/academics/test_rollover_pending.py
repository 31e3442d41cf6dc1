"""Enrolments that are PENDING when the next school year begins: whoever never took part is not counted after it."""

import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Enrollment, EnrollmentStatus, Semester
from tests.academics.rollover_school import MARKED, Years, apply, create_years, decide_all, plan
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_calendar_day, enroll, gid, take_attendance
from tests.mutating import done, mutate

FIGURES = """query ($course: ID!, $semester: ID!, $from: Date!, $to: Date!) {
    attendanceReport(course: $course, from: $from, to: $to) {
        total { expected unmarked } students { student { firstName } expected }
    }
    courseGradeMatrix(course: $course, semester: $semester) { classSize rows { student { firstName } } }
}"""


async def figures(session: AsyncSession, execute: Execute, made: Years, course: str) -> dict[str, Any]:
    semester = (await session.scalars(select(Semester).filter_by(school_year_id=made.ends.id))).one()
    days = {"from": str(made.ends.start_date), "to": str(made.ends.end_date)}
    answer = await execute(FIGURES, course=gid(made.courses[course]), semester=gid(semester), **days)
    return dict(answer.found)


async def planned(execute: Execute, made: Years) -> dict[str, Any]:
    await decide_all(execute, await plan(execute, made), made)
    return await plan(execute, made)


async def test_the_figures_of_the_old_year_stay(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Asha has music, and Chitra never began it."""
    made = await create_years(session, school)
    await create_calendar_day(session, made.ends, date=MARKED)
    await take_attendance(session, made.courses["Music I"], date=MARKED)
    before = await figures(session, execute, made, "Music I")
    assert before == {
        "attendanceReport": {
            "total": {"expected": "1", "unmarked": "1"},
            "students": [{"student": {"firstName": "Asha"}, "expected": "1"}],
        },
        "courseGradeMatrix": {"classSize": 1, "rows": [{"student": {"firstName": "Asha"}}]},
    }
    await apply(execute, await planned(execute, made))
    assert await figures(session, execute, made, "Music I") == before


async def test_what_has_an_end_already_or_begins_later_is_left_alone(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """The days between a first span that never began and the one that did are nobody's to fill."""
    made = await create_years(session, school)
    chitra, music, pending = made.students["Chitra"], made.courses["Music I"], EnrollmentStatus.PENDING
    first = (await session.scalars(select(Enrollment).filter_by(student_id=chitra.id, status=pending))).one()
    first.end_date = datetime.date(2024, 12, 31)
    await enroll(session, chitra, music, begin_date=datetime.date(2025, 1, 1))
    late = await enroll(
        session, made.students["Bala"], music, begin_date=made.ends.end_date + datetime.timedelta(1), status=pending
    )
    left = [(row.id, row.version, row.end_date, row.status) for row in (first, late)]
    async with audited(connections, school):
        operation = (await apply(execute, await planned(execute, made)))["operation"]
    for row in (first, late):
        await session.refresh(row)
    assert [(row.id, row.version, row.end_date, row.status) for row in (first, late)] == left
    assert (await done(execute, "undo", "restored", operation=operation))["restored"] == 24


async def test_who_is_to_begin_after_the_year_has_ended_is_told(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """The year was shortened after somebody had been enrolled."""
    made = await create_years(session, school)
    bala = made.students["Bala"]
    await enroll(session, bala, made.courses["Music I"], begin_date=made.ends.end_date + datetime.timedelta(1))
    ready = await planned(execute, made)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "applyRollover", "__typename", id=ready["id"], version=ready["version"])
    assert [(each["code"], each["field"], each["message"]) for each in payload["errors"]] == [
        (
            *("CONFLICT", ["id"]),
            "id: change these lines or enrolments first:"
            f" {bala.student_number}: is enrolled in Music I after 2024-2025 has ended",
        )
    ]
