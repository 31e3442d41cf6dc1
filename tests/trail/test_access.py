"""Whose records an operation has read: exactly the students whose rows it returned, whichever way it was executed."""

import re
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from models import AccessEntry, Base, Course, Grade, Guardian, Role, Student
from models.computed import value
from resolvers.context import Context
from resolvers.trail.subjects import subject
from schema.execution import chunks
from schema.node import identity
from tests.answers import ENGINE, NOW, Answer
from tests.answers import operation as parsed
from tests.reading.test_statement_counts import parents
from tests.schema_map import entities, lists, relations, selection, type_of
from tests.worlds import COUNT, Worlds

pytestmark = pytest.mark.any_database

PLANNING = pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])
ID = re.compile(rb'"([a-z]{3})_(?:\d{8}_)?(\d+)"')
# Rows of the world, and the students that they point to.
A, B = 1, 2


def keys(worlds: Worlds, *rows: int) -> frozenset[int]:
    return frozenset(worlds.ours.ids["student"][n] for n in rows)


async def subjects(worlds: Worlds, model: Any) -> list[tuple[Any, ...]]:
    """Our rows of a model, each with its student."""
    student = value(model, str(subject(model)))
    statement = select(model.id, student).where(student.is_not(None))
    return await worlds.rows(statement.where(model.institution_id == worlds.ours.institution_id))


async def shown(worlds: Worlds, answer: Answer) -> frozenset[int]:
    """The students of all rows whose ids stand in an answer."""
    found = {(match[1].decode(), int(match[2])) for match in ID.finditer(orjson.dumps(answer.data))}
    students: set[int] = set()
    for model in entities():
        named = {key for prefix, key in found if prefix == identity(model).prefix}
        if subject(model) is not None and named:
            students |= {student for key, student in await subjects(worlds, model) if key in named}
    return frozenset(students)


def test_whatever_is_about_one_student_is_part_of_the_record() -> None:
    assert {type_of(model) for model in entities() if subject(model)} == {
        "Attendance",
        "AuditEntry",
        "Enrollment",
        "ExternalId",
        "FamilyInfo",
        "Grade",
        "ReportCard",
        "ReportCardComment",
        "RolloverLine",
        "Scholarship",
        "SchoolEnrollment",
        "Student",
        "StudentGuardian",
    }
    with_key: set[type[Base]] = {mapper.class_ for mapper in Base.registry.mappers if "student_id" in mapper.columns}
    assert all(subject(model) for model in with_key)
    assert subject(AccessEntry) is None


@PLANNING
@pytest.mark.parametrize("model", lists(), ids=type_of)
async def test_a_page_with_all_relations_of_its_rows(worlds: Worlds, model: type[Base], planning: bool) -> None:
    kind, name = type_of(model), lists()[model]
    rows = f"{name}(where: $where) {{ nodes {{ {selection(model, 2, leaf=False)} }} }}"
    document = f"query($where: {kind}Where) {{ {rows} }}"
    answer = await worlds.ask(document, planning=planning, where=parents(model, worlds.ours, [A, B]))
    assert len(answer.found[name]["nodes"]) == 2
    assert answer.students == await shown(worlds, answer)


@PLANNING
@pytest.mark.parametrize("window", ["first: 7", "last: 7", "first: 0", f"first: {COUNT}"])
@pytest.mark.parametrize("model", [model for model in lists() if subject(model)], ids=type_of)
async def test_the_row_that_only_tells_that_there_are_more_is_nobodys(
    worlds: Worlds, model: type[Base], window: str, planning: bool
) -> None:
    document = f"{{ {lists()[model]}({window}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }}"
    answer = await worlds.ask(document, planning=planning)
    assert answer.students == await shown(worlds, answer)


@PLANNING
@pytest.mark.parametrize("window", ["first: 0", "first: 1", "last: 1"])
async def test_nor_is_it_in_the_pages_of_many_parents(worlds: Worlds, window: str, planning: bool) -> None:
    document = f"{{ subjects {{ nodes {{ grades({window}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }} }} }}"
    answer = await worlds.ask(document, planning=planning)
    assert answer.students == await shown(worlds, answer)
    assert bool(answer.students) == (window != "first: 0")


OPERATIONS: dict[str, tuple[str, list[int]]] = {
    "by id": ('{ student(id: "A") { fullName } }', [A]),
    "nothing but its type": ('{ student(id: "A") { __typename } }', [A]),
    "under two names": ('{ x: student(id: "A") { id } y: student(id: "A") { age } }', [A]),
    "two at once": ('{ a: student(id: "A") { id } b: student(id: "B") { id } }', [A, B]),
    "a node": ('{ node(id: "A") { __typename } }', [A]),
    "nodes of different types": ('{ nodes(ids: ["A", "GRADE_B", "GUARDIAN_A"]) { id } }', [A, B]),
    "a mark without its student": ('{ grade(id: "GRADE_A") { score } }', [A]),
    "a mark and its student": ('{ grade(id: "GRADE_A") { student { id } } }', [A]),
    "a guardian": ('{ guardian(id: "GUARDIAN_A") { fullName } }', []),
    "a guardian's children": ('{ guardian(id: "GUARDIAN_A") { students { student { fullName } } } }', [A]),
    "the links alone": ('{ guardian(id: "GUARDIAN_A") { students { relation } } }', [A]),
    "names elsewhere": ('{ externalIds(where: { entity: { eq: "student" } }, first: 1) { nodes { value } } }', [0]),
    "others' names elsewhere": ('{ externalIds(where: { entity: { eq: "course" } }, first: 5) { nodes { id } } }', []),
    "from a course": ('{ course(id: "COURSE_A") { enrollments { status } grades { student { age } } } }', [A]),
    "a course alone": ('{ course(id: "COURSE_A") { name } }', []),
    "a filter that finds": ('{ students(where: { id: { eq: "A" } }) { nodes { age } } }', [A]),
    "a filter that finds nothing": ('{ students(where: { firstName: { eq: "?" } }) { nodes { id } } }', []),
    "a filter by a student": ('{ courses(where: { grades: { student: { eq: "A" } } }) { nodes { name } } }', []),
    "a list without rows": ('{ student(id: "A") { grades(first: 0) { id } } }', [A]),
    "counting": ("{ students { totalCount } grades { totalCount } subjects { nodes { grades { totalCount } } } }", []),
    "cursors alone": ("{ students(first: 1) { pageInfo { endCursor } } }", [0]),
    "a search": ('{ students(search: "Asha1 ") { nodes { id } } }', [1, *range(10, 20)]),
    "the first hits": ('{ students(search: "Asha1 ", first: 1) { nodes { id } } }', [1]),
    "counting hits": ('{ students(search: "Asha") { totalCount } }', []),
    "an absent student": ('{ student(id: "stu_9223372036854775807") { id } }', []),
    "another school's": ('{ student(id: "THEIRS") { id } node(id: "THEIRS") { id } }', []),
    "nothing of the school": ("{ __typename __schema { queryType { name } } }", []),
}


def spelled(worlds: Worlds, document: str) -> str:
    named: dict[str, str] = {"THEIRS": worlds.theirs.gid(Student, A)}
    for letter, n in (("A", A), ("B", B)):
        named |= {letter: worlds.ours.gid(Student, n), f"GRADE_{letter}": worlds.ours.gid(Grade, n)}
        named |= {f"{model.__name__.upper()}_{letter}": worlds.ours.gid(model, n) for model in (Guardian, Course)}
    return re.sub(r'"([A-Z_]+)"', lambda match: f'"{named[match[1]]}"', document)


@PLANNING
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_operations(worlds: Worlds, operation: str, planning: bool) -> None:
    document, rows = OPERATIONS[operation]
    answer = await worlds.ask(spelled(worlds, document), planning=planning)
    assert answer.students == keys(worlds, *rows)


@PLANNING
async def test_beside_an_error_what_was_read_counts(worlds: Worlds, planning: bool) -> None:
    document = spelled(worlds, '{ wrong: student(id: "nonsense") { id } right: student(id: "A") { id } }')
    answer = await worlds.ask(document, planning=planning, refused=True)
    assert answer.found == {"wrong": None, "right": {"id": worlds.ours.gid(Student, A)}}
    assert answer.students == keys(worlds, A)


@PLANNING
async def test_a_page_that_is_refused_reads_nobody(worlds: Worlds, planning: bool) -> None:
    answer = await worlds.ask("{ students(first: 101) { nodes { id } } }", planning=planning, refused=True)
    assert answer.students == frozenset()


@pytest.mark.parametrize("beside", ["", "me { username } "], ids=["plan", "executor"])
async def test_what_earlier_operations_read_stays_read(worlds: Worlds, beside: str) -> None:
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60)
    try:
        for text in ('{ student(id: "A") { id } }', f"{{ {beside}students(first: 101) {{ nodes {{ id }} }} }}"):
            result = await ENGINE.execute(parsed(spelled(worlds, text)), {}, context)
    finally:
        await context.close()
    assert result.errors
    assert context.access is not None
    assert context.access.students == keys(worlds, A)


@PLANNING
async def test_what_the_viewer_may_not_see_is_not_read(worlds: Worlds, planning: bool) -> None:
    document = spelled(worlds, '{ student(id: "A") { id } students { nodes { id } } grades { nodes { id } } }')
    answer = await worlds.ask(document, Role.GUARDIAN, planning=planning)
    assert answer.found == {"student": None, "students": {"nodes": []}, "grades": {"nodes": []}}
    assert answer.students == frozenset()


def test_lists_found_by_a_students_key_hang_on_the_students_own_record() -> None:
    """Their rows are not looked at one by one, since the parent's row has told already whose they are."""
    found = []
    for model in entities():
        for name, read in relations(model).items():
            if read.batch.by_student:
                assert read.batch.parent == subject(model), f"{type_of(model)}.{name}"
                found.append((model, name))
    assert {model for model, _ in found} == {Student}
    assert len(found) == 7


@pytest.mark.parametrize("first", [2, 3, 4, 6, 7, COUNT])
async def test_a_list_that_is_read_in_chunks(worlds: Worlds, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    monkeypatch.setattr(chunks, "LONG", 1)
    monkeypatch.setattr(chunks, "CHUNK", 3)
    document = f"{{ students(first: {first}) {{ nodes {{ id }} }} }}"
    chunked = await worlds.ask(document, planning=True)
    whole = await worlds.ask(document, planning=False)
    assert len(chunked.students) == first
    assert chunked.students == whole.students


async def test_reading_costs_no_statement_more(worlds: Worlds) -> None:
    document = "{ students { nodes { id } } }"
    async with worlds.database.context(worlds.viewer(Role.ADMIN), request_id="r", timeout=60) as context:
        assert context.access is None
    assert (await worlds.ask(document)).statements == 1
