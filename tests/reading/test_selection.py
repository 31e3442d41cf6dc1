"""What a selection makes of the database: the columns it names and no others, however it is spelled."""

import contextlib
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Course, Student
from tests.answers import run
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_guardian, create_student, link_guardian
from tests.worlds import Worlds

PLANNING = pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])


@contextlib.asynccontextmanager
async def statements(connections: OneConnection) -> AsyncIterator[list[str]]:
    """The SQL of the reads sent meanwhile."""
    sent: list[str] = []
    driver = await connections.driver()
    kinds = "SELECT", "WITH"
    with driver.query_logger(lambda record: sent.append(record.query) if record.query.startswith(kinds) else None):
        yield sent


def selected(sql: str) -> list[set[str]]:
    """The columns between SELECT and FROM, for each table of a statement: those that are not of a select within."""
    heads = re.findall(r"\bSELECT ((?:(?!SELECT).)*?) \nFROM (?!\(|[ap]\d)", sql, re.DOTALL)
    return [set(re.findall(r"\b[a-z_]+\.([a-z_]+)", head)) for head in heads]


@PLANNING
async def test_only_what_is_selected_is_read(
    session: AsyncSession, school: School, connections: OneConnection, planning: bool
) -> None:
    student = await create_student(session, school)
    await link_guardian(session, student, await create_guardian(session, school))
    document = "{ students { nodes { firstName guardians { relation guardian { mobile } } } } }"
    async with statements(connections) as sent:
        await run(connections, school.admin, document, {}, planning=planning)
    columns = [each for sql in sent for each in selected(sql)]
    # A plan knows that no cursor is asked for.
    cursor = set() if planning else {"last_name"}
    # Nor does it need the keys of rows that nothing is found by.
    key = set() if planning else {"id"}
    assert columns == [
        {"first_name", "id", *cursor},
        {"guardian_id", "relation", "student_id", *key},
        {"id", "mobile"},
    ]


@PLANNING
async def test_what_is_skipped_is_not_read(worlds: Worlds, planning: bool) -> None:
    document = """query($yes: Boolean!, $no: Boolean!) {
        students(first: 1) {
            totalCount @include(if: $no)
            nodes {
                id
                guardians @skip(if: $yes) { id }
                grades @include(if: $no) { id }
                familyInfo @include(if: false) { id }
                ... @skip(if: $yes) { scholarships { id } }
                ...More @include(if: $no)
                age @include(if: $yes) @skip(if: $no)
            }
        }
    }
    fragment More on Student { attendance { id } }"""
    answer = await worlds.ask(document, planning=planning, yes=True, no=False)
    (node,) = answer.found["students"]["nodes"]
    assert set(node) == {"id", "age"}
    assert answer.statements == 1
    other = await worlds.ask(document, planning=planning, yes=False, no=True)
    assert set(other.found["students"]["nodes"][0]) == {"id", "guardians", "grades", "scholarships", "attendance"}
    assert other.statements == 6


@PLANNING
async def test_a_default_decides_what_is_skipped(worlds: Worlds, planning: bool) -> None:
    document = "query($names: Boolean = false) { students(first: 1) { nodes { id firstName @include(if: $names) } } }"
    assert set((await worlds.ask(document, planning=planning)).found["students"]["nodes"][0]) == {"id"}
    named = await worlds.ask(document, planning=planning, names=True)
    assert set(named.found["students"]["nodes"][0]) == {"id", "firstName"}


@PLANNING
async def test_rows_are_not_read_for_a_page_whose_rows_are_skipped(worlds: Worlds, planning: bool) -> None:
    document = "query($rows: Boolean!) { students { totalCount nodes @include(if: $rows) { id } } }"
    assert (await worlds.ask(document, planning=planning, rows=False)).statements == 1
    assert (await worlds.ask(document, planning=planning, rows=True)).statements == 2


@PLANNING
async def test_a_fragment_in_two_places_is_read_as_each_place_needs(worlds: Worlds, planning: bool) -> None:
    document = """query($a: ID!, $b: ID!) {
        a: student(id: $a) { ...Links }
        b: student(id: $b) { ...Links guardians { contactPriority guardian { fullName } } }
    }
    fragment Links on Student { guardians { id guardian { id } } }"""
    a, b = worlds.ours.gid(Student, 1), worlds.ours.gid(Student, 2)
    found = (await worlds.ask(document, planning=planning, a=a, b=b)).found
    assert set(found["a"]["guardians"][0]) == {"id", "guardian"}
    assert found["b"]["guardians"][0]["contactPriority"] == 1
    assert found["b"]["guardians"][0]["guardian"]["fullName"] == "Ravi2 Rao2"


@PLANNING
async def test_selections_of_one_field_are_merged(worlds: Worlds, planning: bool) -> None:
    document = """query($id: ID!) {
        student(id: $id) { grades { date } ...Scores }
        student(id: $id) { grades { subject { name } } ... on Node { id } }
    }
    fragment Scores on Student { grades { score subject { code } } }"""
    answer = await worlds.ask(document, planning=planning, id=worlds.ours.gid(Student, 1))
    assert answer.found["student"] == {
        "grades": [{"date": "2001-09-02", "score": "7.5", "subject": {"name": "Subject 1", "code": "S1"}}],
        "id": worlds.ours.gid(Student, 1),
    }
    assert answer.statements == 3


@PLANNING
async def test_aliases_keep_their_arguments_apart(worlds: Worlds, planning: bool) -> None:
    document = """query($id: ID!) {
        course(id: $id) {
            all: enrollments { id }
            dropped: enrollments(where: { status: { eq: DROPPED } }) { id }
            active: enrollments(where: { status: { eq: ACTIVE } }) { id }
            none: enrollments(first: 0) { id }
            name title: name
        }
    }"""
    answer = await worlds.ask(document, planning=planning, id=worlds.ours.gid(Course, 1))
    course = answer.found["course"]
    assert course["all"] == course["dropped"] == [{"id": f"enr_{worlds.ours.ids['enrollment'][1]}"}]
    assert course["active"] == course["none"] == []
    assert course["name"] == course["title"] == "Course 1"
    assert list(course) == ["all", "dropped", "active", "none", "name", "title"]


@PLANNING
async def test_types_name_themselves(worlds: Worlds, planning: bool) -> None:
    document = """query($id: ID!) {
        __typename
        node(id: $id) { __typename }
        students(first: 1) {
            __typename
            pageInfo { __typename }
            edges { __typename node { __typename guardians { __typename } } }
        }
    }"""
    assert (await worlds.ask(document, planning=planning, id=worlds.ours.gid(Student, 1))).found == {
        "__typename": "Query",
        "node": {"__typename": "Student"},
        "students": {
            "__typename": "StudentConnection",
            "pageInfo": {"__typename": "PageInfo"},
            "edges": [
                {
                    "__typename": "StudentEdge",
                    "node": {"__typename": "Student", "guardians": [{"__typename": "StudentGuardian"}]},
                }
            ],
        },
    }


ROWS = "fragment S on Student { id lastName }"
PAGE = "fragment C on StudentConnection { nodes { ...S } }"
SPELLINGS = [
    "{ students(first: 2) { nodes { id lastName } } }",
    f"{{ students(first: 2) {{ nodes {{ ...S }} }} }} {ROWS}",
    f"{{ students(first: 2) {{ ...C }} }} {PAGE} {ROWS}",
    "{ students(first: 2) { ... { nodes { ... on Student { id } } } nodes { lastName } } }",
    "{ students(first: 2) { nodes { id } ... on StudentConnection { nodes { ... on Node { id } lastName } } } }",
    "{ ... on Query { students(first: 2) { edges { node { id lastName } } nodes { id lastName } } } }",
]


@PLANNING
@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_fragments_change_nothing(worlds: Worlds, planning: bool, spelling: str) -> None:
    answer = await worlds.ask(spelling, planning=planning)
    assert [set(node) for node in answer.found["students"]["nodes"]] == [{"id", "lastName"}] * 2
    assert answer.statements == 1
