"""Reports told at once: the same answers as field by field, whatever is selected of them."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from resolvers.reports.matrix import CourseMatrix, course_matrix
from tests.answers import run
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.worked_school import worked_school

CELLS = "subjects { subject { id name } coefficient credits expected completeness exact average letter passed rank }"
SELECTIONS = {
    "figures": (f"student {{ id fullName }} average letter rank classSize complete {CELLS}", True),
    "without accounts": ("average letter subjects { average letter rank completeness }", True),
    "no column": ("__typename subjects { __typename }", True),
    "rows of rows": ("student { guardians { relation guardian { lastName } } enrollments { course { name } } }", True),
    "aliases": ("a: average b: average s: subjects { n: subject { name } } t: subjects { rank }", True),
    "one relation twice": (
        "a: student { id } b: student { id } c: student { lastName } subjects { x: subject { id } y: subject { id } }",
        True,
    ),
    "fragments": ("...A __typename subjects { ... on SubjectResult { __typename subject { __typename name } } }", True),
    "left out": ("average @skip(if: true) rank @include(if: true) student @include(if: false) { id } ...A", True),
    "a function": ("...A explain { weights }", False),
    "a function below": ("...A subjects { subject { name } marks { value } }", False),
}


def document(selection: str) -> str:
    matrix = f"courseGradeMatrix(course: $course, semester: $semester) {{ rows {{ {selection} }} }}"
    more = "fragment A on GradeReport { average letter subjects { rank } }" if "...A" in selection else ""
    return f"query ($course: ID!, $semester: ID!) {{ {matrix} }} {more}"


@pytest.mark.parametrize(("selection", "planned"), SELECTIONS.values(), ids=SELECTIONS)
async def test_a_report_is_told_as_field_by_field(
    session: AsyncSession, school: School, connections: OneConnection, selection: str, planned: bool
) -> None:
    made = await worked_school(session, school)
    asked = document(selection), {"course": gid(made.course), "semester": gid(made.semester)}

    told = await run(connections, school.admin, *asked, planning=True)
    plain = await run(connections, school.admin, *asked, planning=False)

    rows = told.found["courseGradeMatrix"]["rows"]
    assert (str(rows), told.students) == (str(plain.found["courseGradeMatrix"]["rows"]), plain.students)
    assert len(rows) > 3
    assert (told.planned > 0, told.statements == plain.statements) == (planned, True)


async def test_what_is_missing_is_reported_as_field_by_field(
    session: AsyncSession, school: School, connections: OneConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await worked_school(session, school)
    asked = document("member average"), {"course": gid(made.course), "semester": gid(made.semester)}

    async def broken(*args: Any, **more: Any) -> CourseMatrix | None:
        matrix = await course_matrix(*args, **more)
        assert matrix
        rows = [dataclasses.replace(row, member=None) for row in matrix.rows]  # type: ignore[arg-type]
        return dataclasses.replace(matrix, rows=rows)

    monkeypatch.setattr("schema.reports.grade_matrix.course_matrix", broken)
    told = await run(connections, school.admin, *asked, planning=True, refused=True)
    plain = await run(connections, school.admin, *asked, planning=False, refused=True)

    assert told.data == plain.data == {"courseGradeMatrix": None}
    assert [error.path for error in told.errors] == [error.path for error in plain.errors]
    assert [error.path for error in plain.errors] == [["courseGradeMatrix", "rows", 0, "member"]]
