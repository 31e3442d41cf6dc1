"""`python -m app import`: what it prints, what it writes as JSON and how it exits."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from app.settings import ROOT
from app.urls import Urls
from tests.importing.packages import files, sound, write_zip

pytestmark = pytest.mark.any_database


@dataclass(frozen=True)
class Ran:
    code: int | None
    out: str
    err: str


async def run(urls: Urls, *arguments: str | Path) -> Ran:
    """The command in a process of its own, on the test's database."""
    assert urls.owner
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app", "import", *map(str, arguments)),
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": urls.api, "DATABASE_OWNER_URL": urls.owner},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ran(process.returncode, out.decode(), err.decode())


async def test_a_package_and_its_absences(empty_database: Urls, tmp_path: Path) -> None:
    package, report = write_zip(tmp_path / "package.zip", files(sound())), tmp_path / "report.json"
    marks = tmp_path / "absences.csv"
    marks.write_text("studentSourcedId,classSourcedId,date,status\nstu-1,cls-1,2024-09-16,ABSENT\n")
    first = await run(empty_database, "oneroster", package, "--json", report, "--working-days", "6")
    assert first.code == 0, first.err
    assert "NORTH (North School): these rows were written." in first.out
    assert "Reading users.csv" in first.err.splitlines()
    written = orjson.loads(report.read_bytes())
    assert written["institutions"][0]["tables"]["student"] == {"inserted": 3, "updated": 0, "deleted": 0}
    assert {each["code"] for each in written["diagnostics"]} == {"missing_details"}
    again = await run(empty_database, "oneroster", package)
    assert (again.code, "NORTH (North School): no change." in again.out) == (0, True)
    rest = await run(empty_database, "attendance", marks, "--rest", "present", "--json", "-")
    assert orjson.loads(rest.out)["institutions"][0]["tables"]["attendance_taken"]["inserted"] == 285


async def test_errors_are_printed_first_and_exit_with_one(empty_database: Urls, tmp_path: Path) -> None:
    tables = sound()
    tables["results"][1]["score"] = "21"
    refused = await run(empty_database, "oneroster", write_zip(tmp_path / "package.zip", files(tables)), "--show", "1")
    assert refused.code == 1
    assert refused.out.splitlines()[1].split()[:5] == ["ERROR", "out_of_range", "results.csv:3", "score", "21"]
    assert "… and 3 more of WARNING missing_details" in refused.out
    assert "NORTH (North School): nothing was written, because of the errors." in refused.out


async def test_a_file_that_is_not_there(empty_database: Urls) -> None:
    missing = await run(empty_database, "attendance", "nowhere.csv", "--dry-run")
    assert (missing.code, "not_found" in missing.out, "Nothing was written." in missing.out) == (1, True, True)
