"""The import of a file of attendance marks: each school that knows its classes in a transaction of its own."""

import uuid
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.importing.attendance_marks import load_marks
from app.importing.attendance_table import MARKS
from app.importing.diagnostics import Broken, Findings, error
from app.importing.driver import Driver, driver_of, owner_connection
from app.importing.institutions import Target
from app.importing.loading import load_institution
from app.importing.package import single_file
from app.importing.placing import attribute
from app.importing.progress import Silent, Steps
from app.importing.report import Report
from app.importing.run import SYSTEM, Run, quoted
from app.importing.staging import make_table, stage
from app.importing.years import make_calendars
from app.urls import Urls

_CLASSES = f"""
CREATE TEMP TABLE t_class AS
SELECT DISTINCT m.classsourcedid AS class, k.institution_id, k.code, k.name
  FROM s_marks m LEFT JOIN (
       SELECT e.value, e.institution_id, i.code, i.name FROM external_id e JOIN institution i ON i.id = e.institution_id
        WHERE e.entity = 'course' AND e.system = '{SYSTEM}' AND {{chosen}}) k ON k.value = m.classsourcedid
 WHERE m.classsourcedid IS NOT NULL;
ANALYZE t_class;
"""
_LINES = "SELECT m.line, c.code AS school FROM s_marks m JOIN t_class c ON c.class = m.classsourcedid"


@dataclass(frozen=True)
class Options:
    """`rest`: who is not in the file was present, on all lesson days so far of the classes that are in it."""

    dry_run: bool = False
    institution: str | None = None
    rest: bool = False


async def _find_schools(driver: Driver, code: str | None, file: str, findings: Findings) -> list[Target]:
    """The institutions of the classes; a class that none knows or several know is an error of the file."""
    await driver.execute(_CLASSES.format(chosen="true" if code is None else f"i.code = {quoted(code)}"))
    strangers = await driver.fetch(
        "SELECT min(m.line) AS line, c.class, array_agg(DISTINCT c.code) AS codes FROM t_class c"
        " JOIN s_marks m ON m.classsourcedid = c.class GROUP BY c.class"
        " HAVING count(DISTINCT c.institution_id) <> 1 ORDER BY 1"
    )
    for line, value, codes in strangers:
        where: dict[str, Any] = {"column": "classSourcedId", "value": value}
        if codes == [None]:
            reason = f"no class of {code or 'any school'} has this sourcedId"
            findings.add(error("unknown_reference", reason, file, line, **where))
        else:
            reason = f"{' and '.join(codes)} have a class of this sourcedId; choose one by --institution"
            findings.add(error("ambiguous_institution", reason, file, line, **where))
    rows = await driver.fetch(
        "SELECT DISTINCT institution_id, code, name FROM t_class WHERE code IS NOT NULL ORDER BY code"
    )
    return [Target("", row["code"], row["name"], None, row["institution_id"]) for row in rows]


async def _make_partitions(driver: Driver, targets: list[Target]) -> None:
    """For the days of the file and of the school years that they are in; committed at once, before the long work."""
    await driver.execute(
        "SELECT make_attendance_partitions(least(min(m.date), min(y.start_date)),"
        " greatest(max(m.date), max(y.end_date)))"
        " FROM s_marks m LEFT JOIN school_year y ON m.date BETWEEN y.start_date AND y.end_date AND y.institution_id IN"
        f" ({', '.join(str(target.institution_id) for target in targets)}) WHERE NOT m.bad HAVING count(*) > 0"
    )


async def _load(run: Run, *, file: str, options: Options, steps: Steps) -> None:
    steps.begin(f"{run.code}: writing marks", 1)
    await make_calendars(run)
    await load_marks(run, file=file, rest=options.rest)
    steps.advance(1)


async def _import(connection: AsyncConnection, path: Path, options: Options, report: Report, steps: Steps) -> None:
    table = replace(MARKS, title=path.name)
    driver = await driver_of(connection)
    await make_table(driver, table)
    await stage(driver, table, single_file(path), report.findings, steps)
    unclear = Findings()
    targets = await _find_schools(driver, options.institution, table.file, unclear)
    codes = {target.code: target.code for target in targets}
    report.findings = await attribute(driver, report.findings, {table.file: _LINES}, codes)
    report.findings.extend(unclear)
    if report.findings.of(None):
        return
    if targets and not options.dry_run:
        await _make_partitions(driver, targets)
    for target in targets:
        report.institutions.append(
            await load_institution(
                connection,
                target,
                partial(_load, file=table.file, options=options, steps=steps),
                action="import.attendance",
                run_id=report.run_id,
                findings=report.findings,
                dry=options.dry_run,
            )
        )


async def import_attendance(
    urls: Urls, path: Path, options: Options | None = None, steps: Steps | None = None
) -> Report:
    """Import the marks of the file at `path`; what was wrong with it is in the report."""
    options = options or Options()
    report = Report(uuid.uuid4().hex, options.dry_run, Findings())
    try:
        async with owner_connection(urls) as connection:
            await _import(connection, path, options, report, steps or Silent())
    except Broken as broken:
        report.findings.add(broken.diagnostic)
    return report
