"""Three school years with their semesters and days, holidays included.

A year runs from 1 June to 31 May, so that every day is inside one; lessons end with April's third week. Festivals that
follow the moon are placed by its mean motion: right to a day, for any year.
"""

import datetime
import random
from dataclasses import dataclass, field
from itertools import pairwise

from app.demo.plan import Plan
from models import CalendarDayKind

START_MONTH = 6
YEARS = 3
LESSON_KINDS = (CalendarDayKind.INSTRUCTIONAL, CalendarDayKind.MAKE_UP)
DAY = datetime.timedelta(days=1)
SUNDAY = 7
# A new moon of the year 2000 in days from day 1 of the calendar, and the mean time between two, in days.
NEW_MOON, MONTH = datetime.date(2000, 1, 6).toordinal() + 0.76, 29.530588853


@dataclass(eq=False)
class Semester:
    year: "Year"
    name: str
    code: str
    sequence: int
    start_date: datetime.date
    end_date: datetime.date
    id: int = 0


@dataclass(eq=False)
class Day:
    year: "Year"
    semester: Semester
    date: datetime.date
    kind: CalendarDayKind
    note: str | None
    id: int = 0


@dataclass(eq=False)
class Year:
    """`index` is 0, 1, 2; the last is the current one. `days` are all its days, `lessons` those with lessons."""

    index: int
    code: str
    start_date: datetime.date
    end_date: datetime.date
    current: bool
    semesters: list[Semester] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    lessons: list[Day] = field(default_factory=list)
    id: int = 0


def festival(start: datetime.date, days_from_new_moon: float = 0) -> datetime.date:
    """The day of the new moon between 17 October and 15 November after `start`, and so many days on."""
    first = datetime.date(start.year, 10, 17).toordinal()
    moon = NEW_MOON + MONTH * -((NEW_MOON - first) // MONTH)
    return datetime.date.fromordinal(int(moon + days_from_new_moon))


def good_friday(year: int) -> datetime.date:
    """Friday before Easter, by the Gregorian rule."""
    century, golden = year // 100, year % 19
    shift = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    shift -= (shift // 28) * (1 - (29 // (shift + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + shift + 2 - century + century // 4) % 7
    march_days = 28 + shift - weekday
    return datetime.date(year, 3, 1) + (march_days - 3) * DAY


def _holidays(start: datetime.date) -> dict[datetime.date, str]:
    this, following = start.year, start.year + 1
    diwali = festival(start)
    dussehra = diwali - 20 * DAY
    holidays = {
        datetime.date(this, 8, 15): "Independence Day",
        datetime.date(this, 10, 2): "Gandhi Jayanti",
        dussehra - DAY: "Ayudha Puja",
        dussehra: "Dussehra",
        diwali - DAY: "Diwali",
        diwali: "Diwali",
        diwali + DAY: "Diwali",
        datetime.date(following, 1, 14): "Makara Sankranti",
        datetime.date(following, 1, 26): "Republic Day",
        festival(start, 4.5 * MONTH): "Holi",
        good_friday(following): "Good Friday",
        datetime.date(following, 4, 14): "Ambedkar Jayanti",
    }
    for day in range(24, 32):
        holidays[datetime.date(this, 12, day)] = "Christmas holidays"
    return holidays


def _ordinary(
    date: datetime.date, year: Year, holidays: dict[datetime.date, str]
) -> tuple[CalendarDayKind, str | None]:
    if date in holidays:
        return CalendarDayKind.HOLIDAY, holidays[date]
    if (date.month, date.day) > (4, 20) and date.year == year.end_date.year:
        return CalendarDayKind.NON_INSTRUCTIONAL, "Summer holidays"
    if date.isoweekday() == SUNDAY:
        return CalendarDayKind.NON_INSTRUCTIONAL, None
    if date < year.start_date + 2 * DAY:
        return CalendarDayKind.TEACHER_ONLY, "Preparation of the school year"
    return CalendarDayKind.INSTRUCTIONAL, None


def _rain(year: Year, today: datetime.date, chance: random.Random) -> None:
    """One or two days lost to the monsoon, each made up on a Sunday three weeks later; none is known ahead."""
    known = [day for day in year.days if day.date.month in (7, 8) and day.date.year == year.start_date.year]
    lessons = [day for day in known if day.kind is CalendarDayKind.INSTRUCTIONAL and day.date < today]
    for lost in chance.sample(lessons, min(len(lessons), chance.randint(1, 2))):
        lost.kind, lost.note = CalendarDayKind.WEATHER, "Heavy rain"
        after = year.days[(lost.date - year.start_date).days + 21 :]
        sunday = next(
            day for day in after if day.date.isoweekday() == SUNDAY and day.kind is CalendarDayKind.NON_INSTRUCTIONAL
        )
        sunday.kind, sunday.note = CalendarDayKind.MAKE_UP, f"For {lost.date:%d-%m-%Y}"


def _semesters(year: Year) -> list[Semester]:
    turn = datetime.date(year.start_date.year, 11, 1)
    starts = [year.start_date, turn, year.end_date + DAY]
    return [
        Semester(year, f"{name} semester", f"S{number}-{year.start_date.year}", number, start, end - DAY)
        for number, (name, (start, end)) in enumerate(zip(("First", "Second"), pairwise(starts), strict=True), 1)
    ]


def _year(first: int, index: int) -> Year:
    start, end = datetime.date(first, START_MONTH, 1), datetime.date(first + 1, START_MONTH, 1) - DAY
    year = Year(index, f"{first}-{first + 1}", start, end, current=index == YEARS - 1)
    year.semesters = _semesters(year)
    holidays = _holidays(start)
    for number in range((end - start).days + 1):
        date = start + number * DAY
        semester = year.semesters[0] if date <= year.semesters[0].end_date else year.semesters[1]
        year.days.append(Day(year, semester, date, *_ordinary(date, year, holidays)))
    return year


def school_years(plan: Plan) -> list[Year]:
    """The year of `plan.today` and the two before it, oldest first."""
    last = plan.today.year if plan.today.month >= START_MONTH else plan.today.year - 1
    chance = plan.random("calendar")
    years = [_year(last - YEARS + 1 + index, index) for index in range(YEARS)]
    for year in years:
        _rain(year, plan.today, chance)
        year.lessons = [day for day in year.days if day.kind in LESSON_KINDS]
    return years
