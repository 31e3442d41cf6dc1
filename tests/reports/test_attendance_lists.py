"""Statistics by level and section, chronic absence and rosters not taken."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import resolvers.reports.attendance_lists
from models import Role
from tests.conftest import Execute, School
from tests.factories import (
    create_calendar_day,
    create_course,
    create_grade_level,
    create_school_year,
    create_student,
    enroll,
    mark_attendance,
    take_attendance,
)
from tests.reports.attendance_asking import SEPTEMBER, Eyes
from tests.reports.attendance_school import FIGURES, Register, counted, day

HAND = {key: {name: figures[name] for name in FIGURES} for key, figures in counted().items()}
FAMILY = (Role.GUARDIAN, Role.STUDENT)
STATISTICS = f"""query ($from: Date!, $to: Date!) {{ attendanceStatistics(from: $from, to: $to) {{
    from to through rule {{ policy }}
    groups {{ gradeLevel {{ code }} section students {" ".join(FIGURES)} }} }} }}"""
CHRONIC = """query ($from: Date!, $to: Date!, $threshold: Decimal!, $least: Int!) {
    chronicAbsence(from: $from, to: $to, threshold: $threshold, minimumDays: $least) {
        threshold minimumDays rule { policy }
        students { student { firstName } counted presentValue missed missedPercentage percentage } } }"""
MISSING = """query ($date: Date!) {
    missingAttendance(date: $date) { course { name } session students marked } }"""


def placed(rows: Any) -> dict[tuple[str | None, str], Any]:
    """Students and figures by level and section."""
    return {
        (row["gradeLevel"] and row["gradeLevel"]["code"], row["section"]): (
            row["students"],
            {name: row[name] for name in FIGURES},
        )
        for row in rows
    }


async def test_statistics_are_those_of_the_hand_count(execute: Execute, register: Register) -> None:
    found = (await execute(STATISTICS, **SEPTEMBER)).found["attendanceStatistics"]

    groups = found.pop("groups")
    assert found == {**SEPTEMBER, "through": "2025-09-30", "rule": {"policy": "TAKEN"}}
    expected = {
        ("5", "A"): (6, HAND["5A", "-"]),
        ("5", "B"): (1, HAND["5B", "-"]),
        ("6", "A"): (1, HAND["6A", "Gita"]),
        (None, "A"): (1, HAND["Choir", "Gita"]),
    }
    assert placed(groups) == expected
    assert list(placed(groups)) == list(expected)


async def test_statistics_are_of_the_students_one_sees(
    execute: Execute, register: Register, eyes: Eyes, other_school: School
) -> None:
    for role, viewer in eyes.viewers.items():
        found = placed((await execute(STATISTICS, viewer=viewer, **SEPTEMBER)).found["attendanceStatistics"]["groups"])
        if role in FAMILY:
            assert found == {("5", "A"): (1, HAND["5A", "Asha"])}
        elif role is Role.TEACHER:
            assert found == {("5", "A"): (6, HAND["5A", "-"])}
        else:
            assert list(found) == [("5", "A"), ("5", "B"), ("6", "A"), (None, "A")]
    answer = await execute(STATISTICS, viewer=other_school.admin, **SEPTEMBER)
    assert answer.found["attendanceStatistics"]["groups"] == []


async def chronic(execute: Execute, threshold: str, least: int, **more: Any) -> list[tuple[str, str, str, str]]:
    answer = await execute(CHRONIC, threshold=threshold, least=least, **SEPTEMBER, **more)
    found = answer.found["chronicAbsence"]
    assert (found["threshold"], found["minimumDays"], found["rule"]) == (threshold, least, {"policy": "TAKEN"})
    names = ("counted", "missed", "missedPercentage")
    return [(each["student"]["firstName"], *(each[name] for name in names)) for each in found["students"]]


async def test_chronic_absence_is_that_of_the_hand_count(execute: Execute, register: Register) -> None:
    """All courses of a student together: Esha's of 5A and 5B, Gita's of 6A and the choir."""
    asha, chen, gita = ("Asha", "8", "3.5", "43.75"), ("Chen", "4", "1", "25"), ("Gita", "3.5", "0.75", "21.43")
    esha, faiz = ("Esha", "9", "1.5", "16.67"), ("Faiz", "8", "1", "12.5")

    assert await chronic(execute, "12.5", 0) == [asha, chen, gita, esha, faiz]
    assert await chronic(execute, "12.5", 5) == [asha, esha, faiz]
    assert await chronic(execute, "12.5", 8) == [asha, esha, faiz]
    assert await chronic(execute, "12.5", 9) == [esha]
    assert await chronic(execute, "12.51", 5) == [asha, esha]
    assert await chronic(execute, "43.76", 0) == []


async def test_chronic_absence_is_of_the_students_one_sees(execute: Execute, register: Register, eyes: Eyes) -> None:
    """A teacher sees the own course's share of it: of Esha in 5A a third was missed."""
    for role, viewer in eyes.viewers.items():
        found = [line[0] for line in await chronic(execute, "12.5", 0, viewer=viewer)]
        everybody = ["Asha", "Chen", "Gita", "Esha", "Faiz"]
        own = ["Asha", "Esha", "Chen", "Faiz"] if role is Role.TEACHER else ["Asha"]
        assert found == (own if role in (Role.TEACHER, *FAMILY) else everybody), role


@pytest.mark.parametrize(
    ("threshold", "least", "says"),
    [
        ("0", 0, [("threshold", "threshold: 0 is no percentage above 0, up to 100")]),
        ("100.01", 0, [("threshold", "threshold: 100.01 is no percentage above 0, up to 100")]),
        ("10", -1, [("minimumDays", "minimumDays: -1 is below 0")]),
    ],
    ids=["nothing", "too much", "negative"],
)
async def test_what_makes_no_sense_is_refused(
    execute: Execute, threshold: str, least: int, says: list[tuple[str, str]]
) -> None:
    answer = await execute(CHRONIC, threshold=threshold, least=least, **SEPTEMBER, refused=True)

    ((field, message),) = says
    assert answer.refusal == ("BAD_USER_INPUT", field)
    assert answer.errors[0].message == message
    assert answer.statements == 0


async def test_more_students_than_one_answer_holds_are_refused(
    execute: Execute, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolvers.reports.attendance_lists, "MOST_STUDENTS", 5)
    assert len(await chronic(execute, "12.5", 0)) == 5
    monkeypatch.setattr(resolvers.reports.attendance_lists, "MOST_STUDENTS", 4)

    answer = await execute(CHRONIC, threshold="12.5", least=0, **SEPTEMBER, refused=True)

    assert answer.refusal == ("BAD_USER_INPUT", "threshold")


async def missing(execute: Execute, number: int, **more: Any) -> list[tuple[str, str, int, int]]:
    answer = await execute(MISSING, date=str(day(number)), **more)
    names = ("session", "students", "marked")
    return [(each["course"]["name"], *(each[name] for name in names)) for each in answer.found["missingAttendance"]]


async def test_rosters_not_taken_are_told(execute: Execute, register: Register) -> None:
    """Bela was excused in advance; the choir meets on Tuesdays, the 3rd was a holiday, and nobody is in 7A."""
    halves = [("6A", "AM", 1, 0), ("6A", "PM", 1, 0)]

    assert await missing(execute, 10) == [("5A", "FULL", 4, 1), *halves]
    assert await missing(execute, 9) == [*halves, ("Choir", "AM", 1, 0)]
    assert await missing(execute, 2) == [("6A", "PM", 1, 0)]
    assert await missing(execute, 1) == await missing(execute, 3) == []


async def test_half_a_roster_may_be_missing(session: AsyncSession, school: School, execute: Execute) -> None:
    year, student = await create_school_year(session, school), await create_student(session, school)
    course = await create_course(session, year, name="History")
    await create_calendar_day(session, year, date=day(1))
    await enroll(session, student, course)
    await mark_attendance(session, student, course, date=day(1))
    assert await missing(execute, 1) == [("History", "FULL", 1, 1)]
    await take_attendance(session, course, date=day(1), session="AM")

    assert await missing(execute, 1) == [("History", "PM", 1, 1)]


async def test_nothing_is_missing_yet_of_days_to_come(session: AsyncSession, school: School, execute: Execute) -> None:
    """The suite's clock stands on 20 November."""
    year, student = await create_school_year(session, school), await create_student(session, school)
    await enroll(session, student, await create_course(session, year, name="History"))
    for number in (20, 21):
        await create_calendar_day(session, year, date=day(1).replace(month=11, day=number))

    for number, rows in ((20, 1), (21, 0)):
        found = (await execute(MISSING, date=f"2025-11-{number}")).found["missingAttendance"]
        assert len(found) == rows


async def test_who_is_told_of_rosters_not_taken(execute: Execute, register: Register, eyes: Eyes) -> None:
    for role, viewer in eyes.viewers.items():
        found = await missing(execute, 10, viewer=viewer)
        if role in FAMILY:
            assert found == []
        elif role is Role.TEACHER:
            assert found == [("5A", "FULL", 4, 1)]
        else:
            assert len(found) == 3


async def test_statements_are_as_many_for_one_as_for_forty(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    for number in (1, 2):
        await create_calendar_day(session, year, date=day(number))
    for size in (1, 39):
        for _ in range(size):
            level = await create_grade_level(session, school)
            course = await create_course(session, year, grade_level_id=level.id)
            await enroll(session, await create_student(session, school), course)
            await take_attendance(session, course, date=day(1))
        total = 1 if size == 1 else 40

        statistics = await execute(STATISTICS, **SEPTEMBER)
        absence = await execute(CHRONIC, threshold="10", least=1, **SEPTEMBER)
        untaken = await execute(MISSING, date="2025-09-02")

        assert len(statistics.found["attendanceStatistics"]["groups"]) == total
        assert len(absence.found["chronicAbsence"]["students"]) == len(absence.students) == total
        assert len(untaken.found["missingAttendance"]) == total
        # The figures, and what they are of.
        assert [statistics.statements, absence.statements, untaken.statements] == [2, 2, 2]
        assert statistics.students == untaken.students == frozenset()
