"""What is asked for: how many students, marks and attendance rows, as of which day, and from which seed."""

import datetime
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")


@dataclass(frozen=True)
class Plan:
    """One school to be made. The same plan makes the same rows.

    `students` counts all students with a record, also those who left or finished in the last two years.
    `grades` and `attendance` are rows for each student on average, newest first; less where the years hold less.
    `today` is the last day known: nothing is marked on it or later. `place` is the school's place in its run, from 0.
    `first_start` tells that nobody asked for the school: the first start of the server made it.
    """

    today: datetime.date
    students: int = 500
    grades: int = 80
    attendance: int = 160
    seed: int = 7
    place: int = 0
    first_start: bool = False

    def __post_init__(self) -> None:
        for name, least in (("students", 1), ("grades", 0), ("attendance", 0), ("place", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: {getattr(self, name)} is less than {least}")

    def random(self, subject: str) -> random.Random:
        """The chance behind one subject, so that a change in one leaves the others as they were."""
        return random.Random(f"{self.seed}/{self.place}/{subject}")


def school_today() -> datetime.date:
    """Today in the time zone of the demo schools."""
    return datetime.datetime.now(ZONE).date()


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """An instant by the clock of the school."""
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
