"""The same plan makes the same rows, down to their keys."""

import asyncio
import datetime
import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.attendance import attendance_pages
from app.demo.columns import columns_of
from app.demo.marks import mark_pages
from app.demo.plan import Plan
from app.demo.progress import Silent
from app.demo.run import make_demo
from app.demo.school import make_school
from app.settings import ROOT
from app.urls import Urls
from tests.database import copy, drop
from tests.demo.conftest import PLAN, Demo, owner
from tests.sealing import SEALER

pytestmark = pytest.mark.any_database

# Instants of the load, and what comes from true chance.
LEFT_OUT = ["created_at", "updated_at", "password_hash", "at"]
# Never the same twice, though they say the same.
LEFT_OUT += ["national_id_sealed", "health_sealed", "identifying_marks_sealed"]


async def checksums(urls: Urls) -> dict[str, str]:
    """Of all rows of each table of the tenant, in the order of their keys."""
    async with owner(urls) as connection:
        tables = await connection.fetch(
            "SELECT relname::text AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
        )
        query = "SELECT coalesce(md5(string_agg((to_jsonb(t) - $1::text[])::text, E'\\n' ORDER BY id)), '') FROM {} t"
        return {name: await connection.fetchval(query.format(name), LEFT_OUT) for (name,) in tables}


def fingerprint(plan: Plan) -> str:
    """Of a school's people, marks and attendance, before anything has a key."""
    school = make_school(plan)
    people = columns_of(school.students, "first_name last_name date_of_birth status student_number mobile email levels")
    pages = [*mark_pages(plan, school.assessments), *attendance_pages(plan, school.rolls)]
    return hashlib.sha256(repr((people, pages)).encode()).hexdigest()


async def test_twice_the_same_plan(demo: Demo, server: Urls, tmp_path: Path) -> None:
    urls = await copy(server, "suite_demo_again")
    try:
        await make_demo(urls, [PLAN], tmp_path, Silent(), SEALER)
        first, second = await checksums(demo.urls), await checksums(urls)
    finally:
        await drop(server, "suite_demo_again")
    assert len([table for table, checksum in first.items() if checksum]) > 25
    assert first == second


SMALL = Plan(datetime.date(2026, 11, 21), students=20, grades=5, attendance=5)


@pytest.mark.parametrize(
    "other",
    [replace(SMALL, seed=8), replace(SMALL, place=1), replace(SMALL, today=datetime.date(2026, 11, 20))],
    ids=["seed", "place", "day"],
)
def test_another_plan_makes_another_school(other: Plan) -> None:
    assert fingerprint(SMALL) == fingerprint(SMALL)
    assert fingerprint(SMALL) != fingerprint(other)


async def test_the_order_of_sets_does_not_matter() -> None:
    """Python shuffles sets of texts anew in each process."""
    program = "from tests.demo.test_determinism import SMALL, fingerprint; print(fingerprint(SMALL))"
    printed = set()
    for hash_seed in ("1", "2"):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, cwd=ROOT, env={"PYTHONHASHSEED": hash_seed}, stdout=asyncio.subprocess.PIPE
        )
        printed.add((await process.communicate())[0].strip().decode())
    assert printed == {fingerprint(SMALL)}
