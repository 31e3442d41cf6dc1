"""The calendar of a school year and which year is the current one, for imports of any kind."""

from app.importing.auditing import inserted, updated
from app.importing.run import Run
from app.importing.settings_of import set_setting, setting
from resolvers.academics.calendar import ordinary_days

DEFAULT_WORKING_DAYS = 6


async def make_calendars(run: Run) -> None:
    """Days for each school year that has none, by the setting WORKING_DAYS_PER_WEEK."""
    working_days = int(await setting(run, "WORKING_DAYS_PER_WEEK", str(DEFAULT_WORKING_DAYS)))
    years = await run.fetch(
        "SELECT id, start_date, end_date FROM school_year y WHERE institution_id = :school AND NOT EXISTS"
        " (SELECT FROM calendar_day d WHERE d.institution_id = y.institution_id AND d.school_year_id = y.id)"
    )
    if not years:
        return
    await run.execute("CREATE TEMP TABLE days (school_year_id bigint, date date, kind text) ON COMMIT DROP")
    for year_id, first, last in years:
        days = ordinary_days(first, last, working_days)
        records = [(year_id, day, kind.value) for day, kind in days]
        await run.driver.copy_records_to_table("days", records=records)
    rows = (
        "INSERT INTO calendar_day (institution_id, school_year_id, date, kind)"
        " SELECT :school, school_year_id, date, kind FROM days ORDER BY date RETURNING *"
    )
    run.counts["calendar_day"].inserted += await run.execute(inserted("calendar_day", rows))
    await run.execute("DROP TABLE days")


async def choose_current_year(run: Run) -> None:
    """Where no year is current, the one of today becomes it, else the latest; its code goes into the setting.

    A year that is current stays so: moving on to the next one is the school's decision.
    """
    chosen = await run.driver.fetchrow(
        run.sql(
            "SELECT id, code FROM school_year y WHERE institution_id = :school AND NOT EXISTS"
            " (SELECT FROM school_year WHERE institution_id = :school AND current)"
            " ORDER BY (:today BETWEEN start_date AND end_date) DESC, start_date DESC LIMIT 1"
        )
    )
    if chosen is None:
        return
    source = f"(SELECT {chosen['id']}::bigint AS id)"
    run.counts["school_year"].updated += await run.execute(updated("school_year", {"current": "true"}, source, "true"))
    await set_setting(run, "CURRENT_ACADEMIC_YEAR", chosen["code"])
