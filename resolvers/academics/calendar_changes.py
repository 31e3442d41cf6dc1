"""Days of the calendar that differ from ordinary ones: holidays, days that make up for others, and the like."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import CalendarDay, SchoolYear
from resolvers.academics.calendar_days import check_lessons, days_of, taken_days, tell
from resolvers.checking import check_values, tidied
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid, within
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

MOST = 400

keep({"uq_calendar_day_institution_id_date": Rule(Conflict, "date", "is in the calendar already")})


@dataclass(frozen=True)
class Written:
    """How many days of a school year were added, changed, or so already."""

    school_year: int
    added: int
    changed: int
    unchanged: int


async def set_calendar_days(context: Context, *, school_year: int, days: Sequence[Mapping[str, Any]]) -> Written:
    """Say of days what they are; each whose version is given must still have it."""
    if len(days) > MOST:
        raise Invalid(f"days: {len(days)} are too many, at most {MOST} are written at once", field="days")
    async with context.change("calendar.set_days", id=school_year) as change:
        year = await change.one(SchoolYear, school_year, field="schoolYear")
        there = await days_of(change, year)
        given = [tidied(day) for day in days]
        await _check_days(change, year, there, given)
        new = [_new(year, day) for day in given if day["date"] not in there]
        known = [_known(there[day["date"]], day) for day in given if day["date"] in there]
        await change.insert_rows(CalendarDay, new)
        changed = len(await change.update_rows(CalendarDay, known))
        tell(change, year, "set_days", len(new) + changed)
    return Written(school_year, len(new), changed, len(known) - changed)


def _new(year: SchoolYear, day: Mapping[str, Any]) -> dict[str, Any]:
    return {"school_year_id": year.id, "date": day["date"], "kind": day["kind"], "note": day.get("note")}


def _known(row: CalendarDay, day: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row.id, "kind": day["kind"], "note": day.get("note", row.note)}


async def _check_days(
    change: Change,
    year: SchoolYear,
    there: Mapping[datetime.date, CalendarDay],
    days: Sequence[Mapping[str, Any]],
) -> None:
    taken = await taken_days(change, year.start_date, year.end_date)
    checks = Checks()
    before: set[datetime.date] = set()
    for place, day in enumerate(days):
        with checks, within(f"days.{place}"):
            _check_day(year, there.get(day["date"]), day, before)
            if day["date"] in taken:
                check_lessons(there.get(day["date"]), day["kind"], day["date"])
        before.add(day["date"])
    checks.done()


def _check_day(year: SchoolYear, row: CalendarDay | None, day: Mapping[str, Any], before: set[datetime.date]) -> None:
    checks = Checks()
    check_values(CalendarDay, {name: day[name] for name in ("kind", "note") if name in day}, checks)
    if not year.start_date <= day["date"] <= year.end_date:
        span = f"{year.start_date} to {year.end_date}"
        checks.errors.append(Invalid(f"date: {day['date']} is not in the school year, {span}", field="date"))
    if day["date"] in before:
        checks.errors.append(Invalid(f"date: {day['date']} is given twice", field="date"))
    version = day.get("version")
    if version is not None and version != (row.version if row else None):
        known = {"record": row.id, "version": row.version} if row else {}
        text = "version: somebody else has changed the day: read it again"
        checks.errors.append(Conflict(text, field="version", **known))
    checks.done()


async def _rules(change: Change, row: CalendarDay, checks: Checks) -> None:
    with checks:
        if await taken_days(change, row.date, row.date):
            check_lessons(row, row.kind, row.date)


async def _leaving(change: Change, row: CalendarDay, checks: Checks) -> None:
    if await taken_days(change, row.date, row.date):
        checks.errors.append(Conflict(f"id: attendance was taken on {row.date}", field="id"))


CALENDAR_DAYS = Records(CalendarDay, rules=_rules, leaving=_leaving)
