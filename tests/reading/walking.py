"""Walking through a whole list page by page, and the order in which its rows must come."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from models import Base, Retirable
from models.computed import value
from tests.schema_map import input_type, lists, type_of
from tests.worlds import Worlds

Step = tuple[str, str]
PAGE = "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def order_columns(model: type[Base]) -> dict[str, str]:
    """What a list can be sorted by: the enum's value in the schema → the column or computed value."""
    kind: Any = input_type(f"{type_of(model)}Order").fields["field"].type.of_type
    return {name: value.value for name, value in kind.values.items()}


def page_document(model: type[Base], names: Sequence[str]) -> str:
    """A page of the root list of `model` by variables of these names."""
    kinds = {"first": "Int", "last": "Int", "after": "String", "before": "String"}
    kinds |= {"orderBy": f"[{type_of(model)}Order!]", "where": f"{type_of(model)}Where", "search": "String"}
    if not names:
        return f"{{ {lists()[model]} {{ {PAGE} }} }}"
    declared = ", ".join(f"${name}: {kinds[name]}" for name in names)
    given = ", ".join(f"{name}: ${name}" for name in names)
    return f"query({declared}) {{ {lists()[model]}({given}) {{ {PAGE} }} }}"


async def read_page(worlds: Worlds, model: type[Base], **arguments: Any) -> dict[str, Any]:
    answer = await worlds.ask(page_document(model, list(arguments)), **arguments)
    page: dict[str, Any] = answer.found[lists()[model]]
    return page


def ids_of(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


async def walk_forward(worlds: Worlds, model: type[Base], size: int, **arguments: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = await read_page(worlds, model, first=size, after=cursor, **arguments)
        assert page["pageInfo"]["hasPreviousPage"] is (cursor is not None)
        found += ids_of(page)
        if not page["pageInfo"]["hasNextPage"]:
            return found
        assert len(page["edges"]) == size
        cursor = page["pageInfo"]["endCursor"]
        assert cursor == page["edges"][-1]["cursor"]


async def walk_backward(worlds: Worlds, model: type[Base], size: int, **arguments: Any) -> list[str]:
    """The rows in list order, though the pages are read from its end."""
    found: list[str] = []
    cursor = None
    while True:
        page = await read_page(worlds, model, last=size, before=cursor, **arguments)
        assert page["pageInfo"]["hasNextPage"] is (cursor is not None)
        found = ids_of(page) + found
        if not page["pageInfo"]["hasPreviousPage"]:
            return found
        assert len(page["edges"]) == size
        cursor = page["pageInfo"]["startCursor"]
        assert cursor == page["edges"][0]["cursor"]


def _at(place: int) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: (True,) if row[place] is None else (False, row[place])


async def in_order(worlds: Worlds, model: Any, steps: Sequence[Step]) -> list[int]:
    """Keys of our rows, sorted here: nulls last ascending, first descending; ties by key in the last direction."""
    columns = order_columns(model)
    values = [value(model, columns[name]).label(f"v{n}") for n, (name, _) in enumerate(steps)]
    statement = select(model.id, *values).where(model.institution_id == worlds.ours.institution_id)
    if issubclass(model, Retirable):
        statement = statement.where(model.deleted_at.is_(None))
    ordered = sorted(
        await worlds.rows(statement), key=lambda row: row[0], reverse=bool(steps) and steps[-1][1] == "DESC"
    )
    for n, (_, direction) in reversed(list(enumerate(steps, 1))):
        ordered.sort(key=_at(n), reverse=direction == "DESC")
    return [row[0] for row in ordered]
