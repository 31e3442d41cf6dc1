"""Spans and sessions: what may follow, and what would be twice. Both ends of a span are inside."""

import datetime
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceSession, AttendanceStatus, Course, EnrollmentStatus, Role, Student
from tests.conftest import School
from tests.factories import (
    admit,
    create_course,
    create_school_year,
    create_student,
    create_user,
    enroll,
    give_role,
    mark_attendance,
)


def day(number: int, month: int = 9) -> datetime.date:
    return datetime.date(2025, month, number)


async def refusal(session: AsyncSession, attempt: Awaitable[Any]) -> str:
    """The constraint that stands in the way; the session goes on."""
    async with session.begin_nested() as savepoint:
        with pytest.raises(IntegrityError) as refused:
            await attempt
        await savepoint.rollback()
    assert refused.value.orig is not None
    return str(getattr(refused.value.orig.__cause__, "constraint_name", None))


@pytest.fixture
async def student(session: AsyncSession, school: School) -> Student:
    return await create_student(session, school)


@pytest.fixture
async def course(session: AsyncSession, school: School) -> Course:
    return await create_course(session, await create_school_year(session, school))


ROLE_SPANS: list[tuple[dict[str, Any], bool]] = [
    ({"end_date": day(9)}, False),
    ({"begin_date": day(21)}, False),
    ({"end_date": day(10)}, True),
    ({"begin_date": day(20)}, True),
    ({}, True),
    ({"role": Role.ADMIN}, False),
]


@pytest.mark.parametrize(("span", "overlaps"), ROLE_SPANS)
async def test_a_role_is_held_once_a_day(
    session: AsyncSession, school: School, span: dict[str, Any], overlaps: bool
) -> None:
    user = await create_user(session, school)
    await give_role(session, user, Role.TEACHER, begin_date=day(10), end_date=day(20))
    await give_role(session, await create_user(session, school), Role.TEACHER)
    again = give_role(session, user, **({"role": Role.TEACHER} | span))
    if overlaps:
        assert await refusal(session, again) == "ex_user_role_span"
    else:
        await again


DROPPED = {"status": EnrollmentStatus.DROPPED, "drop_reason": "Moved"}
OVERLAPPING: list[dict[str, Any]] = [
    {"begin_date": day(1), "end_date": day(10)},
    {"begin_date": day(20), "end_date": day(30)},
    {"begin_date": day(12), "end_date": day(13)},
    {"begin_date": day(1), "end_date": day(30)},
    {"begin_date": day(1)},
    {"begin_date": day(20)},
    {"begin_date": day(15), "status": EnrollmentStatus.PENDING},
    {"begin_date": day(15), "end_date": day(16), "drop_date": day(16)} | DROPPED,
]


@pytest.mark.parametrize("span", OVERLAPPING)
async def test_spans_in_one_course_do_not_overlap(
    session: AsyncSession, student: Student, course: Course, span: dict[str, Any]
) -> None:
    await enroll(session, student, course, begin_date=day(10), end_date=day(20))
    assert await refusal(session, enroll(session, student, course, **span)) == "ex_enrollment_span"


@pytest.mark.parametrize("span", [{"begin_date": day(1), "end_date": day(9)}, {"begin_date": day(21)}])
async def test_spans_may_touch(session: AsyncSession, student: Student, course: Course, span: dict[str, Any]) -> None:
    await enroll(session, student, course, begin_date=day(10), end_date=day(20))
    await enroll(session, student, course, **span)


async def test_others_and_other_courses_have_spans_of_their_own(
    session: AsyncSession, school: School, student: Student, course: Course
) -> None:
    await enroll(session, student, course)
    await enroll(session, await create_student(session, school), course)
    other = await create_course(session, await create_school_year(session, school, **EARLIER))
    await enroll(session, student, other)


EARLIER = {"code": "2024-2025", "start_date": day(1, 1), "end_date": day(31, 5), "current": False}


@pytest.mark.parametrize(
    ("entry", "exit_date", "overlaps"),
    [
        (day(1), day(9), False),
        (day(1), day(10), True),
        (day(20), None, True),
        (day(21), None, False),
        (day(15), day(15), True),
    ],
)
async def test_spans_of_belonging_do_not_overlap_whatever_the_year(
    session: AsyncSession,
    school: School,
    student: Student,
    entry: datetime.date,
    exit_date: datetime.date | None,
    overlaps: bool,
) -> None:
    year = await create_school_year(session, school)
    earlier = await create_school_year(session, school, **EARLIER)
    await admit(session, student, year, entry_date=day(10), exit_date=day(20))
    another = admit(session, student, earlier, entry_date=entry, exit_date=exit_date)
    if overlaps:
        assert await refusal(session, another) == "ex_school_enrollment_span"
    else:
        await another


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (day(1, 1), day(31, 5), False),
        (day(1, 1), day(1, 6), True),
        (datetime.date(2026, 4, 30), datetime.date(2026, 12, 31), True),
        (datetime.date(2026, 5, 1), datetime.date(2026, 12, 31), False),
    ],
)
async def test_school_years_do_not_overlap(
    session: AsyncSession, school: School, start: datetime.date, end: datetime.date, overlaps: bool
) -> None:
    """The first one is from the 1st of June to the 30th of April."""
    await create_school_year(session, school)
    another = create_school_year(session, school, code="X", start_date=start, end_date=end, current=False)
    if overlaps:
        assert await refusal(session, another) == "ex_school_year_dates"
    else:
        await another


AM, PM, FULL = AttendanceSession.AM, AttendanceSession.PM, AttendanceSession.FULL


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        (AM, PM, True),
        (PM, AM, True),
        (AM, AM, False),
        (PM, PM, False),
        (FULL, FULL, False),
        (FULL, AM, False),
        (FULL, PM, False),
        (AM, FULL, False),
        (PM, FULL, False),
    ],
)
@pytest.mark.parametrize(
    "date", [day(1), datetime.date(2011, 1, 1)], ids=["in a year's partition", "in the default one"]
)
async def test_a_whole_day_excludes_its_parts(
    session: AsyncSession,
    student: Student,
    course: Course,
    date: datetime.date,
    first: AttendanceSession,
    second: AttendanceSession,
    allowed: bool,
) -> None:
    await mark_attendance(session, student, course, date=date, session=first)
    another = mark_attendance(session, student, course, date=date, session=second)
    if allowed:
        await another
    else:
        assert "attendance_p" in await refusal(session, another)


async def test_a_mark_a_day_student_and_course(
    session: AsyncSession, school: School, student: Student, course: Course
) -> None:
    await mark_attendance(session, student, course)
    await mark_attendance(session, student, course, date=day(2))
    await mark_attendance(session, await create_student(session, school), course)


async def test_a_code_stands_for_its_status(session: AsyncSession, student: Student, course: Course) -> None:
    wrong = mark_attendance(session, student, course, status=AttendanceStatus.ABSENT, code="PRESENT")
    assert await refusal(session, wrong) == "fk_attendance_institution_id_code_status"
    unknown = mark_attendance(session, student, course, code="HERE")
    assert await refusal(session, unknown) == "fk_attendance_institution_id_code_status"
