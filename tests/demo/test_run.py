"""Runs that follow one another, and runs that fail."""

import asyncio
import datetime
import io
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from app.demo.load import BrokenReference, Loader
from app.demo.logins import FILE_NAME, LoginsError, read_logins
from app.demo.plan import Plan
from app.demo.progress import Silent, report_to
from app.demo.run import ensure_demo, make_demo
from app.settings import ROOT, Settings
from app.urls import Urls
from tests.demo.conftest import TODAY, owner
from tests.sealing import SEALER

SMALL = Plan(TODAY, students=30, grades=5, attendance=5)


async def fetchval(urls: Urls, query: str, *values: Any) -> Any:
    async with owner(urls) as connection:
        return await connection.fetchval(query, *values)


def files_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def test_a_second_run_finds_a_free_code(empty_database: Urls, tmp_path: Path) -> None:
    first = await make_demo(empty_database, [SMALL], tmp_path, Silent(), SEALER)
    await fetchval(empty_database, "INSERT INTO institution (code, name) VALUES ('DEMO2', 'Not of ours')")
    second = await make_demo(empty_database, [SMALL], tmp_path, Silent(), SEALER)
    assert [made.code for made in (*first, *second)] == ["DEMO1", "DEMO3"]
    assert first[0].counts == second[0].counts
    assert {login.institution for login in read_logins(tmp_path)} == {"DEMO1", "DEMO3"}
    query = "SELECT array[count(DISTINCT institution_id), count(*)] FROM student"
    assert await fetchval(empty_database, query) == [2, 60]


async def test_two_runs_at_a_time_take_turns(empty_database: Urls, tmp_path: Path) -> None:
    runs = [make_demo(empty_database, [SMALL], tmp_path, Silent(), SEALER) for _ in range(3)]
    codes = [made.code for run in await asyncio.gather(*runs) for made in run]
    assert sorted(codes) == ["DEMO1", "DEMO2", "DEMO3"]
    assert {login.institution for login in read_logins(tmp_path)} == set(codes)


async def test_the_schools_of_a_run_differ(empty_database: Urls, tmp_path: Path) -> None:
    plans = [SMALL, Plan(TODAY, students=30, grades=5, attendance=5, place=1)]
    made = await make_demo(empty_database, plans, tmp_path, Silent(), SEALER)
    assert made[0].name != made[1].name
    half_days = "SELECT count(DISTINCT institution_id) FROM course WHERE meeting_sessions = 'AM_PM'"
    assert await fetchval(empty_database, half_days) == 1
    shared = "SELECT count(*) - count(DISTINCT (first_name, last_name, date_of_birth)) FROM student"
    assert await fetchval(empty_database, shared) == 0


async def test_where_the_logins_cannot_be_kept_there_is_no_school(empty_database: Urls, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("not ours")
    with pytest.raises(LoginsError):
        await make_demo(empty_database, [SMALL], tmp_path, Silent(), SEALER)
    assert await fetchval(empty_database, "SELECT count(*) FROM institution") == 0
    assert await fetchval(empty_database, "SELECT count(*) FROM attendance") == 0


async def test_the_first_start_makes_two_schools_and_the_next_none(empty_database: Urls, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    logins = await ensure_demo(empty_database, settings, students=20)
    assert [(login.institution, login.role) for login in logins] == [
        ("DEMO1", "ADMIN"),
        ("DEMO1", "REPORTER"),
        ("DEMO2", "ADMIN"),
        ("DEMO2", "REPORTER"),
    ]
    published = (
        "SELECT count(DISTINCT institution_id) FROM report_card WHERE state = 'PUBLISHED' AND content IS NOT NULL"
    )
    assert await fetchval(empty_database, published) == 2
    pictured = "SELECT count(*) FROM school_profile p JOIN student s USING (institution_id)"
    assert await fetchval(empty_database, f"{pictured} WHERE p.logo_id IS NOT NULL AND s.photo_id IS NOT NULL") == 24
    files = await fetchval(empty_database, "SELECT count(*) FROM stored_file")
    assert files == sum(path.is_file() for path in files_in(settings.data / "files"))
    assert await ensure_demo(empty_database, settings, students=20) == []
    assert await fetchval(empty_database, "SELECT count(*) FROM student") == 40


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from app.demo.progress import Silent
from app.demo.run import ensure_demo
from app.settings import Settings
from app.urls import Urls

class KillsAtTheSecond(Silent):
    def begin(self, title, total):
        if title.startswith("DEMO2"):
            os.kill(os.getpid(), signal.SIGKILL)

owner, folder = sys.argv[1:]
asyncio.run(ensure_demo(Urls("", owner, None), Settings(data=Path(folder)), KillsAtTheSecond(), students=20))
"""


async def test_a_first_start_that_was_killed_between_its_schools_is_completed(
    empty_database: Urls, tmp_path: Path
) -> None:
    assert empty_database.owner
    command = (sys.executable, "-c", KILLED, empty_database.owner, str(tmp_path))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == -signal.SIGKILL
    codes = "SELECT array_agg(code ORDER BY code) FROM institution"
    assert await fetchval(empty_database, codes) == ["DEMO1"]

    settings = Settings(data=tmp_path)
    made = await ensure_demo(empty_database, settings, students=20)
    assert [(login.institution, login.role) for login in made] == [("DEMO2", "ADMIN"), ("DEMO2", "REPORTER")]
    assert read_logins(tmp_path)[2:] == made
    assert await fetchval(empty_database, codes) == ["DEMO1", "DEMO2"]
    assert await fetchval(empty_database, "SELECT count(DISTINCT name) FROM institution") == 2
    assert await ensure_demo(empty_database, settings, students=20) == []


async def test_a_school_that_somebody_asked_for_gets_no_company(empty_database: Urls, tmp_path: Path) -> None:
    await make_demo(empty_database, [SMALL], tmp_path, Silent(), SEALER)
    assert await ensure_demo(empty_database, Settings(data=tmp_path), students=20) == []
    assert await fetchval(empty_database, "SELECT count(*) FROM institution") == 1


@pytest.mark.parametrize("today", ["2026-06-01", "2026-06-04", "2026-11-01", "2027-05-31", "2028-02-29"])
async def test_any_day_will_do(empty_database: Urls, tmp_path: Path, today: str) -> None:
    plan = Plan(datetime.date.fromisoformat(today), students=25, grades=10, attendance=10)
    [made] = await make_demo(empty_database, [plan], tmp_path, Silent(), SEALER)
    assert made.counts["student"] == 25
    assert made.counts["grade"] >= 250
    assert made.counts["attendance"] >= 250


async def test_a_school_of_one_without_marks(empty_database: Urls, tmp_path: Path) -> None:
    [made] = await make_demo(empty_database, [Plan(TODAY, 1, 0, 0)], tmp_path, Silent(), SEALER)
    assert (made.counts["student"], made.counts.get("grade", 0), made.counts.get("attendance", 0)) == (1, 0, 0)


@pytest.mark.parametrize("change", [{"students": 0}, {"grades": -1}, {"attendance": -1}, {"place": -1}])
def test_a_plan_that_makes_no_sense(change: dict[str, Any]) -> None:
    [name] = change
    with pytest.raises(ValueError, match=f"^{name}: {change[name]} is less than"):
        Plan(TODAY, **change)


async def load_orphans(loader: Loader) -> None:
    """Two semesters of years that do not exist."""
    async with loader.connection.transaction(), loader.references_checked_at_end():
        assert await loader.connection.fetchval("SHOW session_replication_role") == "replica"
        named: dict[str, list[Any]] = {
            "name": ["a", "b"],
            "code": ["a", "b"],
            "sequence": [1, 2],
            "school_year_id": [41, 42],
        }
        await loader.copy("semester", {**named, "start_date": [TODAY, TODAY], "end_date": [TODAY, TODAY]})


async def test_a_row_that_refers_to_no_row_is_refused(empty_database: Urls) -> None:
    async with owner(empty_database) as connection:
        school = await connection.fetchval("INSERT INTO institution (code, name) VALUES ('X1', 'X') RETURNING id")
        with pytest.raises(BrokenReference, match="fk_semester_institution_id_school_year_id: 2 rows of semester"):
            await load_orphans(Loader(connection, school, SEALER))
        assert await connection.fetchval("SHOW session_replication_role") == "origin"
        assert await connection.fetchval("SELECT count(*) FROM semester") == 0


async def test_who_may_not_rest_foreign_keys_keeps_them(empty_database: Urls) -> None:
    as_api = Urls(empty_database.api, empty_database.api, None)
    async with (
        owner(as_api) as connection,
        connection.transaction(),
        Loader(connection, 1, SEALER).references_checked_at_end(),
    ):
        assert await connection.fetchval("SHOW session_replication_role") == "origin"


async def test_plain_lines_where_there_is_no_terminal(empty_database: Urls, tmp_path: Path) -> None:
    said = io.StringIO()
    with report_to(Console(file=said, force_terminal=False, width=200)) as report:
        await make_demo(empty_database, [SMALL], tmp_path, report, SEALER)
    first, *_, last = said.getvalue().splitlines()
    assert first.startswith("DEMO1, ")
    assert first.endswith(" rows to load")
    total = first.split()[-4]
    assert last.endswith(f"{total} of {total} rows")


async def test_a_bar_on_a_terminal(empty_database: Urls, tmp_path: Path) -> None:
    said = io.StringIO()
    with report_to(Console(file=said, force_terminal=True, width=120)) as report:
        await make_demo(empty_database, [SMALL], tmp_path, report, SEALER)
    assert "DEMO1" in said.getvalue()
    assert "\x1b[" in said.getvalue()
