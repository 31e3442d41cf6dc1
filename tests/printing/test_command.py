"""`python -m app report …` as somebody in the office runs it."""

import os
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app.importing.progress import Silent
from app.owner import owner_session
from app.places import DatabaseError
from app.settings import Settings
from app.tables.command import written
from app.urls import Urls
from models import AccessEntry, ActivityEntry, ActorKind
from resolvers.institution.institution import create_institution
from tests.conftest import School
from tests.printing.reading import pages, rows
from tests.reports.worked_school import HAND, worked_school
from tests.tables.reading import sheet_of
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
        entries = (await session.execute(select(AccessEntry))).scalars().all()
    read = sorted(key for entry in entries for key in entry.student_ids)
    assert len(read) == len({*read}) == len(HAND)
    assert {(entry.actor_kind, entry.purpose) for entry in entries} == {(ActorKind.SYSTEM, "PrintedReportCards")}

    code, said, complained = await run(empty_database, tmp_path, *asked, "--output", str(path))
    assert (code, said) == (1, "")
    assert complained.endswith(f"{path} exists already: name another file with --output\n")


STUDENTS = "query Roll($name: String!) { students(where: { firstName: { eq: $name } }) { nodes { fullName } } }"
MATRIX = """query Marks($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) {
    rows { student { firstName } average } } }"""


async def test_any_list_or_report_as_a_file(empty_database: Urls, semester: str, tmp_path: Path) -> None:
    """With the columns that a REPORTER sees; the school's trail tells who was read, and of the export."""
    path = tmp_path / "roll"
    asked = ("report", "list", "--institution", "GREEN", "--output", str(path))
    name = ("--variables", '{"name": "Anita"}')
    code, said, complained = await run(empty_database, tmp_path, *asked, STUDENTS, *name)
    assert (code, said, complained) == (0, f"1 rows in {path}\n", "Rows\n")
    assert rows(path.read_bytes())[0] == ["fullName"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with owner_session(empty_database) as session:
        entries = (await session.execute(select(AccessEntry.actor_kind, AccessEntry.purpose))).all()
        (done,) = await session.scalars(select(ActivityEntry).where(ActivityEntry.action == "export"))
    assert [tuple(entry) for entry in entries] == [(ActorKind.SYSTEM, "export Roll")]
    told = {"field": "students", "operation": "Roll", "format": "csv", "rows": 1, "complete": True}
    assert (done.actor_kind, done.details) == (ActorKind.SYSTEM, told)

    with pytest.raises(DatabaseError, match="exists already: name another file with --output"):
        await written(empty_database, Settings(), "GREEN", {"query": "{ courses { nodes { id } } }"}, path, Silent())
    path.unlink()
    # A report, as a workbook.
    given = {"variables": '{"course": "crs_1", "semester": "sem_1"}', "format": "xlsx"}
    made = await written(empty_database, Settings(), "GREEN", {"query": MATRIX, **given}, path, Silent())
    assert made == (path, len(HAND))
    assert [row[0] for row in sheet_of(path.read_bytes())[1:]] == list(HAND)


async def test_a_query_that_cannot_be_is_told(empty_database: Urls, semester: str, tmp_path: Path) -> None:
    """And there is no file then."""
    wrong = {
        "mutation { logout { errors { code } } }": "An export is of a query, not of a mutation",
        "{ students { nodes { shoeSize } } }": "Cannot query field 'shoeSize' on type 'Student'.",
        STUDENTS: "Variable '$name' has invalid value",
        "query($c: ID!) { course(id: $c) { name } }": "Variable '$c' has invalid value",
    }
    for query, message in wrong.items():
        with pytest.raises(DatabaseError, match=re.escape(message)):
            await written(empty_database, Settings(), "GREEN", {"query": query}, tmp_path / "none", Silent())
    with pytest.raises(DatabaseError, match="`shape` is no option of an export"):
        await written(
            empty_database, Settings(), "GREEN", {"query": "{ x }", "shape": "x"}, tmp_path / "none", Silent()
        )
    assert os.listdir(tmp_path) == []
