"""`python -m app report …` as somebody in the office runs it."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app.owner import owner_session
from app.urls import Urls
from models import AccessEntry, ActorKind
from resolvers.institution.institution import create_institution
from tests.conftest import School
from tests.printing.reading import pages
from tests.reports.worked_school import HAND, worked_school
from tests.test_accounts import run


@pytest.fixture
async def semester(empty_database: Urls) -> str:
    """The code of the semester of the worked school, committed as GREEN."""
    async with owner_session(empty_database) as session:
        made = await create_institution(session, "GREEN", "Green Hill School")
        school = School(made.id, "GREEN")
        return (await worked_school(session, school)).semester.code


async def test_a_whole_class_in_one_file(empty_database: Urls, semester: str, tmp_path: Path) -> None:
    path = tmp_path / "cards.pdf"
    asked = ("report", "card", "--institution", "GREEN", "--course", "7 a", "--semester", semester)
    code, said, complained = await run(empty_database, tmp_path, *asked, "--output", str(path))
    assert (code, said, complained) == (0, f"{path}\n", "Figures\nPages\n")
    assert [next(name for name in HAND if name in page) for page in pages(path.read_bytes())] == list(HAND)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with owner_session(empty_database) as session:
        entries = (await session.execute(select(AccessEntry.actor_kind, AccessEntry.purpose))).all()
    assert [tuple(entry) for entry in entries] == [(ActorKind.SYSTEM, "PrintedReportCards")] * len(HAND)

    code, said, complained = await run(empty_database, tmp_path, *asked, "--output", str(path))
    assert (code, said) == (1, "")
    assert complained.endswith(f"{path} exists already: name another file with --output\n")
