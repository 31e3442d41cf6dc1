"""The calendars of the demo schools."""

import datetime
from itertools import pairwise

import pytest

from app.demo.calendar import festival, good_friday, school_years
from app.demo.plan import Plan
from models import CalendarDayKind

pytestmark = pytest.mark.any_database


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("today", "current"),
    [
        ("2026-11-21", "2026-2027"),
        ("2027-05-31", "2026-2027"),
        ("2027-06-01", "2027-2028"),
        ("2028-02-29", "2027-2028"),
        ("2027-01-01", "2026-2027"),
    ],
)
def test_today_is_in_the_last_of_three_years(today: str, current: str) -> None:
    years = school_years(Plan(day(today)))
    assert [year.current for year in years] == [False, False, True]
    assert years[-1].code == current
    assert years[-1].start_date <= day(today) <= years[-1].end_date


def test_years_and_semesters_follow_each_other_without_a_gap() -> None:
    years = school_years(Plan(day("2028-03-01")))
    parts = [semester for year in years for semester in year.semesters]
    assert [part.code for part in parts] == ["S1-2025", "S2-2025", "S1-2026", "S2-2026", "S1-2027", "S2-2027"]
    for before, after in pairwise(parts):
        assert after.start_date - before.end_date == datetime.timedelta(days=1)
    dates = [each.date for year in years for each in year.days]
    assert len(set(dates)) == len(dates) == (day("2028-06-01") - day("2025-06-01")).days


@pytest.mark.parametrize(
    ("year", "diwali"), [(2023, "2023-11-12"), (2024, "2024-11-01"), (2025, "2025-10-21"), (2026, "2026-11-08")]
)
def test_diwali_is_right_to_a_day(year: int, diwali: str) -> None:
    assert abs((festival(datetime.date(year, 6, 1)) - day(diwali)).days) <= 1


@pytest.mark.parametrize(
    ("year", "friday"), [(2024, "2024-03-29"), (2025, "2025-04-18"), (2026, "2026-04-03"), (2027, "2027-03-26")]
)
def test_good_friday(year: int, friday: str) -> None:
    assert good_friday(year) == day(friday)


def test_six_days_a_week_and_no_lessons_on_holidays() -> None:
    for year in school_years(Plan(day("2026-11-21"))):
        kinds = {each.date: each.kind for each in year.days}
        lessons = {each.date for each in year.lessons}
        for date, kind in kinds.items():
            if date.isoweekday() == 7:
                assert (kind is CalendarDayKind.MAKE_UP) == (date in lessons), date
        assert kinds[datetime.date(year.start_date.year, 8, 15)] is CalendarDayKind.HOLIDAY
        assert kinds[datetime.date(year.start_date.year, 12, 25)] is CalendarDayKind.HOLIDAY
        assert kinds[datetime.date(year.end_date.year, 5, 10)] is CalendarDayKind.NON_INSTRUCTIONAL
        assert 225 <= len(lessons) <= 265


def test_rain_is_not_known_ahead() -> None:
    lost = [
        each.date
        for year in school_years(Plan(day("2026-07-20")))
        for each in year.days
        if each.kind is CalendarDayKind.WEATHER
    ]
    assert lost
    assert max(lost) < day("2026-07-20")
