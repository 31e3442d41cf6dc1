"""An operation that is run again answers as the standard does, though its arguments are not made anew each time."""

from typing import Any

import orjson
import pytest
from graphql import get_argument_values, parse

from models import Course, Role, Student
from resolvers.context import Context
from schema.execution import arguments, templates
from schema.execution.chunks import encode
from schema.execution.operation import Operation
from tests.answers import ENGINE, NOW
from tests.sealing import SERVICES
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

TEXT = """query (
    $first: Int, $day: Date, $names: [String!], $status: StudentStatus, $course: ID, $direction: OrderDirection
    $step: StudentOrder!, $where: StudentWhere
) {
    literal: students(first: 3, where: { status: { eq: ACTIVE } }, orderBy: { field: LAST_NAME }) { nodes { fullName } }
    held: students(first: $first, where: { AND: [{ dateOfBirth: { gte: $day } }, { status: { eq: $status } }] }) {
        nodes { dateOfBirth status }
    }
    ordered: students(first: $first, orderBy: [{ field: LAST_NAME, direction: $direction }, $step]) { nodes { id } }
    turned: students(first: $first, orderBy: { field: LAST_NAME, direction: $direction }) { nodes { id } }
    listed: students(first: 9, where: { lastName: { in: $names } }) { nodes { lastName } }
    given: students(first: 9, where: $where) { nodes { lastName } }
    nested: students(first: 4, where: { enrollments: { NOT: { course: { eq: $course } } } }) {
        nodes { enrollments(first: $first, where: { course: { eq: $course } }) { course { id } } }
    }
}"""


def _prepared() -> Operation:
    (operation,) = ENGINE.operations(parse(TEXT)).values()
    return operation


async def _answer(worlds: Worlds, operation: Operation, variables: dict[str, Any], *, planning: bool) -> dict[str, Any]:
    viewer = worlds.viewer(Role.ADMIN)
    context = Context(worlds.database, viewer, now=NOW, timeout=60, planning=planning, services=SERVICES)
    try:
        result = await ENGINE.execute(operation, variables, context)
    finally:
        await context.close()
    errors = [error.formatted for error in result.errors or []]
    # What fails on its way is answered all the same, by graphql-core.
    assert errors or context.planned == (len(result.data) if planning and result.data else 0)
    answer: dict[str, Any] = orjson.loads(b"".join(encode({"data": result.data, "errors": errors})))
    return answer


def _runs(worlds: Worlds) -> list[dict[str, Any]]:
    """All given, others in their place, null or absent where that is allowed, what is refused, and the first again."""
    whole = {
        "first": 2,
        "day": "2000-01-01",
        "names": ["Rao"],
        "status": "ACTIVE",
        "course": worlds.ours.gid(Course, 0),
        "direction": "ASC",
        "step": {"field": "FIRST_NAME"},
        "where": {"dateOfBirth": {"gte": "2013-05-01"}},
    }
    other = {
        "first": 5,
        "day": "2013-01-01",
        "names": ["Rao", "Das"],
        "status": "INACTIVE",
        "course": worlds.ours.gid(Course, 3),
        "direction": "DESC",
        "step": {"field": "FIRST_NAME", "direction": "DESC"},
        "where": {"NOT": {"dateOfBirth": {"gte": "2013-05-01"}}},
    }
    changes: list[dict[str, Any]] = [
        {"first": None},
        {"status": None},
        {"course": None},
        {"where": None, "names": []},
        {"first": -1},
        {"course": worlds.theirs.gid(Course, 0)},
        {"course": worlds.ours.gid(Student, 0)},
    ]
    absent = {name: other[name] for name in ("step", "names", "day")}
    # Where a direction is absent there is another; null is none.
    return [whole, other, *(whole | change for change in changes), absent, absent | {"direction": None}, absent, whole]


async def test_each_run_has_its_own_values(worlds: Worlds) -> None:
    operation = _prepared()
    answers = []
    for variables in _runs(worlds):
        answers.append(await _answer(worlds, operation, variables, planning=True))
        assert answers[-1] == await _answer(worlds, _prepared(), variables, planning=False), variables
    assert answers[0]["errors"] == []
    assert answers[0] == answers[-1]
    assert answers[0]["data"]["held"] != answers[1]["data"]["held"]
    assert answers[0]["data"]["ordered"] != answers[1]["data"]["ordered"]


async def _made(worlds: Worlds, operation: Operation, variables: dict[str, Any], monkeypatch: Any) -> list[str]:
    """The fields whose arguments are made by graphql-core in one run."""
    made = []

    def counting(definition: Any, node: Any, *rest: Any) -> Any:
        made.append((node.alias or node.name).value)
        return get_argument_values(definition, node, *rest)

    monkeypatch.setattr(arguments, "get_argument_values", counting)
    await _answer(worlds, operation, variables, planning=True)
    return sorted(made)


async def test_what_was_made_once_is_not_made_again(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for lists, inputs and choices that are variables below an argument."""
    operation = _prepared()
    whole, other, *changes = _runs(worlds)
    nulls, less = changes[0], changes[-2]
    for first, later in ((whole, other), (nulls, nulls | {"names": ["Das"]}), (less, less | {"day": "2013-01-01"})):
        assert "held" in await _made(worlds, operation, first, monkeypatch)
        assert await _made(worlds, operation, later, monkeypatch) == ["listed", "ordered"]


async def test_what_is_remembered_is_bounded_and_holds_no_value(worlds: Worlds) -> None:
    names = "abcdef"
    declared = " ".join(f"${name}: Date" for name in names)
    conditions = " ".join(f"{{ dateOfBirth: {{ gte: ${name} }} }}" for name in names)
    text = f"""query ({declared} $where: StudentWhere) {{
        listed: students(first: 1, where: {{ AND: [{conditions}] }}) {{ nodes {{ id }} }}
        given: students(first: 1, where: $where) {{ nodes {{ id }} }}
    }}"""
    (operation,) = ENGINE.operations(parse(text)).values()
    for count in range(1 << len(names)):
        given = {name: "1888-08-08" for place, name in enumerate(names) if count >> place & 1}
        await _answer(worlds, operation, given | {"where": {"dateOfBirth": {"gte": "1888-08-08"}}}, planning=True)
    (plan,) = operation.plans.values()
    calls = [root.call for root in plan.roots if root.call] if plan else []
    # The first has twenty values and one more.
    assert [len(call.templates) for call in calls] == [templates.ROOM // 21, 1]
    assert "1888" not in repr([call.templates for call in calls])


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        ("", templates.CHOICES),
        ("(first: 1, last: 2, after: 3, before: 4)", templates.CHOICES),
        ("(where: { AND: [{}, {}, {}, {}, {}, {}] })", templates.ROOM // 8),
        (f"(where: {{ AND: [{'{}' * 1000}] }})", 1),
    ],
    ids=["none", "few", "some", "many"],
)
def test_the_more_there_is_of_an_argument_the_fewer_are_kept(arguments: str, most: int) -> None:
    query: Any = ENGINE.schema.query_type
    operation: Any = parse(f"{{ students{arguments} {{ id }} }}").definitions[0]
    assert templates.Templates(query.fields["students"], operation.selection_set.selections[0]).most == most
