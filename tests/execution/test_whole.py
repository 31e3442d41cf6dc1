"""Pages that come with all that hangs below them, by one statement: as if each level had been asked for by itself."""

from typing import Any

import orjson
import pytest

from models import Role
from resolvers.context import Context
from schema.execution import whole
from schema.execution.operation import Operation
from schema.execution.outlines import MOST_PARTS, PAUSE
from tests.answers import ENGINE, NOW
from tests.execution.compare import form, prepare, run
from tests.execution.conftest import Message, same
from tests.execution.generator import Operation as Asked
from tests.execution.held import Admin, holding
from tests.sealing import SERVICES
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

BELOW = """fullName schoolYear { code } gradeLevel { name } guardians { relation guardian { fullName phone } }
    enrollments { course { name leadTeacher { fullName } } } grades { score subject { name } course { name } }"""
PAGE = f"query ($first: Int, $after: String) {{ students(first: $first, after: $after) {{ nodes {{ {BELOW} }} }} }}"


def shape(messages: list[Message]) -> list[tuple[int, bool]]:
    """Of each message how many selects it has, and whether it needs no transaction."""
    return [(each.selects, each.alone) for each in messages]


async def alike(worlds: Worlds, operation: Operation, text: str, *roles: Role, **variables: Any) -> Any:
    """The data by plans, which are the standard's; whose records were read, too."""
    viewer = worlds.viewer(*(roles or (Role.ADMIN,)), user_id=worlds.ours.ids["app_user"][3])
    data, context = await same(worlds, Asked(text, variables), viewer, operation)

    assert context.planning
    return data


@pytest.mark.parametrize("roles", [(Role.ADMIN,), (Role.TEACHER,), (Role.GUARDIAN,), (Role.TEACHER, Role.GUARDIAN)])
@pytest.mark.parametrize("first", [0, 1, 2, 3, 50])
async def test_a_page_and_all_below_it_is_one_statement_without_a_transaction(
    worlds: Worlds, messages: list[Message], first: int, roles: tuple[Role, ...]
) -> None:
    operation = prepare(Asked(PAGE, {}))
    await alike(worlds, operation, PAGE, *roles, first=first)

    assert shape(messages)[0] == (11, True)


async def test_nothing_is_read_below_the_row_beyond_the_page(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "query ($first: Int!) { students(first: $first) { nodes { grades { id } } } }"
    operation, counts = prepare(Asked(text, {})), []
    fetched = Context.fetch_parts

    async def fetch_parts(context: Context, parts: Any) -> Any:
        found = await fetched(context, parts)
        counts.append([count for ((_, count, *_),) in found])
        return found

    monkeypatch.setattr(Context, "fetch_parts", fetch_parts)
    shown = []
    for first in range(8):
        data = await alike(worlds, operation, text, first=first)
        nodes = data["students"]["nodes"]
        shown.append([len(nodes), sum(len(node["grades"]) for node in nodes)])

    assert [[rows - 1, below] for rows, below in counts] == shown
    assert shown[-1][1] > shown[0][1]


async def test_lists_with_arguments_are_those_of_each_run(worlds: Worlds) -> None:
    text = """query ($most: Int!, $from: Date) { students(first: 5) { nodes {
        grades(first: $most, where: { date: { gte: $from } }) { id date subject { name } }
        latest: grades(first: 1, orderBy: [{ field: DATE, direction: DESC }]) { id }
    } } }"""
    operation = prepare(Asked(text, {}))
    found = [
        await alike(worlds, operation, text, most=most, **({"from": day} if day else {}))
        for most, day in [(1, None), (0, None), (3, "2000-01-01"), (3, "2030-01-01"), (2, None)]
    ]

    lengths = [max(len(node["grades"]) for node in each["students"]["nodes"]) for each in found]
    assert lengths == [1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("{ students(first: 2) { totalCount nodes { guardians { relation } } } }", [(2, False), (1, False)]),
        (
            """{ students(first: 2) { nodes { guardians { relation } } }
                 courses(first: 2) { nodes { leadTeacher { fullName } } } }""",
            [(2, False), (2, False)],
        ),
        ("{ students(first: 2) { nodes { fullName } } }", [(1, True)]),
    ],
    ids=["a total", "two lists", "nothing below"],
)
async def test_where_more_is_read_there_is_a_transaction(
    worlds: Worlds, messages: list[Message], text: str, sent: list[tuple[int, bool]]
) -> None:
    await run(worlds, prepare(Asked(text, {})), {}, True)

    assert shape(messages) == sent


async def test_many_rows_are_read_level_by_level(
    worlds: Worlds, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of which it was much is tried again after a while; one that may be long is not."""
    text = "query ($first: Int!) { students(first: $first) { nodes { guardians { guardian { phone } } } } }"
    operation = prepare(Asked(text, {}))
    monkeypatch.setattr(whole, "MOST_ROWS", 5)
    at_once = []
    for first in (11, 2, 10, 10, *[2] * PAUSE, 2):
        messages.clear()
        await alike(worlds, operation, text, first=first)
        at_once.append(shape(messages)[0] == (3, True))

    assert at_once == [False, True, True, *[False] * PAUSE, True, True]


async def test_a_part_of_a_walk_is_read_in_its_snapshot(worlds: Worlds, messages: list[Message]) -> None:
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
    context.walking = True
    try:
        await ENGINE.execute(prepare(Asked(PAGE, {})), {"first": 2}, context)
    finally:
        await context.close()

    assert shape(messages) == [(11, False)]


@pytest.mark.parametrize(("parts", "at_once"), [(MOST_PARTS, True), (MOST_PARTS + 1, False)])
async def test_a_statement_has_so_many_parts(
    worlds: Worlds, messages: list[Message], parts: int, at_once: bool
) -> None:
    below = " ".join(f"l{n}: guardians {{ relation }}" for n in range(parts - 1))
    text = f"{{ students(first: 2) {{ nodes {{ {below} }} }} }}"
    await alike(worlds, prepare(Asked(text, {})), text)

    assert (shape(messages)[0] == (parts, True)) is at_once


@pytest.mark.parametrize("text", ["\x01", "a\x02", "\x03"])
async def test_where_a_sign_stands_for_another_all_is_read_once_more(
    broken: Worlds, admin: Admin, messages: list[Message], text: str
) -> None:
    asked = "{ students(first: 3) { nodes { grades { subject { name } } } } }"
    async with holding(admin, "subject", "name", broken.ours.ids["subject"][1], text):
        await alike(broken, prepare(Asked(asked, {})), asked)

    assert shape(messages)[:2] == [(3, True), (1, False)]


async def test_who_is_not_shown_the_second_time_was_not_read(
    broken: Worlds, admin: Admin, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a transaction the second time is another snapshot."""
    text = "{ students(first: 50) { nodes { id grades { subject { name } } } } }"
    gone, recover = broken.ours.ids["student"][4], Context.recover

    async def retire(context: Context, seen: frozenset[int | None]) -> None:
        await admin.execute("UPDATE student SET deleted_at = now() WHERE id = $1", gone)
        await recover(context, seen)

    monkeypatch.setattr(Context, "recover", retire)
    try:
        async with holding(admin, "subject", "name", broken.ours.ids["subject"][1], "\x01"):
            planned, context = await run(broken, prepare(Asked(text, {})), {}, True)
    finally:
        await admin.execute("UPDATE student SET deleted_at = NULL WHERE id = $1", gone)

    nodes = orjson.loads(form(planned))["data"]["students"]["nodes"]
    assert shape(messages)[0] == (3, True)
    assert {f"stu_{student}" for student in context.students} == {node["id"] for node in nodes}
    assert gone not in context.students
