"""Partitions of attendance: made ahead, closed to everybody, and filled from the default one."""

import datetime
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.migrations import make_partitions
from app.urls import Urls, asyncpg_url
from models import AttendanceSession
from resolvers.institution.institution import create_institution
from tests.database import owner_session
from tests.factories import create_course, create_school_year, create_student, mark_attendance

WHERE = "SELECT tableoid::regclass::text, date FROM attendance ORDER BY date"
PARTITIONS = """
    SELECT c.relname, c.relrowsecurity, pg_get_expr(c.relpartbound, c.oid)
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'attendance'::regclass ORDER BY 1
"""
RULES = """
    SELECT contype::text, count(*) FROM pg_constraint
    WHERE conrelid = $1::text::regclass AND contype <> 'n' GROUP BY 1
"""
RIGHTS = """
    SELECT r.rolname, p FROM pg_roles r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
    WHERE r.rolname IN ('schoolgraph_api', 'schoolgraph_read', 'schoolgraph_search')
      AND (has_table_privilege(r.rolname, $1::text, p) OR has_any_column_privilege(r.rolname, $1::text, 'SELECT'))
"""


@pytest.fixture
async def owner(empty_database: Urls) -> AsyncIterator[asyncpg.Connection]:
    assert empty_database.owner
    connection = await asyncpg.connect(asyncpg_url(empty_database.owner))
    yield connection
    await connection.close()


async def make(urls: Urls, first: datetime.date, last: datetime.date) -> int:
    async with owner_session(urls) as session:
        return await (await session.connection()).run_sync(make_partitions, first, last)


async def mark(urls: Urls, days: Sequence[datetime.date]) -> None:
    """One student's marks on these days."""

    async def fill(session: AsyncSession) -> None:
        school = await create_institution(session, "ALPHA", "Alpha", levels=False)
        course = await create_course(session, await create_school_year(session, school))
        student = await create_student(session, school)
        for day in days:
            await mark_attendance(session, student, course, date=day, session=AttendanceSession.AM)

    async with owner_session(urls) as session:
        await fill(session)


async def places(owner: asyncpg.Connection) -> list[Any]:
    return [tuple(row) for row in await owner.fetch(WHERE)]


async def test_a_year_has_a_partition(empty_database: Urls, owner: asyncpg.Connection) -> None:
    assert await make(empty_database, datetime.date(2024, 12, 31), datetime.date(2026, 1, 1)) == 3
    assert await make(empty_database, datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)) == 0
    assert [tuple(row) for row in await owner.fetch(PARTITIONS)] == [
        ("attendance_p2024", True, "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"),
        ("attendance_p2025", True, "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"),
        ("attendance_p2026", True, "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"),
        ("attendance_pdefault", True, "DEFAULT"),
    ]


async def test_rows_go_where_their_day_belongs(empty_database: Urls, owner: asyncpg.Connection) -> None:
    await make(empty_database, datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    days = [datetime.date(*day) for day in ((2024, 12, 31), (2025, 1, 1), (2025, 12, 31), (2026, 1, 1))]
    await mark(empty_database, days)
    names = ["attendance_pdefault", "attendance_p2025", "attendance_p2025", "attendance_pdefault"]
    assert await places(owner) == list(zip(names, days, strict=True))


async def test_rows_that_came_early_move_into_their_partition(empty_database: Urls, owner: asyncpg.Connection) -> None:
    """With their keys and all they say; the others stay, and nobody gets a right on the new table."""
    days = [
        datetime.date(2025, 5, 5),
        datetime.date(2026, 1, 1),
        datetime.date(2026, 12, 31),
        datetime.date(2027, 1, 1),
    ]
    await mark(empty_database, days)
    whole = "SELECT * FROM attendance ORDER BY id"
    before = await owner.fetch(whole)
    assert await make(empty_database, datetime.date(2026, 6, 1), datetime.date(2026, 6, 1)) == 1
    assert await owner.fetch(whole) == before
    names = ["attendance_pdefault", "attendance_p2026", "attendance_p2026", "attendance_pdefault"]
    assert await places(owner) == list(zip(names, days, strict=True))
    assert await owner.fetch(RIGHTS, "attendance_p2026") == []
    assert await owner.fetch(RIGHTS, "attendance_pdefault") == []


async def test_a_partition_keeps_every_rule(empty_database: Urls, owner: asyncpg.Connection) -> None:
    await make(empty_database, datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    await mark(empty_database, [datetime.date(2025, 1, 1), datetime.date(2024, 1, 1)])
    expected = {tuple(row) for row in await owner.fetch(RULES, "attendance")}
    for partition in ("attendance_p2025", "attendance_pdefault"):
        assert {tuple(row) for row in await owner.fetch(RULES, partition)} == expected
    for column, value, error in (
        ("session", "FULL", None),
        ("minutes_late", -1, asyncpg.CheckViolationError),
        ("code", "NONE", asyncpg.ForeignKeyViolationError),
        ("student_id", 0, asyncpg.ForeignKeyViolationError),
    ):
        for day in (datetime.date(2025, 1, 1), datetime.date(2024, 1, 1)):
            change = f"UPDATE attendance SET {column} = $1 WHERE date = $2"
            if error is None:
                assert await owner.execute(change, value, day) == "UPDATE 1"
            else:
                with pytest.raises(error):
                    await owner.execute(change, value, day)


async def test_new_rows_get_their_keys_from_the_table(empty_database: Urls, owner: asyncpg.Connection) -> None:
    """In a new partition as in the default one, and never twice."""
    await make(empty_database, datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    await mark(empty_database, [datetime.date(2024 + n % 2, 1, n) for n in range(1, 21)])
    ids = [row["id"] for row in await owner.fetch("SELECT id FROM attendance")]
    assert len(set(ids)) == 20
