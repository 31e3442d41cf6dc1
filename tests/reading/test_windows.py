"""What may be asked of a page: one end at a time, a cursor of this list, not more rows than are allowed."""

import base64
import json
from typing import Any

import orjson
import pytest

from models import Base, Course, GradeLevel, Guardian, Role, Semester, Student, User
from tests.reading.walking import page_document, read_page
from tests.schema_map import lists, object_type, type_of
from tests.worlds import Worlds

BY_NAME = [{"field": "LAST_NAME", "direction": "ASC"}]
BY_STATUS = [{"field": "STATUS", "direction": "ASC"}]


async def refusal(worlds: Worlds, model: type[Base], **arguments: Any) -> tuple[str, str | None]:
    answer = await worlds.ask(page_document(model, list(arguments)), refused=True, **arguments)
    assert answer.data is None
    return answer.refusal


def opened(cursor: str) -> list[Any]:
    values: list[Any] = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return values


def closed(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


async def a_cursor(worlds: Worlds, model: type[Base], **arguments: Any) -> str:
    cursor: str = (await read_page(worlds, model, first=2, **arguments))["pageInfo"]["endCursor"]
    return cursor


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"first": 3, "last": 3}, "last"),
        ({"before": "x"}, "before"),
        ({"first": 3, "before": "x"}, "before"),
        ({"last": 3, "after": "x"}, "after"),
        ({"first": -1}, "first"),
        ({"last": -1}, "last"),
        ({"first": 101}, "first"),
        ({"last": 101}, "last"),
    ],
)
async def test_what_cannot_be_meant_is_refused(worlds: Worlds, arguments: dict[str, Any], field: str) -> None:
    assert await refusal(worlds, Student, **arguments) == ("BAD_USER_INPUT", field)


async def test_an_oversize_page_names_the_limit(worlds: Worlds) -> None:
    answer = await worlds.ask("{ students(first: 101) { totalCount } }", refused=True)
    assert answer.errors[0].message == "first: 101 is not between 0 and 100"


async def test_report_generators_read_larger_pages(worlds: Worlds) -> None:
    answer = await worlds.ask("{ externalIds(first: 10000) { nodes { id } } }", Role.REPORTER)
    assert len(answer.found["externalIds"]["nodes"]) > 1000
    refused = await worlds.ask("{ externalIds(first: 10001) { nodes { id } } }", Role.REPORTER, refused=True)
    assert refused.refusal == ("BAD_USER_INPUT", "first")


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize(
    "cursor",
    ["", "x", "§", "A" * 5000, closed([]), closed({}), closed("text"), closed(5), closed(None), closed(["ab", 1, 2])],
    ids=lambda cursor: cursor[:8] or "empty",
)
async def test_garbage_is_not_a_cursor(worlds: Worlds, cursor: str, name: str) -> None:
    size = {"first": 3} if name == "after" else {"last": 3}
    assert await refusal(worlds, Student, **size, **{name: cursor}) == ("BAD_USER_INPUT", name)


async def test_a_refused_cursor_is_shown_shortened(worlds: Worlds) -> None:
    document = page_document(Student, ["first", "after"])
    answer = await worlds.ask(document, refused=True, first=3, after="A" * 5000)
    assert answer.errors[0].message == f"after: '{'A' * 40}…' is not a cursor of this list in this order"


async def test_cursors_of_another_order_list_or_search_are_refused(worlds: Worlds) -> None:
    by_name = await a_cursor(worlds, Student, orderBy=BY_NAME)
    downwards = await a_cursor(worlds, Student, orderBy=[{"field": "LAST_NAME", "direction": "DESC"}])
    guardians = await a_cursor(worlds, Guardian, orderBy=BY_NAME)
    searched = await a_cursor(worlds, Student, search="asha")
    for cursor in (downwards, guardians, searched, await a_cursor(worlds, Student, orderBy=BY_STATUS)):
        assert await refusal(worlds, Student, after=cursor, orderBy=BY_NAME) == ("BAD_USER_INPUT", "after")
    for cursor in (by_name, searched, await a_cursor(worlds, Guardian, search="rao")):
        assert cursor is not None
        assert await refusal(worlds, Student, after=cursor, search="rao") == ("BAD_USER_INPUT", "after")


# A cursor is no secret: whoever reads one can write one.
FORGED: list[tuple[type[Base], str, list[Any]]] = [
    (Student, "LAST_NAME", ["Rao", "1"]),
    (Student, "LAST_NAME", ["Rao"]),
    (Student, "LAST_NAME", ["Rao", 1, 1]),
    (Student, "LAST_NAME", [5, 1]),
    (Student, "LAST_NAME", ["Ra\0o", 1]),
    (Student, "LAST_NAME", ["Rao", 2**63]),
    (Student, "LAST_NAME", ["Rao", -(2**63) - 1]),
    (Student, "LAST_NAME", ["Rao", True]),
    (Student, "LAST_NAME", ["Rao", 1.5]),
    (Student, "LAST_NAME", [["Rao"], 1]),
    (Student, "DATE_OF_BIRTH", ["2013-02-30", 1]),
    (Student, "DATE_OF_BIRTH", [20130101, 1]),
    (Student, "UPDATED_AT", ["2025-09-01T04:30:00", 1]),
    (Student, "UPDATED_AT", ["0001-01-01T00:00:00+14:00", 1]),
    (Student, "UPDATED_AT", ["soon", 1]),
]


@pytest.mark.parametrize(("model", "field", "values"), FORGED)
async def test_forged_cursors_are_refused(worlds: Worlds, model: type[Base], field: str, values: list[Any]) -> None:
    order = [{"field": field, "direction": "ASC"}]
    signed, *_ = opened(await a_cursor(worlds, model, orderBy=order))
    assert await refusal(worlds, model, after=closed([signed, *values]), orderBy=order) == ("BAD_USER_INPUT", "after")


async def test_a_number_beyond_its_column_is_a_place_all_the_same(worlds: Worlds) -> None:
    order = [{"field": "SEQUENCE", "direction": "ASC"}]
    signed, *_ = opened(await a_cursor(worlds, GradeLevel, orderBy=order))
    page = await read_page(worlds, GradeLevel, orderBy=order, after=closed([signed, 2**40, 1]))
    assert page["edges"] == []


async def test_a_forged_rank_is_a_place_all_the_same(worlds: Worlds) -> None:
    signed, *_ = opened(await a_cursor(worlds, Student, search="asha"))
    page = await read_page(worlds, Student, first=3, search="asha", after=closed([signed, 2**40, 1]))
    assert len(page["edges"]) == 3


@pytest.mark.parametrize("model", [Student, Guardian, User, Course])
async def test_order_fields_are_given_once_and_five_at_most(worlds: Worlds, model: type[Base]) -> None:
    step = {"field": "UPDATED_AT", "direction": "ASC"}
    assert await refusal(worlds, model, orderBy=[step, step]) == ("BAD_USER_INPUT", "orderBy")
    fields = ["LAST_NAME", "FIRST_NAME", "STATUS", "STUDENT_NUMBER", "DATE_OF_BIRTH", "CREATED_AT"]
    many = [{"field": field, "direction": "ASC"} for field in fields]
    assert await refusal(worlds, Student, orderBy=many) == ("BAD_USER_INPUT", "orderBy")


async def test_arguments_of_pages_inside_records_are_checked_alike(worlds: Worlds) -> None:
    document = "query($id: ID!) { semester(id: $id) { grades(first: 101) { totalCount } } }"
    answer = await worlds.ask(document, refused=True, id=worlds.ours.gid(Semester, 0))
    assert answer.refusal == ("BAD_USER_INPUT", "first")
    assert answer.errors[0].path == ["semester", "grades"]


@pytest.mark.parametrize("first", [-1, 10_001])
async def test_lists_inside_records_are_limited(worlds: Worlds, first: int) -> None:
    document = "query($id: ID!, $first: Int) { student(id: $id) { grades(first: $first) { id } } }"
    answer = await worlds.ask(document, refused=True, id=worlds.ours.gid(Student, 0), first=first)
    assert answer.refusal == ("BAD_USER_INPUT", "first")


def test_every_list_takes_the_same_arguments() -> None:
    common = ["first", "after", "last", "before", "where", "orderBy"]
    searched = {"Student", "Guardian", "User", "Course", "Subject"}
    for model, name in lists().items():
        extra = ["search"] if type_of(model) in searched else []
        assert list(object_type("Query").fields[name].args) == common + extra
