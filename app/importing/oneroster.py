"""The import of a OneRoster package: read and check all files, then each school in a transaction of its own.

What the package as a whole has wrong stops all of it; what a school's rows have wrong stops that school. Bulk and delta
differ in nothing but what may be missing: a record is taken away where a row says so, never because it is not there.
"""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from app.importing.diagnostics import Broken, Findings
from app.importing.driver import Driver, driver_of, owner_connection
from app.importing.institutions import Target, find_targets, remember
from app.importing.loading import load_institution
from app.importing.manifest import Manifest, read_manifest
from app.importing.oneroster_courses import load_courses
from app.importing.oneroster_deletions import delete_marked
from app.importing.oneroster_enrollments import load_enrollments, load_teachers
from app.importing.oneroster_marks import load_assessments, load_grades
from app.importing.oneroster_orgs import Org, read_schools
from app.importing.oneroster_people import find_people, load_guardians, load_links, load_staff
from app.importing.oneroster_places import LINES, place_rows
from app.importing.oneroster_scales import load_scales
from app.importing.oneroster_sessions import Session, Sessions, read_sessions
from app.importing.oneroster_spans import load_spans
from app.importing.oneroster_students import load_students, report_missing
from app.importing.oneroster_tables import LARGE, SMALL
from app.importing.oneroster_years import load_years
from app.importing.package import Package, open_package
from app.importing.placing import attribute
from app.importing.progress import Silent, Steps
from app.importing.references import find_dangling, find_duplicates
from app.importing.report import Report
from app.importing.run import Run
from app.importing.scale_settings import set_scale
from app.importing.settings_of import set_setting
from app.importing.staging import make_table, stage
from app.importing.years import choose_current_year, make_calendars
from app.urls import Urls

# Schools of OneRoster mostly have lessons from Monday to Friday, whatever a school set up by hand starts with.
NEW_WORKING_DAYS = 5

_MENTIONED = """
SELECT DISTINCT org FROM (
    SELECT schoolsourcedid FROM s_classes UNION SELECT orgsourcedid FROM s_roles
    UNION SELECT unnest(orgsourcedids) FROM s_users UNION SELECT primaryorgsourcedid FROM s_users
    UNION SELECT schoolsourcedid FROM s_enrollments) x(org) WHERE org IS NOT NULL"""


@dataclass(frozen=True)
class Options:
    """`institution` narrows the import to one code; `working_days` a week are stored as the school's setting."""

    dry_run: bool = False
    institution: str | None = None
    working_days: int | None = None


@dataclass
class _Content:
    """What the staged package holds beside its temporary tables."""

    targets: list[Target]
    sessions: Sessions
    present: frozenset[str]


async def _stage_all(
    driver: Driver, package: Package, manifest: Manifest, findings: Findings, steps: Steps
) -> frozenset[str]:
    present: set[str] = set()
    for table in (*SMALL, *LARGE):
        await make_table(driver, table)
        if manifest.holds(table.name) and table.file in package:
            columns = await stage(driver, table, package, findings, steps)
            present |= {f"{table.name}.{column}" for column in columns}
    return frozenset(present)


async def _orgs(driver: Driver) -> list[Org]:
    rows = await driver.fetch(
        "SELECT line, sourcedid, name, type, identifier, parentsourcedid FROM s_orgs WHERE NOT bad AND NOT gone"
        " ORDER BY line"
    )
    return [Org(*row) for row in rows]


async def _sessions(driver: Driver) -> list[Session]:
    rows = await driver.fetch(
        "SELECT line, sourcedid, title, type, startdate, enddate, parentsourcedid, schoolyear"
        " FROM s_academicsessions WHERE NOT bad AND NOT gone ORDER BY line"
    )
    return [Session(*row) for row in rows]


async def _look_through(
    driver: Driver, manifest: Manifest, present: frozenset[str], options: Options, findings: Findings
) -> tuple[_Content, Findings]:
    """Find the schools and what is wrong with the rows; the findings come back with their institutions."""
    await find_duplicates(driver, findings)
    await find_dangling(driver, manifest, findings)
    sessions = read_sessions(await _sessions(driver), findings)
    schools, org_school = read_schools(await _orgs(driver), findings)
    mentioned = [row[0] for row in await driver.fetch(_MENTIONED)]
    targets = await find_targets(driver, schools, mentioned, options.institution, findings)
    org_school |= {target.org: target.org for target in targets}
    known = {target.institution_id: target.org for target in targets if target.institution_id is not None}
    await place_rows(driver, org_school, known)
    placed = await attribute(driver, findings, LINES, {target.org: target.code for target in targets})
    return _Content(targets, sessions, present), placed


STEPS: tuple[tuple[str, Callable[[Run], Awaitable[None]]], ...] = (
    ("courses", load_courses),
    ("people", find_people),
    ("staff", load_staff),
    ("guardians", load_guardians),
    ("students", load_students),
    ("families", load_links),
    ("enrolments", load_enrollments),
    ("teachers", load_teachers),
    ("school years of students", load_spans),
    ("scales", load_scales),
    ("assessments", load_assessments),
    ("marks", load_grades),
    ("deletions", delete_marked),
    ("what is missing", report_missing),
)


async def _load(run: Run, *, content: _Content, options: Options, steps: Steps) -> None:
    run.present = content.present
    # The sourcedIds of what is refused, so that nobody misses it.
    await run.execute("CREATE TEMP TABLE unwritten (usr text) ON COMMIT DROP")
    await remember(run)
    working_days = options.working_days or (NEW_WORKING_DAYS if run.made else None)
    if working_days is not None:
        await set_setting(run, "WORKING_DAYS_PER_WEEK", str(working_days))
    if run.made:
        await set_scale(run)
    await load_years(run, content.sessions)
    await choose_current_year(run)
    await make_calendars(run)
    steps.begin(f"{run.code}: writing", len(STEPS))
    for _, load in STEPS:
        await load(run)
        steps.advance(1)


async def _import(
    connection: AsyncConnection, package: Package, options: Options, report: Report, steps: Steps
) -> None:
    driver = await driver_of(connection)
    manifest = read_manifest(package, report.findings)
    present = await _stage_all(driver, package, manifest, report.findings, steps)
    content, report.findings = await _look_through(driver, manifest, present, options, report.findings)
    if report.findings.of(None):
        return
    load = partial(_load, content=content, options=options, steps=steps)
    for target in content.targets:
        report.institutions.append(
            await load_institution(
                connection,
                target,
                load,
                action="import.oneroster",
                run_id=report.run_id,
                findings=report.findings,
                dry=options.dry_run,
            )
        )


async def import_oneroster(
    urls: Urls, path: Path, options: Options | None = None, steps: Steps | None = None
) -> Report:
    """Import the package at `path`, a zip or a folder; what was wrong with it is in the report."""
    options = options or Options()
    report = Report(uuid.uuid4().hex, options.dry_run, Findings())
    try:
        with open_package(path, report.findings) as package:
            async with owner_connection(urls) as connection:
                await _import(connection, package, options, report, steps or Silent())
    except Broken as broken:
        report.findings.add(broken.diagnostic)
    return report
