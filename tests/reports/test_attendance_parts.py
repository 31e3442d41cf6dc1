"""The parts of a summary add up to what was expected, whatever the school; and it is what counting one by one gives."""

import datetime
import random
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceSession, AttendanceStatus, CalendarDayKind, MeetingSessions
from tests.conftest import Execute, School
from tests.factories import (
    create_attendance_code,
    create_calendar_day,
    create_course,
    create_school_year,
    create_student,
    enroll,
    gid,
    mark_attendance,
    take_attendance,
)
from tests.reports.attendance_school import FIGURES, PARTS

pytestmark = pytest.mark.any_database

FIRST = datetime.date(2025, 9, 1)
DAYS = [FIRST + datetime.timedelta(number) for number in range(40)]
HALF = Decimal("0.5")
LESSONS = {CalendarDayKind.INSTRUCTIONAL, CalendarDayKind.MAKE_UP}
HALVES = {"FULL": ("AM", "PM"), "AM_PM": ("AM", "PM"), "AM": ("AM",), "PM": ("PM",)}
DOCUMENT = f"""query ($course: ID!, $from: Date!, $to: Date!, $policy: AttendancePolicy!) {{
    attendanceSummary(course: $course, from: $from, to: $to, policy: $policy) {{ {" ".join(FIGURES)} unexpected }}
    attendanceStatistics(from: $from, to: $to, policy: $policy) {{ groups {{ {" ".join(FIGURES)} students }} }} }}"""


@dataclass
class Plan:
    """A course by chance, as the rows of the tables, and how it is counted by going through it half day by half day."""

    chance: random.Random
    kinds: dict[datetime.date, CalendarDayKind | None]
    meeting_days: list[int] | None
    meeting: MeetingSessions
    values: dict[str, tuple[AttendanceStatus, Decimal]]
    spans: list[list[tuple[datetime.date, datetime.date | None]]] = field(default_factory=list)
    taken: set[tuple[datetime.date, str]] = field(default_factory=set)
    marks: dict[tuple[int, datetime.date, str], str] = field(default_factory=dict)

    def parts(self) -> list[str]:
        """A day as it is marked: whole, or in one half of it, or in both."""
        return self.chance.choice([["FULL"], ["FULL"], ["AM"], ["PM"], ["AM", "PM"]])

    def expects(self, student: int, day: datetime.date, half: str) -> bool:
        meets = self.meeting_days is None or day.isoweekday() in self.meeting_days
        inside = any(first <= day and (last is None or day <= last) for first, last in self.spans[student])
        return self.kinds[day] in LESSONS and meets and inside and half in HALVES[self.meeting.value]

    def count(self, first: datetime.date, last: datetime.date, policy: str) -> dict[str, str | None]:
        found: Counter[str] = Counter()
        value = Decimal(0)
        for student in range(len(self.spans)):
            for day in (day for day in DAYS if first <= day <= last):
                for half in ("AM", "PM"):
                    code = self.marks.get((student, day, half)) or self.marks.get((student, day, "FULL"))
                    taken = (day, half) in self.taken or (day, "FULL") in self.taken
                    value += self.counted(found, policy, self.expects(student, day, half), code, taken)
        counted = found["counted"]
        share = (100 * value / counted).quantize(Decimal("0.01"), ROUND_HALF_UP) if counted else None
        whole = {name: plain(found[name] * HALF) for name in (*PARTS, "counted", "unexpected")}
        return whole | {"presentValue": plain(value * HALF), "percentage": None if share is None else plain(share)}

    def students(self, first: datetime.date, last: datetime.date) -> int:
        """Of how many something was expected."""
        halves = [(day, half) for day in DAYS if first <= day <= last for half in ("AM", "PM")]
        return sum(any(self.expects(number, *each) for each in halves) for number in range(len(self.spans)))

    def counted(self, found: Counter[str], policy: str, expected: bool, code: str | None, taken: bool) -> Decimal:
        """Count one half day; its present value."""
        if not expected:
            found["unexpected"] += code is not None
            return Decimal(0)
        status = self.values[code][0].value.lower() if code else "unmarked" if taken else "notTaken"
        found.update(["expected", status])
        if not {"TAKEN": taken, "MARKED": code is not None, "EXPECTED": True}[policy]:
            return Decimal(0)
        found["counted"] += 1
        return self.values[code][1] if code else Decimal(0)


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def plan_of(chance: random.Random) -> Plan:
    kinds = [*[CalendarDayKind.INSTRUCTIONAL] * 5, *CalendarDayKind, None]
    status = list(AttendanceStatus)
    values = {f"X{n}": (chance.choice(status), Decimal(chance.randrange(10001)) / 10000) for n in range(5)}
    days = chance.choice([None, sorted(chance.sample(range(1, 8), chance.randint(1, 6)))])
    plan = Plan(chance, {day: chance.choice(kinds) for day in DAYS}, days, chance.choice(list(MeetingSessions)), values)
    for student in range(chance.randint(0, 4)):
        ends = sorted(chance.sample(DAYS, 4))
        last = chance.choice([ends[3], None])
        plan.spans.append(
            chance.choice([[(ends[0], ends[1]), (ends[2], last)], [(ends[0], last)], [(ends[1], ends[1])]])
        )
        for day in chance.sample(DAYS, 25):
            plan.marks |= {(student, day, part): chance.choice(list(values)) for part in plan.parts()}
    plan.taken = {(day, part) for day in chance.sample(DAYS, 25) for part in (*plan.parts(), *plan.parts())}
    return plan


async def write(session: AsyncSession, school: School, plan: Plan) -> Any:
    year = await create_school_year(session, school)
    for code, (status, value) in plan.values.items():
        await create_attendance_code(session, school, code=code, label=code, status=status, present_value=value)
    for day, kind in plan.kinds.items():
        if kind is not None:
            await create_calendar_day(session, year, date=day, kind=kind)
    course = await create_course(session, year, meeting_days=plan.meeting_days, meeting_sessions=plan.meeting)
    for day, part in plan.taken:
        await take_attendance(session, course, date=day, session=AttendanceSession[part])
    students = [await create_student(session, school) for _ in plan.spans]
    for student, spans in zip(students, plan.spans, strict=True):
        for first, last in spans:
            await enroll(session, student, course, begin_date=first, end_date=last)
    for (number, day, part), code in plan.marks.items():
        values = {"date": day, "session": AttendanceSession[part], "code": code, "status": plan.values[code][0]}
        await mark_attendance(session, students[number], course, **values)
    return course


@pytest.mark.parametrize("seed", range(12))
async def test_figures_are_those_of_counting_one_by_one(
    session: AsyncSession, school: School, execute: Execute, seed: int
) -> None:
    chance = random.Random(seed)
    plan = plan_of(chance)
    course = await write(session, school, plan)
    for policy in ("TAKEN", "MARKED", "EXPECTED"):
        first, last = sorted(chance.choices(DAYS, k=2))
        variables = {"course": gid(course), "from": first.isoformat(), "to": last.isoformat(), "policy": policy}

        answer = (await execute(DOCUMENT, **variables)).found
        found = answer["attendanceSummary"]

        assert found == plan.count(first, last, policy)
        there = plan.students(first, last)
        whole = [{name: found[name] for name in FIGURES} | {"students": there}] if there else []
        assert answer["attendanceStatistics"]["groups"] == whole
        assert sum(Decimal(found[name]) for name in PARTS[1:]) == Decimal(found["expected"])
        assert Decimal(found["presentValue"]) <= Decimal(found["counted"]) <= Decimal(found["expected"])
