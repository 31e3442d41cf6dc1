"""Pages by keyset: every row exactly once, in every order that a list has, from both ends."""

from typing import Any

import pytest

from models import Base, Course, ExternalId, Student, User
from tests.reading.walking import Step, ids_of, in_order, order_columns, read_page, walk_backward, walk_forward
from tests.schema_map import lists, type_of
from tests.worlds import COUNT, Worlds

FIELDS = [
    pytest.param(model, field, id=f"{type_of(model)}-{field}") for model in lists() for field in order_columns(model)
]
MIXED: list[tuple[type[Base], list[Step]]] = [
    (User, [("LAST_NAME", "ASC"), ("FIRST_NAME", "DESC")]),
    (User, [("LAST_NAME", "DESC"), ("FIRST_NAME", "ASC"), ("USERNAME", "DESC")]),
    (Course, [("GRADE_LEVEL_ID", "DESC"), ("SECTION", "ASC")]),
    (Student, [("STATUS", "ASC"), ("LAST_NAME", "DESC"), ("DATE_OF_BIRTH", "ASC"), ("FIRST_NAME", "DESC")]),
]


def numbers(ids: list[str]) -> list[int]:
    return [int(each.rsplit("_", 1)[1]) for each in ids]


def spelled(steps: list[Step]) -> list[dict[str, Any]]:
    return [{"field": field, "direction": direction} for field, direction in steps]


async def check_walks(worlds: Worlds, model: type[Base], steps: list[Step], size: int) -> None:
    expected = await in_order(worlds, model, steps)
    assert len(expected) >= COUNT
    assert numbers(await walk_forward(worlds, model, size, orderBy=spelled(steps))) == expected
    assert numbers(await walk_backward(worlds, model, size, orderBy=spelled(steps))) == expected


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(("model", "field"), FIELDS)
async def test_walks_visit_every_row_once(worlds: Worlds, model: type[Base], field: str, direction: str) -> None:
    await check_walks(worlds, model, [(field, direction)], 100 if model is ExternalId else 19)


@pytest.mark.parametrize(("model", "steps"), MIXED)
async def test_walks_in_mixed_directions(worlds: Worlds, model: type[Base], steps: list[Step]) -> None:
    await check_walks(worlds, model, steps, 7)


@pytest.mark.parametrize("model", lists(), ids=type_of)
async def test_default_orders_are_total(worlds: Worlds, model: type[Base]) -> None:
    """A walk without an order visits every row once too, and both ways alike."""
    forward = await walk_forward(worlds, model, 100)
    assert forward == await walk_backward(worlds, model, 37)
    assert sorted(numbers(forward)) == sorted(await in_order(worlds, model, []))


async def test_pages_of_one_row(worlds: Worlds) -> None:
    steps = [("FIRST_NAME", "ASC")]
    assert numbers(await walk_forward(worlds, User, 1, orderBy=spelled(steps))) == await in_order(worlds, User, steps)


async def test_a_page_of_no_rows_says_whether_there_are_any(worlds: Worlds) -> None:
    page = await read_page(worlds, Student, first=0)
    assert page == {
        "edges": [],
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_holds_25_rows_where_nothing_is_said(worlds: Worlds) -> None:
    assert len(ids_of(await read_page(worlds, Student))) == 25


async def test_nodes_are_the_nodes_of_the_edges(worlds: Worlds) -> None:
    answer = await worlds.ask("{ students(first: 9) { nodes { id fullName } edges { node { id fullName } } } }")
    page = answer.found["students"]
    assert page["nodes"] == [edge["node"] for edge in page["edges"]]


async def test_a_cursor_outlives_its_row(worlds: Worlds) -> None:
    """It says where the row stood, so that a list goes on after a row that the filter has dropped meanwhile."""
    page = await read_page(worlds, Student, first=3, orderBy=spelled([("LAST_NAME", "ASC")]))
    third = page["edges"][2]
    rest = await read_page(
        worlds,
        Student,
        first=100,
        after=third["cursor"],
        orderBy=spelled([("LAST_NAME", "ASC")]),
        where={"id": {"ne": third["node"]["id"]}},
    )
    assert len(rest["edges"]) == COUNT - 3
