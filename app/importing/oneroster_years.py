"""School years and their parts: from the package's sessions into the institution."""

from collections.abc import Collection

from app.importing.auditing import updated
from app.importing.merging import Merge, merge_rows, new, put
from app.importing.oneroster_sessions import FILE, Period, Sessions, Year
from app.importing.run import Run, Stopped, known

# Sessions that the school's rows name: those of its classes, of their courses, and of its line items.
_USED = f"""
SELECT DISTINCT x.session FROM t_class t JOIN s_classes c ON c.sourcedid = t.class,
       unnest(c.termsourcedids) x(session) WHERE t.school = :org
UNION
SELECT k.schoolyearsourcedid FROM t_class t JOIN s_classes c ON c.sourcedid = t.class
       JOIN s_courses k ON k.sourcedid = c.coursesourcedid
 WHERE t.school = :org AND coalesce(cardinality(c.termsourcedids), 0) = 0 AND k.schoolyearsourcedid IS NOT NULL
UNION
SELECT l.academicsessionsourcedid FROM t_line t JOIN s_lineitems l ON l.sourcedid = t.item
 WHERE t.school = :org AND l.academicsessionsourcedid IS NOT NULL
UNION
SELECT value FROM {known("school_year")} y
UNION
SELECT value FROM {known("semester")} p
"""

# A year that was made up from its parts is as long as all of them, also those of earlier imports.
_YEARS = Merge(
    "school_year",
    """
SELECT g.line, g.source, g.code, CASE WHEN g.source IS NULL THEN least(g.start_date, y.start_date) ELSE g.start_date END
       AS start_date, CASE WHEN g.source IS NULL THEN greatest(g.end_date, y.end_date) ELSE g.end_date END AS end_date
  FROM given_year g LEFT JOIN school_year y ON y.institution_id = :school AND y.code = g.code""",
    (put("code"), put("start_date"), put("end_date")),
    natural=("code",),
)

# A part names its year by the package's key, or by a year or part of an earlier import.
_PERIODS = Merge(
    "semester",
    f"""
SELECT g.line, g.source, y.id AS school_year_id, g.name, g.code, g.type, g.start_date, g.end_date,
       row_number() OVER (PARTITION BY y.id ORDER BY g.start_date, g.end_date DESC, g.line)::integer AS sequence
  FROM given_period g
  LEFT JOIN given_year gy ON gy.key = g.year
  LEFT JOIN {known("school_year")} ky ON ky.value = g.year
  LEFT JOIN {known("semester")} kp ON kp.value = g.year
  LEFT JOIN semester p ON p.institution_id = :school AND p.id = kp.record_id
  JOIN school_year y ON y.institution_id = :school
   AND (y.code = gy.code OR (gy.code IS NULL AND y.id = coalesce(ky.record_id, p.school_year_id)))""",
    (put("school_year_id"), put("name"), put("type"), put("start_date"), put("end_date"), new("code"), new("sequence")),
    natural=("code",),
)


def _chosen(sessions: Sessions, used: Collection[str]) -> list[Year]:
    """The years in use, then others of the package that overlap none of these: calendars differ between schools."""
    year_of = sessions.year_of()
    keys = {year_of.get(source, source) for source in used}
    chosen = [year for key, year in sessions.years.items() if key in keys]
    for key, year in sessions.years.items():
        if key not in keys and all(year.end < other.start or other.end < year.start for other in chosen):
            chosen.append(year)
    return chosen


async def _give(run: Run, years: list[Year], periods: list[Period]) -> None:
    await run.execute(
        "CREATE TEMP TABLE given_year (line integer, source text, key text, code text, start_date date,"
        " end_date date) ON COMMIT DROP"
    )
    await run.execute(
        "CREATE TEMP TABLE given_period (line integer, source text, year text, name text, code text, type text,"
        " start_date date, end_date date) ON COMMIT DROP"
    )
    rows = [(y.line, y.source, y.key, y.code, y.start, y.end) for y in years]
    await run.driver.copy_records_to_table("given_year", records=rows)
    parts = [(p.line, p.source, p.year, p.name, p.code, p.type, p.start, p.end) for p in periods]
    await run.driver.copy_records_to_table("given_period", records=parts)


# The school's years that the package has nothing of: neither by sourcedId nor, where one of the two has none, by code.
_OTHERS = f"""
(SELECT y.* FROM school_year y LEFT JOIN {known("school_year")} k ON k.record_id = y.id
  WHERE y.institution_id = :school AND NOT EXISTS (SELECT FROM given_year o
        WHERE o.source = k.value OR (o.code = y.code AND (o.source IS NULL OR k.value IS NULL))))"""


async def _check_years(run: Run) -> bool:
    """Whether a year is in the way of another, by its dates or by its code."""
    inside = "o.start_date <= g.end_date AND g.start_date <= o.end_date"
    overlapping = (
        f"SELECT g.line, g.start_date FROM given_year g WHERE EXISTS (SELECT FROM {_OTHERS} o WHERE {inside})"
        f" OR EXISTS (SELECT FROM given_year o WHERE o.key <> g.key AND {inside})"
    )
    alike = (
        f"SELECT g.line, g.code FROM given_year g WHERE EXISTS (SELECT FROM {_OTHERS} o WHERE o.code = g.code)"
        " OR EXISTS (SELECT FROM given_year o WHERE o.code = g.code AND o.line < g.line)"
    )
    reason = "overlaps another school year of this school"
    if await run.refuse("overlap", reason, FILE, "startDate", overlapping):
        return True
    reason = "the school has another school year of this code"
    return await run.refuse("name_taken", reason, FILE, "title", alike)


async def _check_periods(run: Run) -> None:
    await run.refuse(
        "outside_year",
        "is outside its school year",
        FILE,
        "startDate",
        "SELECT i.line, i.start_date FROM in_semester i JOIN school_year y ON y.institution_id = :school"
        " AND y.id = i.school_year_id WHERE i.start_date < y.start_date OR i.end_date > y.end_date",
    )


async def _number_periods(run: Run) -> None:
    """Where a year has got a new part, its parts are numbered by their dates again."""
    source = (
        "(SELECT id, row_number() OVER (PARTITION BY school_year_id ORDER BY start_date, end_date DESC, id)::integer"
        " AS sequence FROM semester WHERE institution_id = :school AND school_year_id IN"
        " (SELECT school_year_id FROM in_semester WHERE fresh))"
    )
    change = updated("semester", {"sequence": "i.sequence"}, source, "true")
    run.counts["semester"].updated += await run.execute(change)


async def load_years(run: Run, sessions: Sessions) -> None:
    """Years and parts; a year that was made up from its parts is known by its code alone."""
    used = [row[0] for row in await run.fetch(_USED)]
    years = _chosen(sessions, used)
    keys = {year.key for year in years}
    periods = [p for p in sessions.periods if p.year in keys or p.year not in sessions.years]
    await _give(run, years, periods)
    if await _check_years(run):
        raise Stopped
    await merge_rows(run, _YEARS)
    await merge_rows(run, _PERIODS)
    await _check_periods(run)
    await _number_periods(run)
