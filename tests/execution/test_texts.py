"""Lists that PostgreSQL writes as text: the same bytes as graphql-core's, whatever the values are."""

import asyncio
import datetime
import gc
import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from models import Role, Subject
from resolvers.batches import statement_for
from resolvers.context import Context
from resolvers.paging import page_statement
from resolvers.rows import Row
from resolvers.statements import Statement
from schema.execution import run
from schema.execution.chunks import Encoded
from schema.execution.texts import encoded
from tests.execution.compare import answer, compare
from tests.execution.conftest import Message, same
from tests.execution.generator import Operation
from tests.execution.held import Admin, holding
from tests.schema_map import leaves, lists
from tests.worlds import Worlds, open_database

# Signs that JSON escapes, signs that it does not, and texts that look like what stands between the values.
TEXTS = [
    'a "quoted" \\ back\\\\slash',
    "lines\n\r\n\ttab\b\f\v end\x1f\x7f",
    "ភាសាខ្មែរ 🎓 \u2028 é",
    '","id":"',
    "{}",
    "",
    "null",
    "\\u0001",
    "{t0} {{v0}} %s $1",
]
# What stands for quotes, nulls and ends: the texts cannot be told apart then, and the standard's way is taken.
STAND_INS = ["\x01", "\x02", "\x03", "a\x01,\x01name\x01:\x01b"]
INSTANTS = [
    datetime.datetime(2025, 1, 2, 3, 4, 5, micro, tzinfo=datetime.UTC)
    for micro in (0, 1, 10, 500_000, 123_450, 999_999)
]
SUBJECTS = """{ subjects(first: 50, orderBy: [{ field: CODE }]) { totalCount
    pageInfo { hasNextPage startCursor endCursor }
    nodes { __typename id name code createdAt updatedAt again: name version } } }"""
BELOW = """{ grades(first: 100) { nodes { score date comment subject { name createdAt } gradedBy { id }
    student { fullName gender dateOfBirth familyInfo { religion ownHouse } guardians { relation guardian { phone } }
        enrollments(first: 1) { status beginDate course { name leadTeacher { id firstName } } } } } } }"""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many objects each list that came as text has."""
    lists: list[int] = []

    def count(texts: list[str]) -> Encoded:
        lists.append(len(texts))
        return encoded(texts)

    monkeypatch.setattr(run, "encoded", count)
    return lists


async def _alike(worlds: Worlds, asked: Operation, *roles: Role) -> tuple[Any, bool]:
    viewer = worlds.viewer(*roles, user_id=worlds.ours.ids["app_user"][3]) if roles else None
    data, context = await same(worlds, asked, viewer)
    return data, context.planning


@pytest.mark.parametrize(("text", "lists"), [*((text, 1) for text in TEXTS), *((text, 0) for text in STAND_INS)])
async def test_values_are_escaped_as_json_escapes_them(
    broken: Worlds, admin: Admin, told: list[int], text: str, lists: int
) -> None:
    async with holding(admin, "subject", "name", broken.ours.ids["subject"][1], text):
        data, planning = await _alike(broken, Operation(SUBJECTS, {}))

    assert text in [each["name"] for each in data["subjects"]["nodes"]]
    assert (planning, len(told)) == (True, lists)


@pytest.mark.parametrize("text", ["a\x03b", "a\x034242", "\x034242\x03", "x\x01,\x01id\x01:5}\x031\x03y", "\x02"])
@pytest.mark.parametrize(
    "document", ["{ students { nodes { firstName %s } } }", "{ grades { nodes { id student { %s firstName } } } }"]
)
@pytest.mark.parametrize("below", ["", "guardians { relation }", "again: firstName"])
async def test_a_sign_in_a_students_name_makes_no_other_student(
    broken: Worlds, admin: Admin, caplog: pytest.LogCaptureFixture, text: str, document: str, below: str
) -> None:
    async with holding(admin, "student", "first_name", broken.ours.ids["student"][1], text):
        _, planning = await _alike(broken, Operation(document % below, {}))

    assert planning
    assert caplog.records == []


@pytest.mark.parametrize("name", ["", "one"])
async def test_one_row_of_one_value_is_a_row(broken: Worlds, admin: Admin, told: list[int], name: str) -> None:
    key = broken.ours.gid(Subject, 1)
    async with holding(admin, "subject", "name", broken.ours.ids["subject"][1], name):
        data, _ = await _alike(
            broken, Operation(f'{{ subjects(where: {{ id: {{ eq: "{key}" }} }}) {{ nodes {{ name }} }} }}', {})
        )

    assert data == {"subjects": {"nodes": [{"name": name}]}}
    assert told == [1]


async def test_a_row_that_leads_nowhere_is_told_with_the_others(broken: Worlds, admin: Admin, told: list[int]) -> None:
    async with holding(admin, "grade", "graded_by_id", broken.ours.ids["grade"][1], None):
        data, _ = await _alike(broken, Operation("{ grades(first: 50) { nodes { date gradedBy { id } } } }", {}))

    graders = [each["gradedBy"] for each in data["grades"]["nodes"]]
    assert None in graders
    assert any(graders)
    assert told == [len(graders)]


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_instants_have_six_digits_of_a_second_or_none(
    broken: Worlds, admin: Admin, told: list[int], instant: datetime.datetime
) -> None:
    async with holding(admin, "subject", "created_at", broken.ours.ids["subject"][2], instant):
        data, _ = await _alike(broken, Operation(SUBJECTS, {}))

    found = {each["id"]: each["createdAt"] for each in data["subjects"]["nodes"]}
    assert found[broken.ours.gid(Subject, 2)] == instant.isoformat()
    assert len(told) == 1


@pytest.mark.parametrize("instant", ["infinity", "0044-03-15 BC", "10000-01-01"])
async def test_instants_that_python_does_not_know_are_told_its_way(
    broken: Worlds, admin: Admin, told: list[int], instant: str
) -> None:
    key = broken.ours.ids["subject"][2]
    before = await admin.fetchval("SELECT created_at FROM subject WHERE id = $1", key)
    await admin.execute(f"UPDATE subject SET created_at = '{instant}' WHERE id = $1", key)
    try:
        await _alike(broken, Operation(SUBJECTS, {}))
    finally:
        await admin.execute("UPDATE subject SET created_at = $1 WHERE id = $2", before, key)

    assert told == []


async def test_days_and_instants_do_not_depend_on_the_databases_settings(broken: Worlds, admin: Admin) -> None:
    text = "{ attendances(first: 20) { nodes { id date createdAt } } students { nodes { dateOfBirth updatedAt } } }"
    expected, _ = await _alike(broken, Operation(text, {}))
    name = await admin.fetchval("SELECT current_database()")
    await admin.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Kolkata'")
    await admin.execute(f"ALTER DATABASE {name} SET datestyle = 'German, DMY'")
    try:
        others = await open_database(broken.urls)
        found, _ = await _alike(replace(broken, database=others), Operation(text, {}))
        await others.close()
    finally:
        await admin.execute(f"ALTER DATABASE {name} RESET timezone")
        await admin.execute(f"ALTER DATABASE {name} RESET datestyle")

    assert found == expected
    assert expected["attendances"]["nodes"]
    assert expected["students"]["nodes"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    "roles", [(Role.ADMIN,), (Role.TEACHER,), (Role.GUARDIAN,), (Role.STUDENT,), (Role.REPORTER,)], ids=str
)
async def test_everybody_gets_what_the_standard_shows_them(
    worlds: Worlds, told: list[int], roles: tuple[Role, ...]
) -> None:
    for text in (SUBJECTS, BELOW):
        await _alike(worlds, Operation(text, {}), *roles)

    assert len(told) == 2


@pytest.mark.parametrize("roles", [(), (Role.STUDENT,)], ids=["nobody", "a student"])
async def test_each_value_by_itself(worlds: Worlds, roles: tuple[Role, ...]) -> None:
    """Also where all that is asked for is hidden: as many rows are told as there are."""
    viewer = worlds.viewer(*roles, user_id=worlds.ours.ids["app_user"][3])
    for model, name in lists().items():
        text = " ".join(f"l{n}: {name}(first: 3) {{ nodes {{ {leaf} }} }}" for n, leaf in enumerate(leaves(model)))
        planned, _ = await answer(worlds, Operation(f"{{ {text} }}", {}), True, viewer)
        standard, _ = await answer(worlds, Operation(f"{{ {text} }}", {}), False, viewer)

        assert planned == standard, name


@pytest.mark.any_database
@pytest.mark.parametrize("first", [0, 1, 2, 5, 100])
@pytest.mark.parametrize("after", [False, True])
async def test_pages_end_where_the_standard_ends_them(worlds: Worlds, told: list[int], first: int, after: bool) -> None:
    start = await answer(worlds, Operation("{ students(first: 2) { pageInfo { endCursor } } }", {}), planning=False)
    cursor = orjson.loads(start[0])["data"]["students"]["pageInfo"]["endCursor"]
    text = """query ($first: Int!, $after: String) { students(first: $first, after: $after) { nodes { id fullName }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    await _alike(worlds, Operation(text, {"first": first, "after": cursor if after else None}))

    assert len(told) == 1


@pytest.mark.any_database
async def test_an_object_of_more_values_than_postgresql_joins_at_once(worlds: Worlds, told: list[int]) -> None:
    names = " ".join(f"{name}{n}: {name}" for n in range(60) for name in ("firstName", "gender", "version"))

    _, planning = await _alike(worlds, Operation(f"{{ students(first: 5) {{ nodes {{ {names} }} }} }}", {}))

    assert (planning, told) == (True, [5])


@pytest.mark.any_database
async def test_statements_do_not_depend_on_what_a_client_calls_fields(worlds: Worlds, told: list[int]) -> None:
    text = "{ students { nodes { %s: firstName lastName %s: __typename family: guardians { %s: relation } } } }"
    await _alike(worlds, Operation(text % ("a", "b", "c"), {}))
    known = page_statement.cache_info().misses, statement_for.cache_info().misses

    data, _ = await _alike(worlds, Operation(text % ("x1", "x2", "x3"), {}))

    assert list(data["students"]["nodes"][0]) == ["x1", "lastName", "x2", "family"]
    assert (page_statement.cache_info().misses, statement_for.cache_info().misses) == known
    assert len(told) == 2


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["students { nodes { %s } }", "grades { nodes { student { %s } } }"])
async def test_a_computed_value_is_worked_out_once_however_often_it_is_shown(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    statements: list[str] = []
    sent = Context.send

    async def send(context: Context, statement: Statement, arguments: list[Any], **how: bool) -> list[Row]:
        plan = await (await context._reader()).fetch(f"EXPLAIN (VERBOSE) {statement.sql}", *arguments)
        statements.append("\n".join(line for (line,) in plan))
        return await sent(context, statement, arguments, **how)

    monkeypatch.setattr(Context, "send", send)
    names = " ".join(f"n{n}: fatherOrGuardianName" for n in range(20))

    await answer(worlds, Operation(f"{{ {path % names} }}", {}), planning=True)

    plans = [plan for plan in statements if "guardian.full_name" in plan]
    assert [len(re.findall(r"SubPlan \d+$", plan, re.MULTILINE)) for plan in plans] == [1]


@pytest.mark.any_database
async def test_relations_in_the_midst_of_values_keep_their_places(worlds: Worlds, told: list[int]) -> None:
    text = """{ enrollments(first: 50) { nodes { student { id } status course { name gradeLevel { code } id } id
        again: course { id } beginDate } } }"""

    data, _ = await _alike(worlds, Operation(text, {}))

    assert list(data["enrollments"]["nodes"][0]) == ["student", "status", "course", "id", "again", "beginDate"]
    assert len(told) == 1


@pytest.mark.parametrize("other", ["Asha", "x\x01,\x01age\x01:5}\x031\x03y"])
async def test_a_value_that_must_be_there_and_is_not_is_the_standards_to_tell(
    broken: Worlds, admin: Admin, told: list[int], other: str
) -> None:
    """Nor can another row make up for it."""
    first, second, *_ = broken.ours.ids["student"]
    asked = Operation("{ students(first: 50) { nodes { firstName age } } }", {})
    await admin.execute("ALTER TABLE student ALTER date_of_birth DROP NOT NULL")
    async with (
        holding(admin, "student", "date_of_birth", first, None),
        holding(admin, "student", "first_name", second, other),
    ):
        planned, context = await answer(broken, asked, planning=True)
        standard, _ = await answer(broken, asked, planning=False)
    await admin.execute("ALTER TABLE student ALTER date_of_birth SET NOT NULL")

    assert planned == standard
    assert orjson.loads(standard)["errors"] != []
    assert (context.planning, told) == (False, [])


# As where operations are compared at length.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.any_database
async def test_a_part_of_the_generated_operations_has_lists_as_text(worlds: Worlds, told: list[int]) -> None:
    tally = await compare(worlds, 200, seed=7)
    await asyncio.sleep(0)
    gc.collect()

    assert tally.different == []
    assert len(told) >= 0.15 * tally.run


async def test_no_null_is_asked_for_where_the_database_has_none(worlds: Worlds, messages: list[Message]) -> None:
    await same(worlds, Operation("{ students(first: 5) { nodes { lastName phone status } } }", {}))
    assert messages[0].sql.count("coalesce") == messages[0].sql.count("num_nonnulls") == 1
    assert "coalesce(CAST(q.phone AS TEXT)" in messages[0].sql
