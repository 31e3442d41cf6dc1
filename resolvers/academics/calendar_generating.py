"""The ordinary days of a school year's calendar, made at once; those that somebody has edited stay as they are."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from models import CalendarDay, CalendarDayKind, ExternalId, SchoolYear
from models.base import Choice
from resolvers.academics.calendar import ordinary_days
from resolvers.academics.calendar_days import days_of, taken_days, tell
from resolvers.context import Context
from resolvers.institution.school_settings import school_settings
from resolvers.unit_of_work import Change

WORKING_DAYS = "WORKING_DAYS_PER_WEEK"
ORDINARY = frozenset({CalendarDayKind.INSTRUCTIONAL, CalendarDayKind.NON_INSTRUCTIONAL})


class DayChange(Choice):
    ADDED = "ADDED", "The calendar had no such day."
    CHANGED = "CHANGED", "It was another ordinary day, which nobody had edited."


@dataclass(frozen=True)
class PlannedDay:
    """What generating makes of a day."""

    date: datetime.date
    kind: CalendarDayKind
    change: DayChange


@dataclass(frozen=True)
class Generated:
    """The days of a school year that generating writes, and how many stay as they are."""

    school_year: int
    days: Sequence[PlannedDay]
    kept: int
    dry_run: bool


async def _named(change: Change, year: SchoolYear) -> set[int]:
    """Days that other systems have names for."""
    found = select(CalendarDay.id).where(
        CalendarDay.institution_id == change.institution_id,
        CalendarDay.school_year_id == year.id,
        exists().where(
            ExternalId.institution_id == CalendarDay.institution_id,
            ExternalId.entity == CalendarDay.__tablename__,
            ExternalId.record_id == CalendarDay.id,
        ),
    )
    return set(await change.session.scalars(found))


async def generate_calendar(context: Context, *, school_year: int, dry_run: bool = False) -> Generated:
    """Make the days of a school year; those that somebody has edited stay as they are."""
    if dry_run:
        context.rehearse()
    async with context.change("calendar.generate", id=school_year) as change:
        year = await change.one(SchoolYear, school_year, field="schoolYear")
        there = await days_of(change, year)
        plan = await _plan(change, year, there)
        # Made anew, they count as days that nobody has edited.
        await change.delete_rows(CalendarDay, [{"id": there[each.date].id} for each in plan if each.date in there])
        rows = [{"school_year_id": year.id, "date": each.date, "kind": each.kind} for each in plan]
        await change.insert_rows(CalendarDay, rows)
        tell(change, year, "generate", len(plan))
    return Generated(school_year, plan, len(there.keys() - {each.date for each in plan}), dry_run)


async def _plan(change: Change, year: SchoolYear, there: Mapping[datetime.date, CalendarDay]) -> list[PlannedDay]:
    working_days = int((await school_settings(change, WORKING_DAYS))[WORKING_DAYS])
    taken, named = await taken_days(change, year.start_date, year.end_date), await _named(change, year)
    plan = []
    for day, ordinary in ordinary_days(year.start_date, year.end_date, working_days):
        kind, row = CalendarDayKind.INSTRUCTIONAL if day in taken else ordinary, there.get(day)
        if row is None:
            plan.append(PlannedDay(day, kind, DayChange.ADDED))
        elif row.kind is not kind and _unedited(row) and row.id not in named:
            plan.append(PlannedDay(day, kind, DayChange.CHANGED))
    return plan


def _unedited(row: CalendarDay) -> bool:
    return row.version == 1 and row.note is None and row.kind in ORDINARY
