"""What plans cost, what they leave to graphql-core, and what is kept of them."""

import pkgutil
import re
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, parse

from models import Course, Role, Student
from resolvers.context import Context
from schema import execution
from schema.execution import ahead
from schema.execution.cache import Plans
from schema.execution.operation import KEPT, Operation
from tests.answers import ENGINE, NOW, run
from tests.execution.compare import answer, form
from tests.execution.conftest import Message
from tests.execution.generator import Operation as Asked
from tests.sealing import SERVICES
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database


async def _run(worlds: Worlds, text: str, **variables: Any) -> tuple[Any, Context]:
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
    return await _carry_out(_operation(text), variables, context), context


def _operation(text: str) -> Operation:
    (operation,) = ENGINE.operations(parse(text)).values()
    return operation


async def _carry_out(operation: Operation, variables: dict[str, Any], context: Context) -> ExecutionResult:
    try:
        return await ENGINE.execute(operation, variables, context)
    finally:
        await context.close()


async def test_a_page_with_relations_is_one_plan_and_one_statement_a_relation(worlds: Worlds) -> None:
    text = """{ students(first: 50) { nodes { fullName enrollments { course { name teachers { user { fullName } } } }
        grades(first: 30) { score subject { name } } } } }"""

    result, context = await _run(worlds, text)

    assert result.errors is None
    assert (context.planned, context.planning, context.statements) == (1, True, 7)


async def test_the_same_relation_twice_with_other_arguments_is_two_statements(worlds: Worlds) -> None:
    text = "{ students(first: 5) { nodes { a: grades(first: 1) { id } b: grades(first: 2) { id } } } }"

    _, context = await _run(worlds, text)

    assert (context.planned, context.statements) == (1, 3)


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("{ settings { key } }", 1),
        ("{ configuration { general { key } profile { schoolName } } }", 2),
        ("{ schoolProfile { timeZone } }", 0),
    ],
    ids=["rows of a resolver", "rows inside an object", "a function among the fields"],
)
async def test_what_graphql_core_resolves_has_plans_below(worlds: Worlds, text: str, planned: int) -> None:
    result, context = await _run(worlds, text)

    assert result.errors is None
    assert context.planned == planned


async def test_a_refused_argument_is_reported_by_graphql_core_and_the_rest_goes_on(worlds: Worlds) -> None:
    result, context = await _run(worlds, '{ student(id: "nonsense") { id } subject(id: "sub_1") { id } }')

    (error,) = result.errors
    assert (error.path, error.message) == (["student"], "id: 'nonsense' is not the id of a Student")
    assert result.data is not None
    assert result.data["student"] is None
    assert context.planning is False


@pytest.mark.parametrize(
    "text",
    [
        "query ($n: Boolean = true) { subjects(first: 2) { nodes { id name @include(if: $n) } } }",
        "query ($n: Boolean = true) { configuration { general { key @skip(if: $n) } } }",
    ],
    ids=["of a page", "of rows of a resolver"],
)
async def test_a_null_that_decides_nothing_is_reported_by_graphql_core(worlds: Worlds, text: str) -> None:
    asked = Asked(text, {"n": None})
    planned, _ = await answer(worlds, asked, planning=True)
    standard, _ = await answer(worlds, asked, planning=False)

    assert planned == standard
    (error,) = orjson.loads(standard)["errors"]
    assert "Expected variable '$n' provided to non-null type 'Boolean!' not to be None" in error
    assert "path" in orjson.loads(error)


async def test_after_a_failure_of_the_database_the_snapshot_is_read_again(worlds: Worlds) -> None:
    text = "query ($id: ID!) { student(id: $id) { fullName } }"
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
    sent = context.rows_of
    failures = iter([True])

    async def rows_of(statement: Any, values: Any, **how: bool) -> Any:
        if next(failures, False):
            reader = await context._reader()
            await reader.execute("SELECT 1 / 0")
        return await sent(statement, values, **how)

    context.rows_of = rows_of  # type: ignore[method-assign]
    result = await _carry_out(_operation(text), {"id": worlds.ours.gid(Student, 0)}, context)

    assert result.errors is None
    assert result.data is not None
    assert result.data["student"]["fullName"]
    assert (context.planned, context.planning) == (0, False)


async def test_one_statement_has_its_snapshot_without_a_transaction(worlds: Worlds) -> None:
    _, alone = await _run(worlds, "{ students(first: 5) { nodes { fullName schoolYear { code } } } }")
    _, more = await _run(worlds, "{ students(first: 5) { totalCount nodes { fullName } } }")
    _, least = await _run(worlds, "{ students(first: 5) { nodes { fullName } pageInfo { endCursor } } }")

    assert [(each.alone, each.statements) for each in (alone, more, least)] == [(True, 2), (False, 2), (True, 1)]


def selects(messages: list[Message]) -> list[int]:
    return [each.selects for each in messages]


BELOW = """fullName guardians { guardian { fullName } } scholarships { name }
    enrollments { course { name } } grades { course { name } }"""


async def test_what_hangs_below_one_record_goes_in_one_message(worlds: Worlds, messages: list[Message]) -> None:
    text = f"query ($id: ID!) {{ student(id: $id) {{ {BELOW} }} }}"
    _, context = await _run(worlds, text, id=worlds.ours.gid(Student, 0))

    assert (selects(messages), context.statements, context.alone) == ([8], 8, True)


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ("enrollments { course { grades { score } } }", [8, 1]),
        ("enrollments { course { leadTeacher { gradesGiven(first: 1) { nodes { score } } } } }", [9, 1]),
    ],
    ids=["lists below lists", "a page"],
)
async def test_what_is_not_read_ahead_is_asked_for_in_the_same_snapshot(
    worlds: Worlds, messages: list[Message], more: str, sent: list[int]
) -> None:
    text = f"query ($id: ID!) {{ student(id: $id) {{ {BELOW} {more} }} }}"
    _, context = await _run(worlds, text, id=worlds.ours.gid(Student, 0))

    assert (selects(messages), context.planned, context.alone) == (sent, 1, False)


@pytest.mark.parametrize(
    "below",
    [
        "enrollments { course { id name } } grades { course { id name enrollments(first: 1) { id } } }",
        "a: scholarships(first: 1) { id } b: scholarships(first: 2) { id } guardians { id }",
        "grades { score } enrollments { course { enrollments { student { grades { score } } } } }",
        "grades { subject { name } } enrollments { course { grades { subject { name } } } }",
        "id guardians { guardian { students { student { guardians { guardian { id } } } } } }",
        """enrollments { course { leadTeacher { fullName student { id } } } }
           grades { course { leadTeacher { fullName student { id } } } }""",
        """id enrollments { course { leadTeacher { id fullName student { id } } } }
           grades { course { leadTeacher { id fullName } } }""",
    ],
    ids=["one goes on", "other values", "of others", "of a course's", "of siblings", "both go on", "of a later part"],
)
async def test_one_statement_with_keys_or_values_of_two_kinds_is_asked_for_apart(worlds: Worlds, below: str) -> None:
    """What is read ahead for one relation says nothing of another's keys."""
    text = f"query ($id: ID!) {{ student(id: $id) {{ {below} }} }}"
    for number in range(3):
        id = worlds.ours.gid(Student, number)
        planned, context = await _run(worlds, text, id=id)
        standard = await run(worlds.database, worlds.viewer(Role.ADMIN), text, {"id": id}, planning=False)

        assert (context.planned, context.planning) == (1, True)
        assert planned.data == standard.data


async def test_a_record_with_an_array_is_read_by_itself(worlds: Worlds, messages: list[Message]) -> None:
    text = "query ($id: ID!) { course(id: $id) { meetingDays leadTeacher { fullName } } }"
    _, context = await _run(worlds, text, id=worlds.ours.gid(Course, 0))

    assert (selects(messages), context.planned) == ([1, 1], 1)


async def test_who_is_not_there_was_not_read(worlds: Worlds) -> None:
    text = f"query ($id: ID!) {{ student(id: $id) {{ {BELOW} }} }}"
    _, context = await _run(worlds, text, id="stu_99999999")
    _, seen = await _run(worlds, text, id=worlds.ours.gid(Student, 0))

    assert (context.students, seen.students) == (set(), {worlds.ours.ids["student"][0]})


async def test_who_was_read_ahead_was_read(worlds: Worlds) -> None:
    """Nothing that hangs below names the student."""
    text = "query ($id: ID!) { student(id: $id) { status schoolYear { code } photo { id } } }"
    _, context = await _run(worlds, text, id=worlds.ours.gid(Student, 0))

    assert context.students == {worlds.ours.ids["student"][0]}


async def test_a_record_with_much_below_it_is_read_level_by_level(
    worlds: Worlds, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "MOST_ROWS", 3)
    monkeypatch.setattr(ahead, "PAUSE", 2)
    operation = _operation(f"query ($id: ID!) {{ student(id: $id) {{ {BELOW} }} }}")
    sent = []
    for _ in range(4):
        messages.clear()
        context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
        await _carry_out(operation, {"id": worlds.ours.gid(Student, 0)}, context)
        await context.close()
        sent.append(selects(messages))

    assert sent == [[8], [1, 4, 3], [1, 4, 3], [8]]


async def test_an_operation_keeps_as_many_plans_as_it_has_shapes_and_no_more_than_a_bound(worlds: Worlds) -> None:
    names = [f"v{n}" for n in range(6)]
    parts = " ".join(f"a{n}: fullName @include(if: ${name})" for n, name in enumerate(names))
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    operation = _operation(f"query ({declared}) {{ students(first: 1) {{ nodes {{ id {parts} }} }} }}")
    for number in range(2 ** len(names)):
        variables = {name: bool(number >> n & 1) for n, name in enumerate(names)}
        context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
        result = await _carry_out(operation, variables, context)

        assert result.data is not None
        (node,) = orjson.loads(form(result))["data"]["students"]["nodes"]
        assert set(node) == {"id"} | {f"a{n}" for n, name in enumerate(names) if variables[name]}

    assert len(operation.plans) == KEPT


async def test_plans_below_what_functions_resolve_are_kept_with_the_operation(worlds: Worlds) -> None:
    operation = _operation("{ configuration { general { key } profile { schoolName } } }")
    for _ in range(3):
        context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
        await _carry_out(operation, {}, context)

    assert len(operation.selections) == 2


async def test_plans_below_what_functions_resolve_are_as_many_as_their_bound(worlds: Worlds) -> None:
    operation = _operation(
        "query ($a: Boolean!, $b: Boolean!) { settings { key @skip(if: $a) value @skip(if: $b) id } }"
    )
    operation.selections = Plans(3)
    for number in range(8):
        context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
        await _carry_out(operation, {"a": bool(number & 1), "b": bool(number & 2)}, context)

    assert len(operation.selections) == 3


async def test_rows_with_lists_in_them_are_not_sent_within_a_row(worlds: Worlds) -> None:
    text = "query ($id: ID!) { student(id: $id) { enrollments { course { meetingDays } } grades { course { name } } } }"
    _, context = await _run(worlds, text, id=worlds.ours.gid(Student, 0))

    assert (context.planned, context.planning, context.statements) == (1, True, 5)


def test_the_package_says_what_each_module_is_for() -> None:
    told = execution.__doc__ or ""
    names = [module.name for module in pkgutil.iter_modules(execution.__path__)]

    assert [name for name in names if not re.search(rf"^{name} +\S", told, re.MULTILINE)] == []
    assert len(told.splitlines()) <= 60


async def test_what_is_not_carried_out_hides_nothing(worlds: Worlds) -> None:
    operation = _operation("query ($where: StudentWhere) { students(first: 1, where: $where) { nodes { religion } } }")
    viewer = worlds.viewer(Role.TEACHER)
    told = []
    given: list[dict[str, Any]] = [{"AND": []}, {"AND": [None]}]
    for where in given:
        context = Context(worlds.database, viewer, now=NOW, timeout=60, services=SERVICES)
        answer = await _carry_out(operation, {"where": where}, context)
        told.append((bool(answer.errors), bool(answer.extensions)))

    assert told == [(False, True), (True, False)]
