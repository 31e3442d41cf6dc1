"""Workbooks: cells of their own kinds, no formulas, in bounds, and no files left."""

import datetime
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.tables.forms import Forms
from app.tables.workbook import MOST_CHARACTERS, MOST_ROWS, Workbook
from resolvers.errors import Invalid
from resolvers.institution.conventions import Conventions
from schema.tables.shape import Column, Group, Leaf
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_scholarship, create_student
from tests.tables.exporting import Apart, Asker, Door
from tests.tables.reading import KOLKATA, day_of, sheet_of

pytestmark = pytest.mark.any_database

FORMS = Forms(Conventions("dd-MM-yyyy", "de"), KOLKATA)
QUERY = """query Aid { scholarships { nodes { name amount startDate createdAt student { firstName vaccinated } } } }"""


def made(*kinds: str, rows: list[Any]) -> list[list[Any]]:
    """What a workbook of columns of these kinds has below its header, where these are the rows."""
    names = [f"c{n}" for n in range(len(kinds))]
    leaves = tuple(Leaf(name, Column(name, kind)) for name, kind in zip(names, kinds, strict=True))
    with Workbook(Group("list", "", leaves, listed=True, rows=True), None, FORMS) as book:
        book.add([dict(zip(names, row, strict=True)) for row in rows])
        book.finish()
        with book.open() as file:
            header, *found = sheet_of(file.read())
    assert header == names
    return found


async def test_cells_have_the_kinds_of_their_values(
    session: AsyncSession, school: School, connections: OneConnection
) -> None:
    student = await create_student(session, school, first_name="=1+1", vaccinated=True)
    await create_scholarship(
        session, student, name="@Help", amount="1250.5", start_date=datetime.date(2025, 6, 1), currency="INR"
    )
    await session.flush()
    asker = Asker(Door(Apart(connections), {"admin": school.admin}))

    answer = await asker.export(QUERY, format="xlsx")

    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert int(answer.headers["content-length"]) == len(answer.content)
    header, row = sheet_of(answer.content)
    assert header == ["name", "amount", "startDate", "createdAt", "student.firstName", "student.vaccinated"]
    assert (row[0], row[1], day_of(row[2]), row[4], row[5]) == (
        "@Help",
        1250.5,
        datetime.date(2025, 6, 1),
        "=1+1",
        True,
    )
    assert row[3] % 1 != 0


def test_what_a_spreadsheet_cannot_count_stays_whole_as_text() -> None:
    rows = [
        ["123456789012345678.5", "1850-01-02", "1850-01-02T00:00:00+00:00", -7, "-7"],
        ["-0.125", "1901-01-01", "2026-03-04T18:30:00+00:00", None, None],
        [("1.5", "2"), (), None, 0, "'="],
    ]
    found = made("Decimal", "Date", "DateTime", "Int", "String", rows=rows)

    assert found[0] == ["123456789012345678,5", "02-01-1850", "02-01-1850 05:53:28", -7.0, "-7"]
    assert (found[1][0], day_of(found[1][1]), found[1][2] % 1) == (-0.125, datetime.date(1901, 1, 1), 0.0)
    assert found[2] == ["1,5; 2", None, None, 0.0, "'="]


def test_a_cell_that_is_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    message = f"format: `c0` has {MOST_CHARACTERS + 1} characters in row 2; a cell has at most {MOST_CHARACTERS}"
    with pytest.raises(Invalid, match=message):
        made("String", rows=[["x" * MOST_CHARACTERS], ["x" * (MOST_CHARACTERS + 1)]])
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_has_only_so_many_rows() -> None:
    leaf = Leaf("a", Column("a", "Int"))
    with Workbook(Group("list", "", (leaf,), listed=True, rows=True), None, FORMS) as book:
        book.rows = MOST_ROWS - 2
        book.add([{"a": 1}])
        with pytest.raises(Invalid, match="a sheet has at most 1048575 rows"):
            book.add([{"a": 1}])
