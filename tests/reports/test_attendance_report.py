"""`attendanceReport`: newest day first, totals of each student with the days behind them, in few statements."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import resolvers.reports.attendance
from models import Role
from tests.conftest import Execute, School
from tests.factories import (
    create_calendar_day,
    create_course,
    create_school_year,
    create_student,
    enroll,
    gid,
    take_attendance,
)
from tests.reports.attendance_asking import SEPTEMBER, Eyes
from tests.reports.attendance_school import FIGURES, Register, counted, day

HAND = {key: {name: figures[name] for name in FIGURES} for key, figures in counted().items()}
SESSION = "date session outcome student { firstName }"
DOCUMENT = f"""query ($course: ID!, $from: Date!, $to: Date!) {{
    attendanceReport(course: $course, from: $from, to: $to) {{
        course {{ name }} from to through rule {{ policy }}
        total {{ {" ".join(FIGURES)} }}
        days {{ {SESSION} }}
        students {{ {" ".join(FIGURES)} student {{ firstName }} days {{ {SESSION} }} }}
    }} }}"""


def named(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["student"]["firstName"]: {name: row[name] for name in FIGURES} for row in rows}


async def test_a_course_in_two_weeks(execute: Execute, register: Register) -> None:
    found = (await execute(DOCUMENT, course=gid(register.courses["5A"]), **SEPTEMBER)).found["attendanceReport"]

    assert {name: found[name] for name in ("course", "from", "to", "through", "rule")} == {
        "course": {"name": "5A"},
        **SEPTEMBER,
        "through": "2025-09-30",
        "rule": {"policy": "TAKEN"},
    }
    assert found["total"] == HAND["5A", "-"]
    assert list(named(found["students"])) == ["Asha", "Bela", "Chen", "Dev", "Esha", "Faiz"]
    for name, figures in named(found["students"]).items():
        assert figures == HAND["5A", name], name


async def test_days_are_newest_first_then_by_first_name(execute: Execute, register: Register) -> None:
    found = (await execute(DOCUMENT, course=gid(register.courses["5A"]), **SEPTEMBER)).found["attendanceReport"]

    lines = [(each["date"], each["student"]["firstName"], each["session"]) for each in found["days"]]
    by_name = sorted(lines, key=lambda line: line[1:])
    assert lines == sorted(by_name, key=lambda line: line[0], reverse=True)
    assert lines[:4] == [("2025-09-13", name, "FULL") for name in ("Asha", "Bela", "Dev", "Faiz")]
    assert lines[-2:] == [("2025-09-01", "Faiz", "AM"), ("2025-09-01", "Faiz", "PM")]
    for each in found["students"]:
        assert each["days"] == [line for line in found["days"] if line["student"] == each["student"]]


async def test_an_empty_course_has_a_report_of_nothing(execute: Execute, register: Register) -> None:
    found = (await execute(DOCUMENT, course=gid(register.courses["7A"]), **SEPTEMBER)).found["attendanceReport"]

    assert (found["total"], found["days"], found["students"]) == (HAND["7A", "-"], [], [])


async def test_statements_are_as_many_for_one_as_for_forty(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    for number in (1, 2):
        await create_calendar_day(session, year, date=day(number))
    for size in (1, 40):
        course = await create_course(session, year)
        await take_attendance(session, course, date=day(1))
        students = [await create_student(session, school) for _ in range(size)]
        for student in students:
            await enroll(session, student, course)

        answer = await execute(DOCUMENT, course=gid(course), **SEPTEMBER)

        report = answer.found["attendanceReport"]
        assert len(report["students"]) == size
        assert report["total"]["unmarked"] == report["total"]["notTaken"] == str(size)
        # Whether the course is seen, the course, its total, its days, its students' totals, and the students.
        assert answer.statements == 6
        assert answer.students == {student.id for student in students}


async def test_everybody_gets_the_students_they_see(execute: Execute, register: Register, eyes: Eyes) -> None:
    whole = {name: figures for (course, name), figures in HAND.items() if course == "5A" and name != "-"}
    for role, viewer in eyes.viewers.items():
        answer = await execute(DOCUMENT, viewer=viewer, course=gid(register.courses["5A"]), **SEPTEMBER)
        family = role in (Role.GUARDIAN, Role.STUDENT)
        found = answer.found["attendanceReport"]
        assert named(found["students"]) == ({"Asha": whole["Asha"]} if family else whole), role
        assert found["total"] == HAND["5A", "Asha" if family else "-"]
        assert {each["student"]["firstName"] for each in found["days"]} == ({"Asha"} if family else set(whole))


async def test_a_hidden_course_is_like_none(execute: Execute, register: Register, eyes: Eyes) -> None:
    for role in (Role.TEACHER, Role.GUARDIAN, Role.STUDENT):
        for course in (gid(register.courses["6A"]), "crs_999999999"):
            answer = await execute(DOCUMENT, viewer=eyes.viewers[role], course=course, **SEPTEMBER)
            assert answer.found == {"attendanceReport": None}
            assert (answer.statements, answer.students) == (1, frozenset())


async def test_more_sessions_than_one_answer_holds_are_refused(
    execute: Execute, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 38 sessions of 5A are one too many for 37."""
    course = {"course": gid(register.courses["5A"]), **SEPTEMBER}
    monkeypatch.setattr(resolvers.reports.attendance, "MOST_SESSIONS", 38)
    assert len((await execute(DOCUMENT, **course)).found["attendanceReport"]["days"]) == 38
    monkeypatch.setattr(resolvers.reports.attendance, "MOST_SESSIONS", 37)

    answer = await execute(DOCUMENT, refused=True, **course)

    assert {error.message for error in answer.errors} == {
        "to: 2025-09-01 to 2025-09-30 has more than 37 expected sessions"
    }
