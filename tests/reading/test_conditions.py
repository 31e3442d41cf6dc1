"""How conditions combine, and which are refused."""

from typing import Any

import pytest

from models import Course, Guardian, Student
from tests.reading.test_filters import found
from tests.worlds import COUNT, Worlds

DOCUMENT = "query($where: StudentWhere) { students(first: 100, where: $where) { totalCount } }"
RAO = {"lastName": {"startsWith": "Rao"}}
NOBODY = {"lastName": {"eq": "Nobody"}}


async def total(worlds: Worlds, where: Any) -> int:
    answer = await worlds.ask(DOCUMENT, where=where)
    count: int = answer.found["students"]["totalCount"]
    return count


async def refusal(worlds: Worlds, where: Any) -> tuple[str, str | None]:
    return (await worlds.ask(DOCUMENT, refused=True, where=where)).refusal


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, COUNT),
        ({}, COUNT),
        ({"lastName": None}, COUNT),
        ({"lastName": {}}, COUNT),
        ({"AND": []}, COUNT),
        ({"OR": []}, 0),
        ({"NOT": {}}, 0),
        ({"AND": None, "OR": None, "NOT": None}, COUNT),
        ({"lastName": {"in": []}}, 0),
        ({"NOT": {"lastName": {"in": []}}}, COUNT),
        ({"OR": [RAO, NOBODY]}, COUNT),
        ({"AND": [RAO, NOBODY]}, 0),
        ({"NOT": NOBODY}, COUNT),
        ({"NOT": {"NOT": RAO}}, COUNT),
        ({**RAO, "NOT": RAO}, 0),
        ({"lastName": {"eq": "Rao0"}, "status": {"eq": "ACTIVE"}}, 9),
        ({"OR": [{"lastName": {"eq": "Rao0"}}, {"status": {"eq": "ACTIVE"}}]}, 17 + 25 - 9),
        ({"lastName": {"eq": "Rao0", "ne": "Rao0"}}, 0),
        ({"dateOfBirth": {"gte": "2011-01-01", "lt": "2013-01-01"}}, 25),
    ],
)
async def test_conditions_combine(worlds: Worlds, where: Any, expected: int) -> None:
    assert await total(worlds, where) == expected


async def test_what_is_missing_does_not_hold(worlds: Worlds) -> None:
    """Rows 4, 9, 14 … name no caste: a comparison does not hold for them, so that NOT of it does."""
    assert await total(worlds, {"caste": {"eq": "Caste0"}}) == 20
    assert await total(worlds, {"NOT": {"caste": {"eq": "Caste0"}}}) == 30
    assert await total(worlds, {"caste": {"ne": "Caste0"}}) == 30
    assert await total(worlds, {"NOT": {"caste": {"startsWith": "C"}}}) == 10
    assert await total(worlds, {"NOT": {"OR": [{"caste": {"eq": "Caste0"}}, NOBODY]}}) == 30


async def test_capitals_differ_and_wildcards_are_letters(worlds: Worlds) -> None:
    assert await total(worlds, {"lastName": {"startsWith": "rao"}}) == 0
    for text in ("%", "_ao", "Rao_", "R%", "\\"):
        assert await total(worlds, {"lastName": {"startsWith": text}}) == 0
    assert await total(worlds, {"lastName": {"startsWith": ""}}) == COUNT


async def test_quotes_are_letters(worlds: Worlds) -> None:
    assert await total(worlds, {"lastName": {"eq": "' OR 1=1 --"}}) == 0
    assert await total(worlds, {"lastName": {"in": ["Rao0", "$1", "'; DROP TABLE student; --"]}}) == 17


async def test_relations_nest(worlds: Worlds) -> None:
    student = worlds.ours.gid(Student, 3)
    where = {"students": {"student": {"eq": student}}}
    assert await found(worlds, Guardian, where) == {worlds.ours.ids["guardian"][3]}
    nested = {"enrollments": {"AND": [{"student": {"eq": student}}, {"status": {"eq": "DROPPED"}}]}}
    assert await found(worlds, Course, nested) == {worlds.ours.ids["course"][3]}


def nested(depth: int, name: str) -> dict[str, Any]:
    condition: dict[str, Any] = RAO
    for _ in range(depth):
        condition = {name: condition} if name == "NOT" else {name: [condition]}
    return condition


@pytest.mark.parametrize("name", ["AND", "OR", "NOT"])
async def test_conditions_nest_six_deep(worlds: Worlds, name: str) -> None:
    assert await total(worlds, nested(6, name)) == COUNT
    code, field = await refusal(worlds, nested(7, name))
    assert code == "BAD_USER_INPUT"
    assert field is not None
    assert field.startswith(f"where.{name}")


async def test_very_deep_conditions_are_refused_like_deep_ones(worlds: Worlds) -> None:
    code, _ = await refusal(worlds, nested(100, "NOT"))
    assert code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"lastName": {"in": None}}, "where.lastName.in"),
        ({"lastName": {"startsWith": None}}, "where.lastName.startsWith"),
        ({"dateOfBirth": {"gt": None}}, "where.dateOfBirth.gt"),
        ({"lastName": {"eq": "a\0b"}}, "where.lastName.eq"),
        ({"lastName": {"in": ["a", "\0"]}}, "where.lastName.in"),
        ({"OR": [{}, {"caste": {"startsWith": "\0"}}]}, "where.OR.1.caste.startsWith"),
        ({"lastName": {"in": [str(n) for n in range(1001)]}}, "where.lastName.in"),
        ({"id": {"in": [f"stu_{n}" for n in range(1001)]}}, "where.id.in"),
        ({"id": {"eq": "gua_1"}}, "where.id.eq"),
        ({"id": {"eq": "stu_"}}, "where.id.eq"),
        ({"id": {"in": ["stu_1", "1"]}}, "where.id.in"),
        ({"gradeLevel": {"eq": "stu_1"}}, "where.gradeLevel.eq"),
        ({"gradeLevel": {"eq": "lvl_9223372036854775808"}}, "where.gradeLevel.eq"),
        ({"guardians": {"guardian": {"ne": "stu_1"}}}, "where.guardians.guardian.ne"),
        ({"schoolEnrollments": {"gradeLevel": {"eq": ""}}}, "where.schoolEnrollments.gradeLevel.eq"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_refused_conditions_are_named(worlds: Worlds, where: Any, field: str) -> None:
    assert await refusal(worlds, where) == ("BAD_USER_INPUT", field)


async def test_a_refusal_shows_the_value(worlds: Worlds) -> None:
    answer = await worlds.ask(DOCUMENT, refused=True, where={"id": {"eq": "gua_1"}})
    assert answer.errors[0].message == "where.id.eq: 'gua_1' is not the id of a Student"


async def test_filters_of_relations_are_checked_alike(worlds: Worlds) -> None:
    document = "query($id: ID!, $where: GradeWhere) { student(id: $id) { grades(where: $where) { id } } }"
    where = {"subject": {"eq": "stu_1"}}
    answer = await worlds.ask(document, refused=True, id=worlds.ours.gid(Student, 0), where=where)
    assert answer.refusal == ("BAD_USER_INPUT", "where.subject.eq")
    assert answer.errors[0].path == ["student", "grades"]


async def test_a_filter_has_no_more_comparisons_than_a_statement_can_bear(worlds: Worlds) -> None:
    assert await total(worlds, {"OR": [RAO] * 100}) == COUNT
    for condition in (RAO, {}):
        assert await refusal(worlds, {"OR": [condition] * 201}) == ("BAD_USER_INPUT", "where")
