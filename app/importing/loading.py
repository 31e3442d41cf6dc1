"""One institution, one transaction: it is written as a whole or, where an error is found, not at all."""

import datetime
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.importing.diagnostics import Diagnostic, Findings, error
from app.importing.driver import driver_of, transaction
from app.importing.institutions import Target, audit_new
from app.importing.report import InstitutionReport, Outcome
from app.importing.run import Run, Stopped
from app.importing.settings_of import setting
from resolvers.institution.institution import create_institution

# Whole sets are joined here, by hashing, which takes all equalities together. The planner would take a new institution
# for one of a few rows, and compare them one by one.
PLANNING = "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB'"

Load = Callable[[Run], Awaitable[None]]


class _Undo(Exception):
    """Leaves the transaction without a trace: a dry run, or an institution with errors."""


async def _begin(connection: AsyncConnection, target: Target, run_id: str, findings: Findings) -> Run:
    """The run of a target, whose institution is made where it is missing."""
    school, now = target.institution_id, datetime.datetime.now(datetime.UTC)
    if school is None:
        async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
            school = (await create_institution(session, target.code, target.name)).id
            await session.commit()
    driver = await driver_of(connection)
    await driver.execute(PLANNING)
    # Two imports into one school take turns.
    await driver.execute("SELECT pg_advisory_xact_lock(hashtextextended('import', $1))", school)
    run = Run(connection, driver, school, target.code, target.org, now.date(), run_id, findings)
    run.made = target.institution_id is None
    run.today = now.astimezone(ZoneInfo(await setting(run, "SCHOOL_TIMEZONE", "UTC"))).date()
    if run.made:
        await audit_new(run)
    return run


async def note_activity(run: Run, action: str) -> None:
    """One entry for the import, where it has changed anything."""
    counts = {table: vars(each) for table, each in sorted(run.counts.items()) if any(vars(each).values())}
    await run.driver.execute(
        "INSERT INTO activity_log (institution_id, action, details, actor_kind, request_id)"
        " VALUES ($1, $2, $3, 'IMPORT', $4)",
        run.school,
        action,
        orjson.dumps({"tables": counts}).decode(),
        run.run_id,
    )


def _refused(fault: asyncpg.PostgresError, code: str) -> Diagnostic:
    """What the database itself found wrong, which no check before has."""
    reason = f"the database refuses the rows of {code}: {fault.detail or fault.message}"
    return error("constraint", reason, value=fault.constraint_name, institution=code)


async def load_institution(
    connection: AsyncConnection, target: Target, load: Load, *, action: str, run_id: str, findings: Findings, dry: bool
) -> InstitutionReport:
    """Run `load` in a transaction of its own; a dry run does the same and rolls back."""
    report = InstitutionReport(target.code, target.name, Outcome.FAILED)
    try:
        async with transaction(connection):
            run = await _begin(connection, target, run_id, findings)
            await load(run)
            if run.changed:
                await note_activity(run, action)
            if dry or findings.of(target.code):
                raise _Undo
    except (_Undo, Stopped):
        pass
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as fault:
        findings.add(_refused(fault, target.code))
    if not findings.of(target.code):
        report.counts = dict(run.counts)
        report.outcome = Outcome.NO_CHANGE if not run.changed else Outcome.DRY_RUN if dry else Outcome.IMPORTED
    return report
