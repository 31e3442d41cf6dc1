"""Who was in which course on a day, on the register that was counted by hand."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import resolvers.reports.rosters
from models import EnrollmentStatus, Role
from tests.conftest import Execute, School
from tests.factories import create_course, create_school_year, create_student, enroll, gid
from tests.reports.attendance_asking import Eyes
from tests.reports.attendance_school import Register, day

ROSTERS = """query ($asOf: Date, $course: ID, $level: ID, $section: String) {
    rosters(asOf: $asOf, course: $course, gradeLevel: $level, section: $section) {
        asOf course { name } students { beginDate endDate student { firstName } enrollment { status } } } }"""
# By the day: Bela joins on the 8th, Chen leaves on the 5th, Dev on the 2nd to come back on the 9th, and Esha changes
# from 5A to 5B between the 4th and the 5th. The 3rd is a holiday, which changes nothing.
HAND = {
    1: (["Asha", "Chen", "Dev", "Esha", "Faiz"], []),
    2: (["Asha", "Chen", "Dev", "Esha", "Faiz"], []),
    3: (["Asha", "Chen", "Esha", "Faiz"], []),
    4: (["Asha", "Chen", "Esha", "Faiz"], []),
    5: (["Asha", "Chen", "Faiz"], ["Esha"]),
    6: (["Asha", "Faiz"], ["Esha"]),
    8: (["Asha", "Bela", "Faiz"], ["Esha"]),
    9: (["Asha", "Bela", "Dev", "Faiz"], ["Esha"]),
}


def names(found: Any) -> dict[str, list[str]]:
    return {each["course"]["name"]: [row["student"]["firstName"] for row in each["students"]] for each in found}


async def of_day(execute: Execute, number: int, **more: Any) -> dict[str, list[str]]:
    return names((await execute(ROSTERS, asOf=str(day(number)), **more)).found["rosters"])


async def test_rosters_are_those_of_the_hand_count(execute: Execute, register: Register) -> None:
    for number, (a, b) in HAND.items():
        whole = {"5A": a, "5B": b, "6A": ["Gita"], "7A": [], "Choir": ["Gita"]}
        found = await of_day(execute, number)

        assert found == whole, number
        assert list(found) == list(whole)


async def test_a_course_a_level_or_a_section_can_be_asked_for(execute: Execute, register: Register) -> None:
    level = f"lvl_{register.courses['5A'].grade_level_id}"

    assert await of_day(execute, 5, course=gid(register.courses["5A"])) == {"5A": HAND[5][0]}
    assert await of_day(execute, 5, level=level) == {"5A": HAND[5][0], "5B": HAND[5][1]}
    assert await of_day(execute, 5, level=level, section="B") == {"5B": HAND[5][1]}
    assert list(await of_day(execute, 5, section="A")) == ["5A", "6A", "7A", "Choir"]
    assert await of_day(execute, 5, course="crs_1") == {}


async def test_a_roster_tells_the_span_that_one_is_on_it_by(execute: Execute, register: Register) -> None:
    """Dev came back: the first span was dropped, the second is open."""
    answer = await execute(ROSTERS, asOf="2025-09-02", course=gid(register.courses["5A"]))
    before = answer.found["rosters"][0]["students"][2]
    after = (await execute(ROSTERS, asOf="2025-09-09", course=gid(register.courses["5A"]))).found["rosters"][0]

    assert after["asOf"] == "2025-09-09"
    who = {"student": {"firstName": "Dev"}}
    dropped = {"beginDate": "2025-09-01", "endDate": "2025-09-02", "enrollment": {"status": "DROPPED"}}
    assert before == who | dropped
    came_back = {"beginDate": "2025-09-09", "endDate": None, "enrollment": {"status": "ACTIVE"}}
    assert after["students"][2] == who | came_back
    # The roster, its course, students and enrolments.
    assert answer.statements == 4
    assert answer.students == {register.students[name].id for name in HAND[2][0]}


async def test_a_course_has_rosters_in_its_year_alone(execute: Execute, register: Register) -> None:
    """Today, where no day is named: the suite's clock stands on 20 November 2025."""
    today = (await execute(ROSTERS)).found["rosters"]

    assert {each["asOf"] for each in today} == {"2025-11-20"}
    assert names(today)["5A"] == ["Asha", "Bela", "Dev", "Faiz"]
    for date in (register.year.start_date - datetime.timedelta(1), register.year.end_date + datetime.timedelta(1)):
        assert (await execute(ROSTERS, asOf=str(date))).found["rosters"] == []


async def test_who_is_pending_or_retired_is_on_none(session: AsyncSession, school: School, execute: Execute) -> None:
    """Retired from the day in the school's time zone: 20:00 of the 2nd in UTC is the 3rd there."""
    year = await create_school_year(session, school)
    course, gone = [await create_course(session, year, name=name) for name in ("History", "Latin")]
    retired, pending = [await create_student(session, school, first_name=name) for name in ("Ira", "Jay")]
    for taught in (course, gone):
        await enroll(session, retired, taught)
        await enroll(session, pending, taught, status=EnrollmentStatus.PENDING)
    retired.deleted_at = datetime.datetime(2025, 9, 2, 20, 0, tzinfo=datetime.UTC)
    gone.deleted_at = datetime.datetime(2025, 9, 1, 20, 0, tzinfo=datetime.UTC)
    await session.flush()

    assert await of_day(execute, 1) == {"History": ["Ira"], "Latin": ["Ira"]}
    assert await of_day(execute, 2) == {"History": ["Ira"]}
    assert await of_day(execute, 3) == {"History": []}


async def test_rosters_are_of_the_students_one_sees(execute: Execute, register: Register, eyes: Eyes) -> None:
    for role, viewer in eyes.viewers.items():
        found = await of_day(execute, 4, viewer=viewer)
        if role in (Role.GUARDIAN, Role.STUDENT):
            assert found == {"5A": ["Asha"]}
        elif role is Role.TEACHER:
            assert found == {"5A": HAND[4][0]}
        else:
            assert list(found) == ["5A", "5B", "6A", "7A", "Choir"]


async def test_rosters_that_are_too_long_are_refused(
    execute: Execute, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolvers.reports.rosters, "MOST_ROWS", 8)
    assert len(await of_day(execute, 4)) == 5
    monkeypatch.setattr(resolvers.reports.rosters, "MOST_ROWS", 7)

    answer = await execute(ROSTERS, refused=True, asOf="2025-09-04")

    assert answer.refusal == ("BAD_USER_INPUT", "gradeLevel")
    wrong = await execute(ROSTERS, refused=True, course=gid(register.students["Asha"]))
    assert (wrong.refusal, wrong.statements) == (("BAD_USER_INPUT", "course"), 0)
