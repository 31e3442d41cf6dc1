"""Rules of belonging to the school: spans of a student do not overlap, each begins in its school year."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from models import SchoolEnrollment, SchoolYear
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

LEAVES_TOO_EARLY = Rule(Invalid, "exitDate", "is before the first day at the school")
NO_EXIT = Rule(Invalid, "exitDate", "must be given with a reason for leaving")
OVERLAPS = "begins a span that overlaps another one of the student"

keep(
    {
        "ck_school_enrollment_exit_after_entry": LEAVES_TOO_EARLY,
        "ck_school_enrollment_exit_with_date": NO_EXIT,
        "ex_school_enrollment_span": Rule(Conflict, "entryDate", OVERLAPS),
    }
)


async def current_year(change: Change, *, field: str = "schoolYear") -> int:
    """The key of the current school year; raises Invalid where there is none."""
    current = select(SchoolYear.id).where(SchoolYear.institution_id == change.institution_id, SchoolYear.current)
    key: int | None = await change.session.scalar(current)
    if key is None:
        raise Invalid(f"{field}: must be given: no school year is the current one", field=field)
    return key


async def span_values(change: Change, values: Mapping[str, Any], day: datetime.date) -> dict[str, Any]:
    """With the current school year where none is said, and then the day, but no day before the year's first.

    Raises Invalid where no year is current, NotFound where there is no such year.
    """
    found = {name: value for name, value in values.items() if value is not None}
    if "school_year" not in found:
        found["school_year"] = await current_year(change)
    if "entry_date" not in found:
        year = await change.seen(SchoolYear, found["school_year"], field="schoolYear")
        found["entry_date"] = max(day, year.start_date)
    return found


def _until(day: datetime.date | None) -> str:
    return "on" if day is None else f"to {day}"


async def _check_span(change: Change, row: SchoolEnrollment, checks: Checks) -> None:
    """That the student has no other span on one of these days."""
    last = row.exit_date or datetime.date.max
    other = SchoolEnrollment
    found = select(other).where(
        other.institution_id == change.institution_id,
        other.student_id == row.student_id,
        other.id.is_distinct_from(row.id),
        other.entry_date <= last,
        or_(other.exit_date.is_(None), other.exit_date >= row.entry_date),
    )
    for span in await change.session.scalars(found.order_by(other.entry_date).limit(1)):
        words = f"{OVERLAPS}, from {span.entry_date} {_until(span.exit_date)}"
        checks.errors.append(Rule(Conflict, "entryDate", words).error(row.entry_date))


async def _rules(change: Change, row: SchoolEnrollment, checks: Checks) -> None:
    year = await change.session.get_one(SchoolYear, (row.institution_id, row.school_year_id))
    if changes(row, "entry_date", "school_year_id") and not year.start_date <= row.entry_date <= year.end_date:
        words = f"is not in the school year {year.code}, from {year.start_date} to {year.end_date}"
        checks.errors.append(Rule(Invalid, "entryDate", words).error(row.entry_date))
    if row.exit_date is not None and row.exit_date < row.entry_date:
        checks.errors.append(LEAVES_TOO_EARLY.error(row.exit_date))
    elif changes(row, "entry_date", "exit_date"):
        await _check_span(change, row, checks)
    if row.exit_reason is not None and row.exit_date is None:
        checks.errors.append(NO_EXIT.error())


SCHOOL_ENROLLMENTS = Records(SchoolEnrollment, rules=_rules)
