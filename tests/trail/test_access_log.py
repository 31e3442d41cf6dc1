"""The access log as ADMIN reads it: operations, each with the students whose records it read.

Row n of a world's log is about the students n and n + 1.
"""

from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import BigInteger, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import AccessEntry, ActorKind, Role, Student
from resolvers.access import audiences, hides_rows
from resolvers.filters import Every, Holds, IsNull, Not, Some, clause
from tests.conftest import Execute, School
from tests.factories import create_student, gid
from tests.trail.test_trail import OTHERS
from tests.worlds import COUNT, Worlds

PLANNING = pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])
FILTERED = "query($where: AccessEntryWhere) { accessLog(where: $where, orderBy: [{ field: AT }]) { nodes { id } } }"
ENTRY = """query($id: ID!, $first: Int, $after: ID) {
    accessEntry(id: $id) { studentCount students(first: $first, after: $after) { id } } }"""


def entries(worlds: Worlds, *numbers: int) -> set[str]:
    return {worlds.ours.gid(AccessEntry, n % COUNT) for n in numbers}


@PLANNING
async def test_an_entry_names_all_whose_records_were_read(worlds: Worlds, planning: bool) -> None:
    answer = await worlds.ask(ENTRY, planning=planning, id=worlds.ours.gid(AccessEntry, 4))
    students = [{"id": worlds.ours.gid(Student, n)} for n in (4, 5)]
    assert answer.found["accessEntry"] == {"studentCount": 2, "students": students}
    assert answer.students == {worlds.ours.ids["student"][n] for n in (4, 5)}
    assert answer.statements == 2


async def test_of_those_only_the_first_are_read_who_are_asked_for(worlds: Worlds) -> None:
    answer = await worlds.ask(ENTRY, id=worlds.ours.gid(AccessEntry, 4), first=1)
    assert answer.found["accessEntry"] == {"studentCount": 2, "students": [{"id": worlds.ours.gid(Student, 4)}]}
    assert answer.students == {worlds.ours.ids["student"][4]}
    answer = await worlds.ask(ENTRY, id=worlds.ours.gid(AccessEntry, 4), after=worlds.ours.gid(Student, 4))
    assert answer.found["accessEntry"] == {"studentCount": 2, "students": [{"id": worlds.ours.gid(Student, 5)}]}


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"first": -1}, "first"), ({"first": 101}, "first"), ({"after": "crs_1"}, "after"), ({"after": "?"}, "after")],
    ids=str,
)
async def test_what_cannot_be_asked_for_is_named(worlds: Worlds, asked: dict[str, Any], field: str) -> None:
    answer = await worlds.ask(ENTRY, refused=True, id=worlds.ours.gid(AccessEntry, 4), **asked)
    assert answer.refusal == ("BAD_USER_INPUT", field)


async def test_no_more_are_read_than_are_shown_where_nothing_is_said(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    students = [await create_student(session, school) for _ in range(27)]
    by = {"institution_id": school.id, "actor_kind": ActorKind.USER, "actor_id": 1}
    # The keys of nobody stand for students of an import that has been undone.
    entry = AccessEntry(**by, student_ids=[-1, *(student.id for student in reversed(students))])
    session.add(entry)
    await session.flush()
    found = (await execute(ENTRY, id=gid(entry))).found["accessEntry"]
    assert found == {"studentCount": 28, "students": [{"id": gid(student)} for student in students[:24]]}


async def test_the_students_of_a_page_are_read_at_once(worlds: Worlds) -> None:
    document = "{ accessLog(first: 40) { nodes { students { id fullName } } } }"
    answer = await worlds.ask(document)
    assert [len(each["students"]) for each in answer.found["accessLog"]["nodes"]] == [2] * 40
    assert answer.statements == 2


@PLANNING
async def test_each_student_has_the_entries_that_name_the_student(worlds: Worlds, planning: bool) -> None:
    document = "{ students(first: 10) { nodes { id accessLog(first: 5) { totalCount nodes { id } } } } }"
    answer = await worlds.ask(document, planning=planning)
    for each in answer.found["students"]["nodes"]:
        n = worlds.ours.ids["student"].index(int(each["id"].removeprefix("stu_")))
        assert {entry["id"] for entry in each["accessLog"]["nodes"]} == entries(worlds, n - 1, n)
        assert each["accessLog"]["totalCount"] == 2
    assert answer.statements == 3


@PLANNING
async def test_pages_of_a_students_entries_go_on_where_they_ended(worlds: Worlds, planning: bool) -> None:
    document = """query($id: ID!, $after: String) { student(id: $id) {
        accessLog(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } }"""
    found, after, more = [], None, True
    while more:
        answer = await worlds.ask(document, planning=planning, id=worlds.ours.gid(Student, 7), after=after)
        page = answer.found["student"]["accessLog"]
        found += [each["id"] for each in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(found) == 2
    assert set(found) == entries(worlds, 6, 7)


async def test_conditions_on_one_of_the_students(worlds: Worlds) -> None:
    one, other = worlds.ours.gid(Student, 3), worlds.ours.gid(Student, 8)
    expected = {
        "has": ({"has": one}, {2, 3}),
        "any": ({"hasAny": [one, other]}, {2, 3, 7, 8}),
        "both": ({"has": one, "hasAny": [worlds.ours.gid(Student, 4), other]}, {3}),
        "nobody": ({"hasAny": []}, set()),
    }
    for name, (condition, numbers) in expected.items():
        page = (await worlds.ask(FILTERED, where={"students": condition})).found["accessLog"]
        assert {each["id"] for each in page["nodes"]} == entries(worlds, *numbers), name
    negated = {"NOT": {"students": {"hasAny": [worlds.ours.gid(Student, n) for n in range(COUNT) if n != 1]}}}
    assert (await worlds.ask(FILTERED, where=negated)).found["accessLog"]["nodes"] == []


def test_entries_are_looked_up_where_they_must_meet_a_condition_and_looked_at_else() -> None:
    """The function that finds them would be called for each row that another condition lets pass."""
    admin, held = frozenset({Role.ADMIN}), Holds("student_ids", 0)
    for condition, finding in ((held, True), (Every((held,)), True), (Not(held), False), (Some((held,)), False)):
        for whole in (condition, Every((condition, IsNull("purpose", negated=False)))):
            assert ("readings_of" in str(clause(AccessEntry, whole, admin))) == finding


def test_whoever_filters_by_students_sees_them_all() -> None:
    """What is asked for need not be looked for among the students that the viewer sees."""
    for roles in (frozenset({*some}) for n in range(1, 4) for some in combinations(Role, n)):
        assert not (audiences(AccessEntry, roles) and hides_rows(Student, roles)), roles


async def test_either_of_two_conditions_may_be_met(worlds: Worlds) -> None:
    one, other = ({"students": {"has": worlds.ours.gid(Student, n)}} for n in (3, 8))
    page = (await worlds.ask(FILTERED, where={"OR": [one, other]})).found["accessLog"]
    assert {each["id"] for each in page["nodes"]} == entries(worlds, 2, 3, 7, 8)


async def test_a_condition_that_cannot_be_met_names_its_place(worlds: Worlds) -> None:
    for condition in ({"has": None}, {"hasAny": ["crs_1"]}, {"has": "nonsense"}):
        answer = await worlds.ask(FILTERED, where={"students": condition}, refused=True)
        assert answer.refusal == ("BAD_USER_INPUT", f"where.students.{next(iter(condition))}")


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_asks_by_whom_a_student_was_read(worlds: Worlds, role: Role) -> None:
    where = {"students": {"has": worlds.ours.gid(Student, 3)}}
    answer = await worlds.ask(FILTERED, role, where=where, refused=True)
    assert answer.refusal == ("FORBIDDEN", "where.students")


async def test_another_schools_students_have_no_entry_here(worlds: Worlds) -> None:
    """The function that finds the entries of a student is not under row-level security."""
    where = {"students": {"hasAny": [worlds.theirs.gid(Student, n) for n in range(COUNT)]}}
    assert (await worlds.ask(FILTERED, where=where)).found["accessLog"]["nodes"] == []
    keys = func.array(select(func.generate_series(literal(1, BigInteger), 100_000)).scalar_subquery())
    statement = select(func.cardinality(func.readings_of(keys)))
    async with worlds.database.write(worlds.ours.institution_id, 5) as session:
        assert await session.scalar(statement) == COUNT
        await session.execute(select(func.set_config("app.institution_id", "", True)))
        assert await session.scalar(statement) == 0
