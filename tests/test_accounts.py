"""`create-institution`, `create-admin` and `demo` as an operator runs them."""

import asyncio
import datetime
import os
import pty
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from app.__main__ import app
from app.database import Database
from app.demo.logins import read_logins
from app.owner import owner_session
from app.settings import ROOT, Settings
from app.urls import Urls
from models import ActivityEntry, GradeLevel, Institution, Role, User, UserRole
from resolvers.errors import DomainError
from resolvers.identity.accounts import create_admin
from resolvers.identity.login import login
from tests.conftest import School
from tests.sealing import ENVIRONMENT

pytestmark = pytest.mark.any_database

GOOD = "correct horse battery"


def environment(urls: Urls, data: Path) -> dict[str, str]:
    assert urls.owner
    given = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "SCHOOLGRAPH_"))}
    given |= ENVIRONMENT
    return given | {"DATABASE_URL": urls.api, "DATABASE_OWNER_URL": urls.owner, "SCHOOLGRAPH_DATA": str(data)}


async def run(urls: Urls, data: Path, *arguments: str, given: bytes = b"") -> tuple[int | None, str, str]:
    """Exit code, standard output and standard error of `python -m app` with the arguments."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *arguments,
        cwd=ROOT, env=environment(urls, data),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complained = await process.communicate(given)
    return process.returncode, said.decode(), complained.decode()


async def sign_in(urls: Urls, institution: str, username: str, password: str) -> frozenset[Role]:
    database = await Database.open(urls, Settings(database_url=None))
    try:
        async with database.context(None, request_id="", timeout=10) as context:
            opened = await login(context, institution=institution, username=username, password=password)
            return opened.viewer.roles
    finally:
        await database.close()


async def test_from_nothing_to_signing_in(empty_database: Urls, tmp_path: Path) -> None:
    code, said, complained = await run(empty_database, tmp_path, "create-institution", "HILL", "Hill School")
    assert (code, complained) == (0, "")
    assert said.startswith("HILL, Hill School, is set up")
    async with owner_session(empty_database) as session:
        assert await session.scalar(select(func.count()).select_from(GradeLevel)) == 12
        assert await session.scalar(select(ActivityEntry.action)) == "institution.create"
    admin = ("create-admin", "--institution", "HILL", "--username", "Head.Office")
    code, said, complained = await run(empty_database, tmp_path, *admin, given=f"{GOOD}\r\nnot read\n".encode())
    assert (code, said, complained) == (0, "Head.Office may sign in to HILL.\n", "")
    assert await sign_in(empty_database, "HILL", "head.office", GOOD) == {Role.ADMIN}


async def test_a_refusal_is_a_line_and_no_row(empty_database: Urls, tmp_path: Path) -> None:
    code, said, complained = await run(empty_database, tmp_path, "create-institution", "hill", "Hill School")
    assert (code, said) == (1, "")
    assert complained == "code: 'hill' is not 2 to 20 capital letters and digits\n"
    async with owner_session(empty_database) as session:
        assert await session.scalar(select(Institution.id)) is None


async def test_a_password_that_is_no_text(empty_database: Urls, tmp_path: Path) -> None:
    admin = ("create-admin", "--institution", "HILL", "--username", "head")
    code, _, complained = await run(empty_database, tmp_path, *admin, given=b"\xff\xfe12345678\n")
    assert code == 2
    assert "the password on standard input is not UTF-8" in complained


async def test_a_terminal_is_asked_twice_and_shows_nothing(empty_database: Urls, tmp_path: Path) -> None:
    async with owner_session(empty_database) as session:
        session.add(Institution(code="HILL", name="Hill School"))
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "create-admin", "--institution", "HOLE", "--username", "head",
        cwd=ROOT, env=environment(empty_database, tmp_path), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for question in (b"Password: ", b"Repeat for confirmation: "):
        while not shown.endswith(question):
            shown += await asyncio.to_thread(os.read, ours, 1000)
        os.write(ours, f"{GOOD}\n".encode())
    while b"HOLE" not in shown:
        shown += await asyncio.to_thread(os.read, ours, 1000)
    assert await process.wait() == 1
    os.close(ours)
    assert GOOD.encode() not in shown
    assert b"institution: there is none with the code 'HOLE'" in shown


async def test_the_demo_command(empty_database: Urls, tmp_path: Path) -> None:
    options = ("--schools", "2", "--students", "20", "--grades", "4", "--attendance", "6", "--seed", "3")
    code, said, complained = await run(empty_database, tmp_path, "demo", *options)
    assert (code, complained) == (0, "")
    logins = read_logins(tmp_path)
    assert [each.institution for each in logins] == ["DEMO1", "DEMO1", "DEMO2", "DEMO2"]
    assert all(f"{each.role} {each.username} {each.password}" in said for each in logins)
    assert "20 students" in said
    assert await sign_in(empty_database, "DEMO2", "reporter", logins[3].password) == {Role.REPORTER}


@pytest.mark.parametrize(
    ("option", "value"), [("--schools", "0"), ("--students", "0"), ("--grades", "-1"), ("--seed", "x")]
)
def test_an_option_that_makes_no_sense(option: str, value: str) -> None:
    result = CliRunner().invoke(app, ["demo", option, value])
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.output


async def admins(session: AsyncSession) -> int:
    found = await session.scalar(select(func.count()).select_from(UserRole).where(UserRole.role == Role.ADMIN))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("institution", "username", "password", "code", "field"),
    [
        ("NONE", "head", GOOD, "NOT_FOUND", "institution"),
        ("ALPHA", "he ad", GOOD, "BAD_USER_INPUT", "username"),
        ("ALPHA", "", GOOD, "BAD_USER_INPUT", "username"),
        ("ALPHA", "h" * 51, GOOD, "BAD_USER_INPUT", "username"),
        ("ALPHA", "TAKEN", GOOD, "CONFLICT", "username"),
        ("ALPHA", "head", "", "BAD_USER_INPUT", "password"),
        ("ALPHA", "head", "password1", "BAD_USER_INPUT", "password"),
        ("ALPHA", "head", "forehead123", "BAD_USER_INPUT", "password"),
    ],
)
async def test_refused(
    session: AsyncSession, school: School, institution: str, username: str, password: str, code: str, field: str
) -> None:
    await create_admin(session, institution="ALPHA", username="taken", password=GOOD)
    before = await admins(session)
    with pytest.raises(DomainError) as refusal:
        await create_admin(session, institution=institution, username=username, password=password)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not password or password not in refusal.value.message
    assert await admins(session) == before


async def test_the_name_of_a_retired_user_is_free_again(session: AsyncSession, school: School) -> None:
    first = await create_admin(session, institution="ALPHA", username="head", password=GOOD)
    first.deleted_at = datetime.datetime.now(datetime.UTC)
    await session.flush()
    second = await create_admin(session, institution="ALPHA", username="HEAD", password=GOOD)
    found = await session.scalar(select(User.username).where(User.id == second.id))
    assert found == "HEAD"
