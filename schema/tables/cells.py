"""An answer → rows of cells, in the order of the table's columns.

Cells are values as JSON has them. With `Lists.CELLS` the cell of a list is a tuple of the values of its items.
"""

from collections.abc import Iterator
from typing import Any

from schema.tables.shape import Group, Leaf, Lists, Part

Cells = list[Any]


def rows_of(part: Group, value: Any, lists: Lists | None) -> list[Cells]:
    """The rows of what was answered; of a list of objects one for each, else one."""
    if part.listed:
        return [row for item in value or () for row in _object(part, item, lists)]
    return _object(part, value, lists)


def _object(part: Group, value: Any, lists: Lists | None) -> list[Cells]:
    rows: list[Cells] = [[]]
    for each in part.parts:
        found = _part(each, None if value is None else value[each.response], lists)
        if len(found) == 1:
            for row in rows:
                row += found[0]
        else:
            rows = [row + more for row in rows for more in found]
    return rows


def _part(part: Part, value: Any, lists: Lists | None) -> list[Cells]:
    if not part.listed:
        return [[value]] if isinstance(part, Leaf) else _object(part, value, lists)
    items = _items(part, value, lists)
    if isinstance(part, Group) and part.rows:
        return items
    if lists is Lists.CELLS:
        return [[_together(cells) for cells in zip(*items, strict=True)] if items else [()] * len(part.columns)]
    # Whoever has nothing in the list is not to vanish from the table.
    return items or [[None] * len(part.columns)]


def _items(part: Part, value: Any, lists: Lists | None) -> list[Cells]:
    if isinstance(part, Leaf):
        return [[item] for item in value or ()]
    return rows_of(part, value, lists)


def _together(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of lists in lists the values stand in one row."""
    return tuple(value for cell in cells for value in (cell if isinstance(cell, tuple) else (cell,)))


def objects_of(part: Group, value: Any) -> Iterator[Any]:
    """The rows as objects, lists within them as they are; what stands beside the rows is repeated."""
    if part.listed:
        yield from value or ()
        return
    below = next((each for each in part.parts if isinstance(each, Group) and _leads(each)), None)
    if below is None or value is None:
        yield value
        return
    for item in objects_of(below, value[below.response]):
        yield {**value, below.response: item}


def _leads(part: Group) -> bool:
    return part.rows or any(isinstance(each, Group) and _leads(each) for each in part.parts)
