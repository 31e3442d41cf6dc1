"""Attendance against what was expected: equal to the hand counts of a small school, explained, bounded, and scoped."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceSession, EnrollmentStatus
from tests.conftest import Execute, School
from tests.factories import (
    create_calendar_day,
    create_course,
    create_school_year,
    create_student,
    enroll,
    gid,
    mark_attendance,
    take_attendance,
)
from tests.reports.attendance_asking import ASK, DAYS, SEPTEMBER, SUMMARY, asked
from tests.reports.attendance_school import PARTS, Register, counted, day

HAND = counted()


async def test_figures_are_those_of_the_hand_count(execute: Execute, register: Register) -> None:
    for (course, student), figures in HAND.items():
        answer = await execute(SUMMARY, **asked(register, course, student))

        assert answer.found["attendanceSummary"] == figures, (course, student)


async def test_the_days_behind_the_figures_add_up_to_them(execute: Execute, register: Register) -> None:
    for course, student in HAND:
        for policy in ("TAKEN", "MARKED", "EXPECTED"):
            found = (await execute(DAYS, **asked(register, course, student), policy=policy)).found["attendanceSummary"]
            days = found["explain"]["days"]

            def total(name: str, days: Any = days, **wanted: Any) -> Decimal:
                chosen = [each for each in days if wanted.items() <= each.items()]
                return sum((Decimal(each[name]) for each in chosen), Decimal(0))

            outcomes = ("PRESENT", "LATE", "EXCUSED", "ABSENT", "UNMARKED", "NOT_TAKEN")
            parts = {name: total("days", outcome=outcome) for name, outcome in zip(PARTS[1:], outcomes, strict=True)}
            assert {name: Decimal(found[name]) for name in parts} == parts
            assert Decimal(found["expected"]) == total("days") == sum(parts.values())
            assert Decimal(found["counted"]) == total("days", counted=True)
            assert Decimal(found["presentValue"]) == total("presentValue")


async def test_a_student_s_days_one_by_one(execute: Execute, register: Register) -> None:
    """Faiz was away for a morning, and half marked for another day; on the 10th nobody took the roster."""
    found = (await execute(DAYS, **asked(register, "5A", "Faiz"))).found["attendanceSummary"]["explain"]["days"]

    who = {"student": {"id": gid(register.students["Faiz"])}, "course": {"id": gid(register.courses["5A"])}}
    assert [each for each in found if {"student": each["student"], "course": each["course"]} != who] == []
    names = ("date", "session", "days", "outcome", "counted", "presentValue", "code")
    lines = [tuple(each[name] for name in names) for each in found]
    present = [(f"2025-09-{n:02}", "FULL", "1", "PRESENT", True, "1", "PRESENT") for n in (13, 12, 9, 8, 5, 4)]
    assert lines == [
        *present[:2],
        ("2025-09-10", "FULL", "1", "NOT_TAKEN", False, "0", None),
        *present[2:],
        ("2025-09-02", "AM", "0.5", "PRESENT", True, "0.5", "PRESENT"),
        ("2025-09-02", "PM", "0.5", "UNMARKED", True, "0", None),
        ("2025-09-01", "AM", "0.5", "ABSENT", True, "0", "ABSENT"),
        ("2025-09-01", "PM", "0.5", "PRESENT", True, "0.5", "PRESENT"),
    ]


@pytest.mark.parametrize(
    ("policy", "counted", "value", "percentage"),
    [("TAKEN", "8", "4.5", "56.25"), ("MARKED", "7", "4.5", "64.29"), ("EXPECTED", "9", "4.5", "50")],
)
async def test_what_the_percentage_is_of(
    execute: Execute, register: Register, policy: str, counted: str, value: str, percentage: str
) -> None:
    document = ASK % "counted presentValue percentage from to through rule { policy text }"

    found = (await execute(document, **asked(register, "5A", "Asha"), policy=policy)).found["attendanceSummary"]

    assert found["rule"].pop("text").startswith("Expected are the lesson days of the school's calendar")
    assert found == {
        "counted": counted,
        "presentValue": value,
        "percentage": percentage,
        "rule": {"policy": policy},
        **SEPTEMBER,
        "through": "2025-09-30",
    }


async def test_a_mark_without_a_roster_counts_where_marks_do(execute: Execute, register: Register) -> None:
    """Bela was excused in advance on the day whose roster was not taken."""
    document = ASK % "counted presentValue percentage"
    bela = asked(register, "5A", "Bela")

    found = [
        (await execute(document, **bela, policy=policy)).found["attendanceSummary"]
        for policy in ("TAKEN", "MARKED", "EXPECTED")
    ]

    assert [each["counted"] for each in found] == ["4", "5", "5"]
    assert [each["percentage"] for each in found] == ["100", "80", "80"]


async def test_what_is_to_come_is_not_expected_yet(session: AsyncSession, school: School, execute: Execute) -> None:
    """The suite's clock stands at noon of 20 November in the school's time zone; that day is expected already."""
    year, student = await create_school_year(session, school), await create_student(session, school)
    course = await create_course(session, year)
    await enroll(session, student, course)
    for number in (19, 20, 21):
        await create_calendar_day(session, year, date=datetime.date(2025, 11, number))
    document = ASK % "through expected notTaken percentage explain { days { date } }"

    async def found(first: str, last: str) -> Any:
        variables = {"course": gid(course), "from": first, "to": last}
        return (await execute(document, **variables)).found["attendanceSummary"]

    november = await found("2025-11-01", "2025-11-30")
    assert (november["through"], november["expected"], november["notTaken"]) == ("2025-11-20", "2", "2")
    assert [each["date"] for each in november["explain"]["days"]] == ["2025-11-20", "2025-11-19"]
    assert november["percentage"] is None
    december = await found("2025-12-01", "2025-12-31")
    assert (december["through"], december["expected"]) == (None, "0")


async def test_nobody_is_expected_while_the_enrolment_is_pending(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year, student = await create_school_year(session, school), await create_student(session, school)
    course = await create_course(session, year)
    span = await enroll(session, student, course, status=EnrollmentStatus.PENDING)
    await create_calendar_day(session, year, date=day(1))
    variables = {"course": gid(course), **SEPTEMBER}
    for status, expected in ((EnrollmentStatus.PENDING, "0"), (EnrollmentStatus.ACTIVE, "1")):
        span.status = status
        await session.flush()
        found = (await execute(ASK % "expected", **variables)).found["attendanceSummary"]
        assert found == {"expected": expected}


async def test_nobody_is_expected_once_retired(session: AsyncSession, school: School, execute: Execute) -> None:
    """From the day of retirement in the school's time zone, 00:30 on the 3rd in UTC being still that day."""
    year, student = await create_school_year(session, school), await create_student(session, school)
    course = await create_course(session, year)
    await enroll(session, student, course)
    for number in (1, 2, 3, 4):
        await create_calendar_day(session, year, date=day(number))
        await mark_attendance(session, student, course, date=day(number))
    variables = {"course": gid(course), **SEPTEMBER}
    document = ASK % "expected present unexpected"

    assert (await execute(document, **variables)).found["attendanceSummary"]["expected"] == "4"
    student.deleted_at = datetime.datetime(2025, 9, 2, 20, 0, tzinfo=datetime.UTC)
    await session.flush()
    found = (await execute(document, **variables)).found["attendanceSummary"]
    assert found == {"expected": "2", "present": "2", "unexpected": "2"}
    course.deleted_at = datetime.datetime(2025, 9, 1, 20, 0, tzinfo=datetime.UTC)
    await session.flush()
    found = (await execute(document, **variables)).found["attendanceSummary"]
    assert found == {"expected": "1", "present": "1", "unexpected": "3"}


async def test_statements_are_as_many_for_one_as_for_forty(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    for number in (1, 2):
        await create_calendar_day(session, year, date=day(number))
    for size in (1, 40):
        course = await create_course(session, year)
        await take_attendance(session, course, date=day(1))
        for _ in range(size):
            student = await create_student(session, school)
            await enroll(session, student, course)
            await mark_attendance(session, student, course, date=day(1))

        answer = await execute(DAYS, course=gid(course), **SEPTEMBER)

        found = answer.found["attendanceSummary"]
        assert (found["expected"], found["present"]) == (str(2 * size), str(size))
        assert len(found["explain"]["days"]) == 2 * size
        # The course, the figures, the days, and the students and courses of these.
        assert answer.statements == 5


@pytest.mark.parametrize(
    ("first", "last", "field", "says"),
    [
        ("2025-09-02", "2025-09-01", "to", "to: 2025-09-01 is before 2025-09-02, the first day"),
        ("2025-01-01", "2026-02-05", "to", "to: 2025-01-01 to 2026-02-05 are 401 days, more than 400"),
    ],
)
async def test_ranges_are_bounded(
    execute: Execute, register: Register, first: str, last: str, field: str, says: str
) -> None:
    variables = {"course": gid(register.courses["5A"]), "from": first, "to": last}

    answer = await execute(SUMMARY, refused=True, **variables)

    assert answer.refusal == ("BAD_USER_INPUT", field)
    assert answer.errors[0].message == says
    assert answer.statements == 0


async def test_the_longest_range_and_wrong_ids(execute: Execute, register: Register) -> None:
    course, student = gid(register.courses["5A"]), gid(register.students["Asha"])
    longest = {"from": "2025-01-01", "to": "2026-02-04"}
    assert (await execute(SUMMARY, course=course, **longest)).found["attendanceSummary"] == HAND["5A", "-"]
    nobody = await execute(SUMMARY, refused=True, **longest)
    assert nobody.refusal == ("BAD_USER_INPUT", "student")
    for wrong, field in (({"course": student}, "course"), ({"student": course}, "student")):
        answer = await execute(SUMMARY, refused=True, **wrong, **longest)
        assert answer.refusal == ("BAD_USER_INPUT", field)


async def test_a_mark_of_the_other_half_is_not_expected(
    session: AsyncSession, school: School, execute: Execute, register: Register
) -> None:
    """The choir meets in the morning: an afternoon's mark is told, and counted nowhere."""
    gita, choir = register.students["Gita"], register.courses["Choir"]
    await mark_attendance(session, gita, choir, date=day(9), session=AttendanceSession.PM)

    found = (await execute(SUMMARY, **asked(register, "Choir", "Gita"))).found["attendanceSummary"]

    assert found == {**HAND["Choir", "Gita"], "unexpected": "1"}
