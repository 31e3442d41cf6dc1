"""A page's rows, already made into dicts, as the connection that was selected of them."""

from collections.abc import Callable
from typing import Any

from resolvers.paging import Page
from schema.execution.plan import Dicts, PagePlan

_PAGE_INFO: dict[str, Callable[[Page], Any]] = {
    "hasNextPage": lambda page: page.has_next_page,
    "hasPreviousPage": lambda page: page.has_previous_page,
    "startCursor": lambda page: page.cursor(page.rows[0]) if page.rows else None,
    "endCursor": lambda page: page.cursor(page.rows[-1]) if page.rows else None,
}


def _edges(parts: list[tuple[str, str, Any]], page: Page, made: dict[int, Dicts], rows: slice) -> Dicts:
    edges: Dicts = [{} for _ in page.rows]
    for response, name, value in parts:
        if name == "node":
            values: Any = made[id(value)][rows]
        else:
            values = [page.cursor(row) if name == "cursor" else value for row in page.rows]
        for edge, each in zip(edges, values, strict=True):
            edge[response] = each
    return edges


def page_part(kind: str, value: Any, page: Page | None, total: int | None, made: dict[int, Dicts], rows: slice) -> Any:
    """The value of a field of a connection; `rows` says which of those made are the page's."""
    if kind == "totalCount":
        return total
    if kind == "__typename" or page is None:
        return value
    if kind == "nodes":
        return made[id(value)][rows]
    if kind == "edges":
        return _edges(value, page, made, rows)
    return {response: _PAGE_INFO[name](page) if name in _PAGE_INFO else named for response, name, named in value}


def connection(plan: PagePlan, nodes: Any, page: Page, total: int | None) -> dict[str, Any]:
    """A connection whose rows are asked for once, as `nodes`, which are made already."""
    return {
        name: nodes if kind == "nodes" else page_part(kind, value, page, total, {}, slice(0))
        for name, kind, value in plan.parts
    }
