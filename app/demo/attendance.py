"""Attendance: which rosters are taken, newest day first until there is enough, and what stands in them.

Rosters are taken on lesson days before today. A few are forgotten, so that *not taken* occurs.
"""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.demo.calendar import Day, Year
from app.demo.columns import Columns, Piece, paged
from app.demo.courses import Course
from app.demo.people import Student
from app.demo.plan import Plan, at
from models import AttendanceSession, AttendanceStatus, MeetingSessions

FORGOTTEN = 0.015
PRESENT, LATE, EXCUSED, ABSENT = (status.value for status in AttendanceStatus)
STATUSES = (PRESENT, LATE, EXCUSED, ABSENT)
EXCUSES = ("Fever", "Medical appointment", "Family function", "Stomach ache", "Bereavement in the family", "Travel")
DELAYS = ("Bus was late", "Overslept", "Traffic", "Medical appointment")
FULL_DAY, HALF_DAYS = (AttendanceSession.FULL,), (AttendanceSession.AM, AttendanceSession.PM)
NAMES = "date student_id course_id session status code reason minutes_late recorded_by_id semester_id school_year_id"


@dataclass(eq=False, slots=True)
class Roll:
    """The days on which a course's roster was taken, in order, and the sessions of each."""

    course: Course
    sessions: tuple[AttendanceSession, ...]
    days: list[Day] = field(default_factory=list)
    rows: int = 0


@dataclass(eq=False, slots=True)
class Taken:
    course: Course
    date: datetime.date
    session: AttendanceSession
    taken_at: datetime.datetime
    id: int = 0


def _newest_first(years: list[Year], today: datetime.date) -> Iterator[Day]:
    for year in reversed(years):
        yield from (day for day in reversed(year.lessons) if day.date < today)


def _roll(course: Course) -> Roll:
    return Roll(course, HALF_DAYS if course.meeting_sessions is MeetingSessions.AM_PM else FULL_DAY)


def plan_rolls(plan: Plan, years: list[Year], courses: list[Course]) -> list[Roll]:
    """Rolls with `plan.attendance` rows for each student on average, if there are days enough."""
    chance = plan.random("rolls")
    rolls = [_roll(course) for course in courses]
    wanted = plan.attendance * plan.students
    for day in _newest_first(years, plan.today):
        for roll in rolls:
            if wanted <= 0:
                break
            if roll.course.year is day.year and chance.random() >= FORGOTTEN:
                rows = len(roll.sessions) * sum(each.covers(day.date) for each in roll.course.enrollments)
                roll.days.append(day)
                roll.rows += rows
                wanted -= rows
    for roll in rolls:
        roll.days.reverse()
    return [roll for roll in rolls if roll.rows]


def taken(rolls: list[Roll]) -> list[Taken]:
    hours = {AttendanceSession.FULL: 9, AttendanceSession.AM: 9, AttendanceSession.PM: 13}
    return [
        Taken(roll.course, day.date, session, at(day.date, hours[session], (roll.course.id + day.date.day) % 30))
        for roll in rolls
        for day in roll.days
        for session in roll.sessions
    ]


def _statuses(chance: random.Random, student: Student, count: int) -> list[str]:
    """One status a session; an excuse often lasts a second day."""
    care = student.care
    away = 1 - care
    bounds = (care, care + away * 0.4, care + away * 0.75, 1.0)
    drawn = chance.choices(STATUSES, cum_weights=bounds, k=count)
    for place in range(1, count):
        if drawn[place - 1] == EXCUSED and drawn[place] == PRESENT and chance.random() < 0.4:
            drawn[place] = EXCUSED
    return drawn


def _reason(chance: random.Random, status: str) -> str | None:
    if status == EXCUSED:
        return chance.choice(EXCUSES)
    return chance.choice(DELAYS) if status == LATE and chance.random() < 0.5 else None


def _piece(chance: random.Random, roll: Roll, student: Student, days: list[Day], session: str) -> Piece:
    """All rows of one student in one session of a course."""
    statuses = _statuses(chance, student, len(days))
    lists: dict[str, Sequence[object]] = {
        "date": [day.date for day in days],
        "semester_id": [day.semester.id for day in days],
        "status": statuses,
        "code": statuses,
        "reason": [None if status == PRESENT else _reason(chance, status) for status in statuses],
        "minutes_late": [chance.randint(3, 50) if status == LATE else None for status in statuses],
    }
    same = {
        "student_id": student.id,
        "course_id": roll.course.id,
        "session": session,
        "recorded_by_id": roll.course.teachers[0].user.id,
        "school_year_id": roll.course.year.id,
    }
    return len(days), lists, same


def _pieces(chance: random.Random, rolls: list[Roll]) -> Iterator[Piece]:
    for roll in rolls:
        for enrollment in roll.course.enrollments:
            days = roll.days
            if not (enrollment.covers(days[0].date) and enrollment.covers(days[-1].date)):
                days = [day for day in days if enrollment.covers(day.date)]
            for session in roll.sessions:
                yield _piece(chance, roll, enrollment.student, days, session.value)


def attendance_pages(plan: Plan, rolls: list[Roll]) -> Iterator[Columns]:
    """The rows of all rolls; objects must have their ids."""
    return paged(NAMES, _pieces(plan.random("attendance"), rolls))
