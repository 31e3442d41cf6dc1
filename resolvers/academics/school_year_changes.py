"""Rules of school years. One of them is current, and the setting CURRENT_ACADEMIC_YEAR says its code."""

from typing import Any

from sqlalchemy import select

from models import Attendance, CalendarDay, ConfigurationSetting, SchoolYear, Semester, SettingCategory
from resolvers.academics.spans import check_contents
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

ENDS_TOO_EARLY = Rule(Invalid, "endDate", "is not after the first day")
CURRENT = Rule(Conflict, "id", "it is the current school year: make another one current first")

keep(
    {
        "uq_school_year_institution_id_code": Rule(Conflict, "code", "is another school year's already"),
        "ix_school_year_institution_id_current": Rule(Conflict, "id", "another school year has just become current"),
        "ck_school_year_ends_after_start": ENDS_TOO_EARLY,
        "ex_school_year_dates": Rule(Conflict, "startDate", "begins a span that overlaps another school year"),
    }
)


async def _rules(change: Change, row: SchoolYear, checks: Checks) -> None:
    if row.end_date <= row.start_date:
        checks.errors.append(ENDS_TOO_EARLY.error(row.end_date))
    if row.id is None or not changes(row, "start_date", "end_date"):
        return
    semesters = Semester.school_year_id, Semester.start_date, Semester.end_date
    await check_contents(change, row, checks, *semesters, "semesters")
    days = CalendarDay.school_year_id, CalendarDay.date, CalendarDay.date
    await check_contents(change, row, checks, *days, "calendar")
    marks = Attendance.school_year_id, Attendance.date, Attendance.date
    await check_contents(change, row, checks, *marks, "attendance marks")


async def _leaving(_: Change, row: SchoolYear, checks: Checks) -> None:
    if row.current:
        checks.errors.append(CURRENT.error())


SCHOOL_YEARS = Records(SchoolYear, rules=_rules, leaving=_leaving)


async def _setting(change: Change) -> ConfigurationSetting:
    """The setting that names the current year, locked: whoever changes which year that is takes it first."""
    setting = select(ConfigurationSetting).where(
        ConfigurationSetting.institution_id == change.institution_id,
        ConfigurationSetting.category == SettingCategory.ACADEMIC,
        ConfigurationSetting.key == "CURRENT_ACADEMIC_YEAR",
    )
    return (await change.session.scalars(setting.with_for_update(key_share=True))).one()


async def update_school_year(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; the setting follows a new code of the current year."""
    async with context.change("school_year.update", id=id) as change:
        setting = await _setting(change)
        row = await SCHOOL_YEARS.find(change, id, version)
        if not await SCHOOL_YEARS.alter(change, row, values):
            change.withdraw()
        elif row.current:
            setting.value = row.code
    return id


async def set_current_school_year(context: Context, *, id: int, version: int) -> int:
    """Make a school year the current one, instead of the one that is."""
    async with context.change("school_year.set_current", id=id) as change:
        setting = await _setting(change)
        row = await SCHOOL_YEARS.find(change, id, version)
        if row.current and setting.value == row.code:
            change.withdraw()
        else:
            await make_current(change, row, setting)
    return id


async def make_current(change: Change, year: SchoolYear, setting: ConfigurationSetting | None = None) -> None:
    """Write the current flag and the setting together."""
    setting = setting or await _setting(change)
    others = select(SchoolYear).where(
        SchoolYear.institution_id == change.institution_id, SchoolYear.current, SchoolYear.id != year.id
    )
    for other in await change.session.scalars(others.with_for_update(key_share=True)):
        await SCHOOL_YEARS.alter(change, other, {"current": False})
    await SCHOOL_YEARS.alter(change, year, {"current": True})
    setting.value = year.code
