"""Pages inside records: each parent has its own page, its own cursors and its own count, by one statement."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_course, create_school_year, create_student, create_subject, gid, grade

PAGE = "totalCount nodes { score } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
SUBJECTS = f"""query(
    $first: Int, $last: Int, $after: String, $before: String, $order: [GradeOrder!], $where: GradeWhere
) {{
    subjects {{ nodes {{
        name
        grades(first: $first, last: $last, after: $after, before: $before, orderBy: $order, where: $where) {{ {PAGE} }}
    }} }}
}}"""
ASCENDING = [{"field": "DATE", "direction": "ASC"}]


@pytest.fixture
async def marks(session: AsyncSession, school: School) -> None:
    """Art has no marks, Latin five on five days, Music two on one day."""
    course = await create_course(session, await create_school_year(session, school))
    student = await create_student(session, school)
    await create_subject(session, school, name="Art")
    latin, music = [await create_subject(session, school, name=name) for name in ("Latin", "Music")]
    for day in (3, 1, 5, 2, 4):
        await grade(session, student, course, latin, date=datetime.date(2025, 9, day), score=Decimal(day))
    for score in (8, 9):
        other = await create_student(session, school)
        await grade(session, other, course, music, date=datetime.date(2025, 9, 3), score=Decimal(score))


async def pages(execute: Execute, **variables: Any) -> dict[str, Any]:
    answer = await execute(SUBJECTS, **variables)
    assert answer.statements == 3
    return {node["name"]: node["grades"] for node in answer.found["subjects"]["nodes"]}


def scores(page: dict[str, Any]) -> str:
    return " ".join(node["score"] for node in page["nodes"])


@pytest.mark.usefixtures("marks")
@pytest.mark.parametrize(
    ("variables", "latin", "music"),
    [
        ({}, "5 4 3 2 1", "9 8"),
        ({"first": 2}, "5 4", "9 8"),
        ({"last": 2}, "2 1", "9 8"),
        ({"first": 1}, "5", "9"),
        ({"last": 1}, "1", "8"),
        ({"first": 0}, "", ""),
        ({"first": 3, "order": ASCENDING}, "1 2 3", "8 9"),
        ({"last": 3, "order": ASCENDING}, "3 4 5", "8 9"),
        ({"first": 2, "where": {"date": {"lt": "2025-09-04"}}}, "3 2", "9 8"),
    ],
)
async def test_each_parent_has_its_own_page(
    execute: Execute, variables: dict[str, Any], latin: str, music: str
) -> None:
    found = await pages(execute, **variables)
    assert (scores(found["Art"]), scores(found["Latin"]), scores(found["Music"])) == ("", latin, music)


@pytest.mark.usefixtures("marks")
async def test_counts_are_of_whole_lists(execute: Execute) -> None:
    found = await pages(execute, first=1)
    assert [page["totalCount"] for page in found.values()] == [0, 5, 2]
    found = await pages(execute, first=1, where={"date": {"lt": "2025-09-03"}})
    assert [page["totalCount"] for page in found.values()] == [0, 2, 0]


@pytest.mark.usefixtures("marks")
async def test_an_empty_page_has_no_cursors(execute: Execute) -> None:
    assert (await pages(execute))["Art"]["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.usefixtures("marks")
@pytest.mark.parametrize("order", [ASCENDING, [{"field": "DATE", "direction": "DESC"}]])
async def test_walks_inside_a_record(execute: Execute, order: list[dict[str, str]]) -> None:
    whole = scores((await pages(execute, order=order))["Latin"])
    page = (await pages(execute, first=2, order=order))["Latin"]
    found = scores(page)
    while page["pageInfo"]["hasNextPage"]:
        page = (await pages(execute, first=2, order=order, after=page["pageInfo"]["endCursor"]))["Latin"]
        assert page["pageInfo"]["hasPreviousPage"] is True
        found += f" {scores(page)}"
    assert found == whole
    found = scores(page)
    while page["pageInfo"]["hasPreviousPage"]:
        page = (await pages(execute, last=2, order=order, before=page["pageInfo"]["startCursor"]))["Latin"]
        found = f"{scores(page)} {found}"
    assert found == whole


@pytest.mark.usefixtures("marks")
async def test_a_count_alone_reads_no_rows(execute: Execute) -> None:
    answer = await execute("{ subjects { nodes { grades { totalCount } } } }")
    assert [node["grades"]["totalCount"] for node in answer.found["subjects"]["nodes"]] == [0, 5, 2]
    assert answer.statements == 2


async def test_ties_inside_a_list_are_broken_by_key(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    subject, student = await create_subject(session, school), await create_student(session, school)
    days = [datetime.date(2025, 9, day) for day in (2, 1)]
    marks = [gid(await grade(session, student, course, subject, date=day)) for day in days]
    document = """query($id: ID!, $order: [GradeOrder!], $first: Int) {
        student(id: $id) { grades(orderBy: $order, first: $first) { id } }
    }"""
    for direction, expected in (("ASC", marks), ("DESC", marks[::-1])):
        order = [{"field": "SUBJECT_ID", "direction": direction}]
        for first in (None, 5):
            found = (await execute(document, id=gid(student), order=order, first=first)).found["student"]["grades"]
            assert [each["id"] for each in found] == expected
