"""A small school whose attendance was counted by hand: the first two weeks of September 2025, Monday 1 to Saturday 13.

SHEET is its register. A cell is what was marked on that day: P present, L late (worth half), E excused, A absent, `.`
nothing; `A/P` is AM and PM apart. Days in front of it: `|` a lesson, `m` made up, `-` none (3 a holiday, 6 and 7 the
weekend, 11 without students). `t` says that the roster was taken, `t/.` in the morning alone, `.` that it was not.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    AttendanceSession,
    AttendanceStatus,
    CalendarDayKind,
    Course,
    EnrollmentStatus,
    GradeLevel,
    MeetingSessions,
    SchoolYear,
    Student,
)
from tests.factories import (
    create_attendance_code,
    create_calendar_day,
    create_course,
    create_school_year,
    create_student,
    enroll,
    mark_attendance,
    take_attendance,
)

SHEET = """
day              1    2    3    4    5    6    7    8    9   10   11   12   13
calendar         |    |    -    |    |    -    -    |    |    |    -    |    m
5A     taken     t    t    .    t    t    .    .    t    t    .    .    t    t
5A     Asha      P    P    .    P    L    .    .    E    A    .    .    P    .
5A     Bela      .    .    .    .    .    .    .    P    P    E    .    P    P
5A     Chen      P    P    .    A    P    .    .    P    .    .    .    .    .
5A     Dev       P    P    .    .    .    .    .    .    P    .    .    P    P
5A     Esha      P    P    .    A    .    .    .    .    .    .    .    .    .
5A     Faiz      A/P  P/.  .    P    P    .    .    P    P    .    .    P    P
5B     taken     t    t    .    t    t    .    .    t    t    t    .    t    t
5B     Esha      .    .    P    .    P    .    .    P    L    P    .    P    P
6A     taken     t/t  t/.  .    t    .    .    .    .    .    .    .    .    .
6A     Gita      P/L  A/.  .    P    .    .    .    .    .    .    .    .    .
Choir  taken     .    t/.  .    t    .    .    .    .    .    .    .    .    .
Choir  Gita      .    P/.  .    P    .    .    .    .    .    .    .    .    .
"""
# The spans of those who were not there all the time, both ends included: Bela joined late, Chen left, Dev came back,
# Esha went from 5A to 5B.
SPANS: dict[tuple[str, str], list[tuple[int, int | None]]] = {
    ("5A", "Bela"): [(8, None)],
    ("5A", "Chen"): [(1, 5)],
    ("5A", "Dev"): [(1, 2), (9, None)],
    ("5A", "Esha"): [(1, 4)],
    ("5B", "Esha"): [(5, None)],
}
PARTS = ("expected", "present", "late", "excused", "absent", "unmarked", "notTaken")
FIGURES = (*PARTS, "counted", "presentValue", "percentage")
# Counted by hand from the sheet. In 6A each half day is taken by itself; the choir meets on Tuesdays and Thursdays, in
# the morning; nobody attends 7A. The days outside of what was expected: Chen's 8, Esha's holiday, half of Gita's 4.
COUNTED = """
               expected present late excused absent unmarked notTaken counted presentValue percentage unexpected
5A     Asha           9       4    1       1      1        1        1       8          4.5      56.25          0
5A     Bela           5       4    0       1      0        0        0       4            4        100          0
5A     Chen           4       3    0       0      1        0        0       4            3         75          1
5A     Dev            6       5    0       0      0        0        1       5            5        100          0
5A     Esha           3       2    0       0      1        0        0       3            2      66.67          0
5A     Faiz           9       7    0       0    0.5      0.5        1       8            7       87.5          0
5A     -             36      25    1       2    3.5      1.5        3      32         25.5      79.69          1
5B     Esha           6       5    1       0      0        0        0       6          5.5      91.67          1
5B     -              6       5    1       0      0        0        0       6          5.5      91.67          1
6A     Gita           9     1.5  0.5       0    0.5        0      6.5     2.5         1.75         70          0
Choir  Gita         1.5       1    0       0      0        0      0.5       1            1        100        0.5
7A     -              0       0    0       0      0        0        0       0            0          -          0
-      Esha           9       7    1       0      1        0        0       9          7.5      83.33          1
-      Gita        10.5     2.5  0.5       0    0.5        0        7     3.5         2.75      78.57        0.5
"""
STATUSES = {
    "P": {"status": AttendanceStatus.PRESENT, "code": "PRESENT"},
    "L": {"status": AttendanceStatus.LATE, "code": "HALF"},
    "E": {"status": AttendanceStatus.EXCUSED, "code": "EXCUSED"},
    "A": {"status": AttendanceStatus.ABSENT, "code": "ABSENT"},
}
KINDS = {
    "|": CalendarDayKind.INSTRUCTIONAL,
    "m": CalendarDayKind.MAKE_UP,
    "-": CalendarDayKind.HOLIDAY,
}


def day(number: int) -> datetime.date:
    return datetime.date(2025, 9, number)


@dataclass
class Register:
    """The school of the sheet."""

    year: SchoolYear
    courses: dict[str, Course]
    students: dict[str, Student]


def counted() -> dict[tuple[str, str], dict[str, str | None]]:
    """The hand counts by course and student, `-` being all of them."""
    header, *lines = [line.split() for line in COUNTED.strip().splitlines()]
    return {
        (line[0], line[1]): {name: None if cell == "-" else cell for name, cell in zip(header, line[2:], strict=True)}
        for line in lines
    }


def _sessions(cell: str) -> list[tuple[str, AttendanceSession]]:
    """What a cell holds, each with its part of the day."""
    if "/" not in cell:
        return [(cell, AttendanceSession.FULL)] if cell != "." else []
    halves = zip(cell.split("/"), (AttendanceSession.AM, AttendanceSession.PM), strict=True)
    return [(mark, half) for mark, half in halves if mark != "."]


async def _courses(session: AsyncSession, school: Any, year: SchoolYear) -> dict[str, Course]:
    rows = (await session.scalars(select(GradeLevel).where(GradeLevel.institution_id == school.id))).all()
    levels = {level.code: level.id for level in rows}
    more: dict[str, dict[str, Any]] = {
        "6A": {"meeting_sessions": MeetingSessions.AM_PM},
        "Choir": {"meeting_sessions": MeetingSessions.AM, "meeting_days": [2, 4]},
    }
    found = {}
    for name in ("5A", "5B", "6A", "7A", "Choir"):
        placed = {"grade_level_id": levels[name[0]], "section": name[1]} if name != "Choir" else {}
        found[name] = await create_course(session, year, name=name, **placed, **more.get(name, {}))
    return found


async def _enroll(session: AsyncSession, register: Register, course: str, name: str) -> None:
    for first, last in SPANS.get((course, name), [(1, None)]):
        left = {"end_date": day(last), "drop_date": day(last), "drop_reason": "Left"} if last else {}
        status = EnrollmentStatus.DROPPED if last else EnrollmentStatus.ACTIVE
        student, taught = register.students[name], register.courses[course]
        await enroll(session, student, taught, begin_date=day(first), status=status, **left)


async def make_register(session: AsyncSession, school: Any) -> Register:
    """The school as the sheet has it, in the session's transaction."""
    year = await create_school_year(session, school)
    register = Register(year, await _courses(session, school, year), {})
    await create_attendance_code(
        session, school, code="HALF", label="Late", status=AttendanceStatus.LATE, present_value=Decimal("0.5")
    )
    for line in SHEET.strip().splitlines():
        await _line(session, school, register, line.split())
    return register


async def _line(session: AsyncSession, school: Any, register: Register, line: list[str]) -> None:
    cells = list(enumerate(line[-13:], 1))
    if line[0] == "day":
        return
    if line[0] == "calendar":
        for number, cell in cells:
            await create_calendar_day(session, register.year, date=day(number), kind=KINDS[cell])
        return
    course, name = register.courses[line[0]], line[1]
    if name != "taken":
        if name not in register.students:
            register.students[name] = await create_student(session, school, first_name=name)
        await _enroll(session, register, line[0], name)
    for number, cell in cells:
        for mark, part in _sessions(cell):
            values: dict[str, Any] = {"date": day(number), "session": part}
            if name == "taken":
                await take_attendance(session, course, **values)
            else:
                await mark_attendance(session, register.students[name], course, **values, **STATUSES[mark])
