"""Makes demo schools in the database: each in one transaction, as the owner of the tables.

The owner is exempt from the audit: one entry `demo.load` of the activity log says what was made.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.demo import academic_rows, people_rows
from app.demo.load import Connection, Loader
from app.demo.logins import Login, keep_logins, new_password
from app.demo.marks import marks_planned
from app.demo.pictures import give_pictures
from app.demo.plan import Plan, school_today
from app.demo.progress import Report, Silent
from app.demo.report_cards import publish_a_class_each
from app.demo.school import School, make_school
from app.key_file import load_keys
from app.migrations import make_partitions
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import ActivityEntry, ActorKind, Institution
from resolvers.identity.passwords import hash_password
from resolvers.institution.institution import create_institution
from resolvers.sealing import Sealer

CODE = "DEMO"
ACTION = "demo.load"
LOCK = 7304217351
SIGN_IN = ("admin", "reporter")
FIRST_SCHOOLS = 2


@dataclass(frozen=True)
class Made:
    """A school that was made, and how many rows of each table."""

    code: str
    name: str
    logins: list[Login]
    counts: dict[str, int]


async def _take_turns(session: AsyncSession) -> None:
    """Two runs at a time would want the same partitions and codes.

    The first statement through the session is also what begins its transaction: the driver's own would stand alone.
    """
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))


async def _free_code(connection: Connection) -> str:
    taken = {row["code"] for row in await connection.fetch("SELECT code FROM institution")}
    number = 1
    while f"{CODE}{number}" in taken:
        number += 1
    return f"{CODE}{number}"


async def _give_passwords(school: School, code: str) -> list[Login]:
    logins = []
    for person in school.staff:
        if person.username in SIGN_IN:
            password = new_password()
            person.password_hash = await hash_password(password)
            logins.append(Login(code, person.username, password, person.role.value))
    return logins


async def _set_up(connection: Connection, school: School, institution_id: int) -> None:
    """What the school's own set-up begins with, made to fit this school."""
    office = (f"{school.town.city}, {school.town.district}, {school.town.province}", f"office@{school.host}")
    await connection.execute(
        "UPDATE school_profile SET address = $2, email = $3 WHERE institution_id = $1", institution_id, *office
    )
    await connection.execute(
        "UPDATE configuration_setting SET value = $2 WHERE institution_id = $1 AND key = 'CURRENT_ACADEMIC_YEAR'",
        institution_id,
        school.years[-1].code,
    )
    numbers = [(institution_id, "student", year, last) for year, last in sorted(school.last_numbers.items())]
    await connection.copy_records_to_table(
        "number_counter", columns=("institution_id", "kind", "year", "last"), records=numbers
    )


async def _levels(loader: Loader) -> dict[int, int]:
    """Keys of the grade levels by their sequence."""
    query = "SELECT sequence, id FROM grade_level WHERE institution_id = $1"
    return dict(await loader.connection.fetch(query, loader.institution_id))


async def _load(loader: Loader, school: School, title: str, report: Report) -> None:
    levels = await _levels(loader)
    await academic_rows.load_calendar(loader, school)
    await people_rows.load_staff(loader, school)
    await people_rows.load_families(loader, school)
    await academic_rows.load_subjects(loader, school)
    await academic_rows.load_courses(loader, school, levels)
    await academic_rows.load_enrollments(loader, school, levels)
    await academic_rows.load_assessments(loader, school)
    await academic_rows.load_taken(loader, school)
    report.begin(title, marks_planned(school.assessments) + sum(roll.rows for roll in school.rolls))
    async for rows in academic_rows.load_bulk(loader, school):
        report.advance(rows)


async def _note(connection: Connection, school: School, loader: Loader) -> None:
    plan = school.plan
    asked = {"seed": plan.seed, "place": plan.place, "first_start": plan.first_start, "today": plan.today.isoformat()}
    details = {**asked, "rows": loader.counts}
    await connection.execute(
        "INSERT INTO activity_log (institution_id, action, details, actor_kind) VALUES ($1, $2, $3, $4)",
        loader.institution_id,
        ACTION,
        json.dumps(details),
        ActorKind.SYSTEM.value,
    )


async def _driver(session: AsyncSession) -> Connection:
    """The driver's connection, in the transaction of the session."""
    raw = await (await session.connection()).get_raw_connection()
    return cast(Connection, raw.driver_connection)


async def make_partitions_for(urls: Urls, school: School) -> None:
    """In a transaction of its own, since a new partition locks out everybody else until it is there."""
    async with owner_session(urls) as session:
        await _take_turns(session)
        first, last = school.years[0].start_date, school.years[-1].end_date
        await (await session.connection()).run_sync(make_partitions, first, last)


async def load_school(urls: Urls, plan: Plan, folder: Path, report: Report, sealer: Sealer) -> Made:
    """Make one school with a free code. Its logins are in the file of `folder` before anybody sees the school."""
    school = make_school(plan)
    await make_partitions_for(urls, school)
    async with owner_session(urls) as session:
        await _take_turns(session)
        connection = await _driver(session)
        code = await _free_code(connection)
        institution = await create_institution(session, code, school.name)
        loader = Loader(connection, institution.id, sealer)
        logins = await _give_passwords(school, code)
        await _set_up(connection, school, institution.id)
        async with loader.references_checked_at_end():
            await _load(loader, school, f"{code}, {school.name}", report)
        await _note(connection, school, loader)
        keep_logins(folder, logins)
    return Made(code, school.name, logins, loader.counts)


async def settle(urls: Urls, tables: Iterable[str]) -> None:
    """Let the planner know the new rows, and mark their pages as seen by all, before the first query comes."""
    if urls.owner is None:
        raise ValueError("DATABASE_OWNER_URL is not set; only the owner may analyze the tables")
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(sorted(tables))}")
    finally:
        await connection.close()


async def make_demo(urls: Urls, plans: Sequence[Plan], folder: Path, report: Report, sealer: Sealer) -> list[Made]:
    """The schools of the plans, each in a transaction of its own; those before a failure stay."""
    made = [await load_school(urls, plan, folder, report, sealer) for plan in plans]
    await settle(urls, {table for each in made for table in each.counts})
    return made


async def _missing(urls: Urls) -> list[int]:
    """The places of the first start's schools that are not there; none where an institution is of another origin."""
    made_at_start = (
        select(ActivityEntry.institution_id, ActivityEntry.details["place"].as_integer().label("place"))
        .where(ActivityEntry.action == ACTION, ActivityEntry.details["first_start"].as_boolean())
        .subquery()
    )
    query = select(made_at_start.c.place).select_from(Institution).outerjoin(made_at_start)
    async with owner_session(urls) as session:
        there = set(await session.scalars(query))
    return [] if None in there else [place for place in range(FIRST_SCHOOLS) if place not in there]


async def ensure_demo(
    urls: Urls, settings: Settings, report: Report | None = None, *, students: int = 500
) -> list[Login]:
    """Two schools in a database without any institution, and their logins; else nothing.

    Where an earlier start was killed between the two, the one that is missing.
    """
    today = school_today()
    plans = [Plan(today, students, place=place, first_start=True) for place in await _missing(urls)]
    sealer = Sealer(load_keys(settings))
    made = await make_demo(urls, plans, settings.data, report or Silent(), sealer) if plans else []
    if made:
        codes = [each.code for each in made]
        await publish_a_class_each(urls, settings, codes)
        await give_pictures(urls, settings, codes)
    return [login for each in made for login in each.logins]
