"""Lists that PostgreSQL writes as text: the same bytes as graphql-core's, whatever the values are."""

import asyncio
import datetime
import gc
from typing import Any

import orjson
import pytest

from models import Role, Subject
from schema.execution import run
from schema.execution.chunks import Encoded
from schema.execution.texts import encoded
from tests.execution.compare import answer, compare
from tests.execution.generator import Operation
from tests.execution.held import Admin
from tests.worlds import Worlds

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
    planned, context = await answer(worlds, asked, True, viewer)
    standard, other = await answer(worlds, asked, False, viewer)

    assert planned == standard
    assert context.students == other.students
    return orjson.loads(planned)["data"], context.planning


@pytest.mark.parametrize("text", TEXTS)
async def test_values_are_escaped_as_json_escapes_them(
    broken: Worlds, admin: Admin, told: list[int], text: str
) -> None:
    await _rename(broken, admin, text)
    data, planning = await _alike(broken, Operation(SUBJECTS, {}))
    await _rename(broken, admin, "mended")

    assert text in [each["name"] for each in data["subjects"]["nodes"]]
    assert (planning, len(told)) == (True, 1)


@pytest.mark.parametrize("text", STAND_INS)
async def test_values_with_a_stand_in_are_told_by_the_standard(
    broken: Worlds, admin: Admin, told: list[int], text: str
) -> None:
    await _rename(broken, admin, text)
    data, planning = await _alike(broken, Operation(SUBJECTS, {}))
    await _rename(broken, admin, "mended")

    assert text in [each["name"] for each in data["subjects"]["nodes"]]
    assert (planning, told) == (False, [])


async def _rename(worlds: Worlds, admin: Admin, name: str) -> None:
    await admin.execute("UPDATE subject SET name = $1 WHERE id = $2", name, worlds.ours.ids["subject"][1])


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_instants_have_six_digits_of_a_second_or_none(
    broken: Worlds, admin: Admin, told: list[int], instant: datetime.datetime
) -> None:
    key = broken.ours.ids["subject"][2]
    before = await admin.fetchval("SELECT created_at FROM subject WHERE id = $1", key)
    await admin.execute("UPDATE subject SET created_at = $1 WHERE id = $2", instant, key)
    data, _ = await _alike(broken, Operation(SUBJECTS, {}))
    await admin.execute("UPDATE subject SET created_at = $1 WHERE id = $2", before, key)

    found = {each["id"]: each["createdAt"] for each in data["subjects"]["nodes"]}
    assert found[broken.ours.gid(Subject, 2)] == instant.isoformat()
    assert len(told) == 1


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
async def test_relations_in_the_midst_of_values_keep_their_places(worlds: Worlds, told: list[int]) -> None:
    text = """{ enrollments(first: 50) { nodes { student { id } status course { name gradeLevel { code } id } id
        again: course { id } beginDate } } }"""

    data, _ = await _alike(worlds, Operation(text, {}))

    assert list(data["enrollments"]["nodes"][0]) == ["student", "status", "course", "id", "again", "beginDate"]
    assert len(told) == 1


async def test_a_value_that_must_be_there_and_is_not_is_the_standards_to_tell(
    broken: Worlds, admin: Admin, told: list[int]
) -> None:
    key = broken.ours.ids["student"][1]
    asked = Operation("{ students(first: 50) { nodes { id age } } }", {})
    await admin.execute("ALTER TABLE student ALTER date_of_birth DROP NOT NULL")
    await admin.execute("UPDATE student SET date_of_birth = NULL WHERE id = $1", key)
    planned, context = await answer(broken, asked, planning=True)
    standard, _ = await answer(broken, asked, planning=False)
    await admin.execute("UPDATE student SET date_of_birth = '1990-01-01' WHERE id = $1", key)
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
