"""The way of each student through the three years: spans at the school, and within a year spans in the class.

Most stay from the first to the last day. A few leave, leave and come back, are away for weeks, or change the section.
"""

import datetime
import random
from dataclasses import dataclass
from enum import Enum

from app.demo.calendar import DAY, Year
from app.demo.people import Student
from app.demo.plan import Plan
from app.demo.students import LEVELS
from models import EntryType, ExitReason, StudentStatus


class Event(Enum):
    NONE = 93.6
    LEFT = 1.8
    RETURNED = 0.8
    AWAY = 2.2
    MOVED = 1.6


EVENTS = tuple(Event)
WEIGHTS = tuple(event.value for event in EVENTS)
LEAVING = {
    ExitReason.TRANSFERRED: (45, "Went to another school"),
    ExitReason.MOVED: (30, "The family moved away"),
    ExitReason.WITHDRAWN: (15, "Taken out by the family"),
    ExitReason.DROPPED_OUT: (10, "Stopped coming"),
}
AWAY_REASONS = ("Long illness", "Family away for work", "Operation and recovery")
MOVED_REASON = "Changed to another section"
RETURNED_REASON = "Taken out by the family"


@dataclass(eq=False, slots=True)
class Stay:
    """A span at the school, both days inclusive; `exit_date` None while it lasts."""

    student: Student
    year: Year
    level: int
    entry_date: datetime.date
    entry_type: EntryType
    exit_date: datetime.date | None
    exit_reason: ExitReason | None
    id: int = 0


@dataclass(eq=False, slots=True)
class Presence:
    """A span in a class, both days inclusive; with `drop_reason` where it ended before its time."""

    student: Student
    begin: datetime.date
    end: datetime.date | None
    drop_reason: str | None = None
    other_section: bool = False


@dataclass(eq=False, slots=True)
class Career:
    stays: list[Stay]
    presences: dict[int, list[Presence]]


def _entry_type(student: Student, index: int) -> EntryType:
    if index == student.joined:
        return EntryType.NEW if student.joined == student.began else EntryType.TRANSFER
    repeating = student.levels.get(index - 1) == student.levels[index]
    return EntryType.OTHER if repeating else EntryType.PROMOTED


def _event_day(chance: random.Random, year: Year, begin: datetime.date, today: datetime.date) -> datetime.date | None:
    """A day after the first month of the span that leaves time to come back; None where there is none yet."""
    first, last = begin + 30 * DAY, min(year.end_date - 150 * DAY, today - DAY)
    if last < first:
        return None
    return first + chance.randint(0, (last - first).days) * DAY


def _whole(student: Student, year: Year, begin: datetime.date) -> tuple[Stay, Presence]:
    """The span of a year in which nothing happens."""
    level = student.levels[year.index]
    end = None if year.current else year.end_date
    reason = ExitReason.GRADUATED if level == LEVELS else ExitReason.COMPLETED
    stay = Stay(student, year, level, begin, _entry_type(student, year.index), end, None if year.current else reason)
    return stay, Presence(student, begin, end)


def _interrupted(
    chance: random.Random, event: Event, stay: Stay, presence: Presence, day: datetime.date, today: datetime.date
) -> tuple[list[Stay], list[Presence]]:
    """The year's spans when something happens on `day`; changes the two given."""
    student = stay.student
    later = Presence(student, day + chance.randint(18, 75) * DAY, presence.end)
    presence.end = day
    if event is Event.MOVED:
        presence.drop_reason, later.begin, later.other_section = MOVED_REASON, day + DAY, True
        return [stay], [presence, later]
    if event is Event.AWAY:
        presence.drop_reason = chance.choice(AWAY_REASONS)
        return [stay], [presence, later]
    back = Stay(student, stay.year, stay.level, later.begin, EntryType.RE_ENTRY, stay.exit_date, stay.exit_reason)
    stay.exit_date = day
    if event is Event.RETURNED:
        stay.exit_reason, presence.drop_reason = ExitReason.WITHDRAWN, RETURNED_REASON
        student.status = StudentStatus.ACTIVE if later.begin <= today else StudentStatus.INACTIVE
        return [stay, back], [presence, later]
    stay.exit_reason = chance.choices(list(LEAVING), [weight for weight, _ in LEAVING.values()])[0]
    presence.drop_reason = LEAVING[stay.exit_reason][1]
    student.status = StudentStatus.INACTIVE
    student.levels = {index: level for index, level in student.levels.items() if index <= stay.year.index}
    return [stay], [presence]


def _career(chance: random.Random, student: Student, years: list[Year], today: datetime.date) -> Career:
    career = Career([], {})
    for index in list(student.levels):
        if index not in student.levels:
            break
        year = years[index]
        begin = student.entry_date if index == student.joined else year.start_date
        stay, presence = _whole(student, year, begin)
        event = chance.choices(EVENTS, WEIGHTS)[0]
        day = None if event is Event.NONE else _event_day(chance, year, begin, today)
        stays, presences = [stay], [presence]
        if day is not None:
            stays, presences = _interrupted(chance, event, stay, presence, day, today)
        career.stays += stays
        career.presences[index] = presences
    if 2 not in student.levels:
        student.status = StudentStatus.INACTIVE
    return career


def make_careers(plan: Plan, years: list[Year], students: list[Student]) -> list[Career]:
    """One career a student, in their order; sets the students' status."""
    chance = plan.random("careers")
    return [_career(chance, student, years, plan.today) for student in students]
