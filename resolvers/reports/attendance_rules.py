"""By what rule attendance is counted, and how long a range of days may be.

Everything is counted in days: AM and PM are half a day each, FULL is one. A session is expected of a student where

- the day is an INSTRUCTIONAL or MAKE_UP day of the calendar of the course's school year, not after today,
- the course meets on that day of the week and in that session,
- the student is enrolled in the course that day, both ends of the span included, whatever the enrolment's status is by
  now, since a drop ends the span that day; only where it is PENDING it has not begun, and
- neither the student nor the course had been retired by that day.
"""

import datetime
from dataclasses import dataclass

from models.base import Choice
from resolvers.context import Context
from resolvers.errors import Invalid

LONGEST = 400


class AttendancePolicy(Choice):
    TAKEN = "TAKEN", "Expected sessions whose roster was taken; what was not marked in one counts as not present."
    MARKED = "MARKED", "Expected sessions that were marked, whether or not the whole roster was taken."
    EXPECTED = "EXPECTED", "All expected sessions; what was not marked, or not taken, counts as not present."


class AttendanceOutcome(Choice):
    PRESENT = "PRESENT", "Marked as there."
    LATE = "LATE", "Marked as late."
    EXCUSED = "EXCUSED", "Marked as absent with an excuse."
    ABSENT = "ABSENT", "Marked as absent without an excuse."
    UNMARKED = "UNMARKED", "The roster was taken, and the student was not marked."
    NOT_TAKEN = "NOT_TAKEN", "The roster was not taken, and the student was not marked."


EXPECTATION = (
    "Expected are the lesson days of the school's calendar (INSTRUCTIONAL and MAKE_UP) up to today on which the course"
    " meets and the student is enrolled in it, first and last day included, other than PENDING; AM and PM are half a"
    " day each, FULL is one."
)
_COUNTED = {
    AttendancePolicy.TAKEN: "expected sessions whose roster was taken",
    AttendancePolicy.MARKED: "expected sessions that were marked",
    AttendancePolicy.EXPECTED: "all expected sessions",
}


def sentence(policy: AttendancePolicy) -> str:
    """The rule as people read it."""
    share = f"The percentage is the sum of the present values of the marks over {_COUNTED[policy]}"
    return f"{EXPECTATION} {share}, rounded half up to two decimals."


@dataclass(frozen=True)
class Days:
    """The days asked for, both ends included; `through` is the last one that may be counted, not after today."""

    since: datetime.date
    to: datetime.date
    through: datetime.date


def days_of(context: Context, since: datetime.date, to: datetime.date) -> Days:
    """Raises Invalid where the range is none, or too long."""
    if to < since:
        raise Invalid(f"to: {to} is before {since}, the first day", field="to")
    if (number := (to - since).days + 1) > LONGEST:
        raise Invalid(f"to: {since} to {to} are {number} days, more than {LONGEST}", field="to")
    return Days(since, to, min(to, context.viewer.today(context.now)))
