"""What plans cost, what they leave to graphql-core, and what is kept of them."""

from typing import Any

import pytest
from graphql import execute, parse

from models import Role, Student
from resolvers.context import Context
from schema.execution.executor import plans
from schema.root import schema
from tests.answers import NOW
from tests.worlds import Worlds


async def _run(worlds: Worlds, text: str, **variables: Any) -> tuple[Any, Context]:
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60)
    options: dict[str, Any] = {"context_value": context, "executor_class": schema.execution_context_class}
    try:
        result: Any = await execute(schema._schema, parse(text), variable_values=variables, **options)  # type: ignore[misc]
    finally:
        await context.close()
    return result, context


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
    assert result.data["student"] is None
    assert context.planning is False


async def test_after_a_failure_of_the_database_the_snapshot_is_read_again(worlds: Worlds) -> None:
    text = "query ($id: ID!) { student(id: $id) { fullName } }"
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60)
    sent = context.fetch
    failures = iter([True])

    async def fetch(statement: Any, **values: Any) -> Any:
        if next(failures, False):
            reader = await context._reader()
            await reader.execute("SELECT 1 / 0")
        return await sent(statement, **values)

    context.fetch = fetch  # type: ignore[method-assign]
    options: dict[str, Any] = {"context_value": context, "executor_class": schema.execution_context_class}
    try:
        variables = {"id": worlds.ours.gid(Student, 0)}
        result: Any = await execute(schema._schema, parse(text), variable_values=variables, **options)  # type: ignore[misc]
    finally:
        await context.close()

    assert result.errors is None
    assert result.data["student"]["fullName"]
    assert (context.planned, context.planning) == (0, False)


async def test_documents_that_clients_write_anew_each_time_do_not_fill_the_memory(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "size", 20)

    for n in range(60):
        await _run(worlds, f'{{ students(where: {{ lastName: {{ eq: "{n}" }} }}) {{ nodes {{ id }} }} }}')

    assert len(plans) <= 20
    assert len(plans._conditions) <= 20
