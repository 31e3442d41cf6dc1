"""The calendar that a school year starts with, before holidays are entered."""

import datetime
from collections.abc import Iterator

from models import CalendarDayKind


def ordinary_days(
    first: datetime.date, last: datetime.date, working_days: int
) -> Iterator[tuple[datetime.date, CalendarDayKind]]:
    """Every day from `first` to `last`: a lesson day on the first `working_days` days of the week from Monday on."""
    for number in range((last - first).days + 1):
        day = first + datetime.timedelta(number)
        instructional = day.isoweekday() <= working_days
        yield day, CalendarDayKind.INSTRUCTIONAL if instructional else CalendarDayKind.NON_INSTRUCTIONAL
