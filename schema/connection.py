"""Lists that can grow without bound: connections as Relay knows them, with `nodes` and a lazy `totalCount`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry import UNSET

from models import Base
from resolvers.access import page_limit
from resolvers.batches import Batch, Shape
from resolvers.errors import Invalid
from resolvers.ordering import Order, sorted_by
from resolvers.paging import Page, Window, count, page, related_page
from resolvers.searching import search_count, search_page
from schema.arguments import (
    PAGE_AFTER,
    PAGE_BEFORE,
    PAGE_FIRST,
    PAGE_LAST,
    SEARCH,
    list_arguments,
)
from schema.info import Info
from schema.ordering import orders
from schema.selection import NEEDS, columns, row_type, selected_names
from schema.where import filtered

T = TypeVar("T")
PAGED = "connection"
_ROWS = {"nodes", "edges", "pageInfo"}


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether rows come before this page; with `first`, whether `after` was given."
    )
    start_cursor: str | None = strawberry.field(description="Cursor of the page's first row; null when it is empty.")
    end_cursor: str | None = strawberry.field(description="Cursor of the page's last row; null when it is empty.")


@strawberry.type(description="A row of a page with its cursor.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="The row's place in the list, to go on from. Opaque.")
    node: T = strawberry.field(description="The row.")


@dataclass(frozen=True)
class Asked:
    """The page that was asked for, where rows were selected, and how to count the whole list."""

    page: Page | None
    total: Callable[[], Awaitable[int | None]]

    @property
    def found(self) -> Page:
        if self.page is None:
            raise LookupError("the page was not read, since no rows were selected")
        return self.page


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    @strawberry.field(description="The rows of the page.")
    def nodes(self) -> list[T]:
        asked: Any = self
        rows: list[Any] = asked.found.rows
        return rows

    @strawberry.field(description="The rows of the page, each with its cursor.")
    def edges(self) -> list[Edge[T]]:
        asked: Any = self
        edges: list[Any] = [Edge(cursor=asked.found.cursor(row), node=row) for row in asked.found.rows]
        return edges

    @strawberry.field(description="Where the page stands in the list.")
    def page_info(self) -> PageInfo:
        asked: Any = self
        found: Page = asked.found
        ends = [found.cursor(row) for row in (found.rows[0], found.rows[-1])] if found.rows else [None, None]
        return PageInfo(
            has_next_page=found.has_next_page,
            has_previous_page=found.has_previous_page,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )

    @strawberry.field(
        description="How many rows the whole list has; counted only when asked for. Null where a search found more "
        "than it looks at."
    )
    async def total_count(self) -> int | None:
        asked: Any = self
        total: int | None = await asked.total()
        return total


@dataclass(frozen=True)
class Request:
    """The arguments of a connection, checked."""

    window: Window
    shape: Shape
    values: dict[str, Any]
    rows: bool


def _request(info: Info, model: type[Base], default: tuple[Order, ...], arguments: dict[str, Any]) -> Request:
    roles = info.context.viewer.roles
    arguments = {name: None if value is UNSET else value for name, value in arguments.items()}
    window = Window(*(arguments[name] for name in ("first", "last", "after", "before")))
    window.check(page_limit(roles))
    condition, values = filtered(arguments["where"])
    order = orders(arguments["order_by"]) or default
    target = row_type(info, model.__name__)
    shape = Shape(columns(info, model, target, wrapped=True), roles, where=condition, order=order)
    return Request(window, shape, values, bool(_ROWS & selected_names(info)))


async def _all(info: Info, model: type[Base], asked: Request) -> Asked:
    context = info.context
    found = await page(context, model, asked.window, asked.shape, asked.values) if asked.rows else None
    return Asked(found, lambda: count(context, model, asked.shape, asked.values))


async def _found(info: Info, model: type[Base], search: str, asked: Request) -> Asked:
    context = info.context
    found = None
    if asked.rows:
        found = await search_page(context, model, search, asked.window, asked.shape, asked.values)
    return Asked(found, lambda: search_count(context, model, search, asked.shape, asked.values))


async def _related(info: Info, batch: Batch, key: Any, asked: Request) -> Asked:
    context = info.context
    found = await related_page(context, batch, key, asked.window, asked.shape, asked.values) if asked.rows else None
    bare = Shape(columns=(), roles=asked.shape.roles, where=asked.shape.where)
    return Asked(found, lambda: context.count(batch, bare, key, asked.values))


def _annotate(resolver: Callable[..., Any], model: type[Base]) -> None:
    resolver.__annotations__ |= {
        "first": Annotated[int | None, PAGE_FIRST],
        "after": Annotated[str | None, PAGE_AFTER],
        "last": Annotated[int | None, PAGE_LAST],
        "before": Annotated[str | None, PAGE_BEFORE],
        **list_arguments(model),
    }


def connection(model: type[Base], description: str, *, default: tuple[str, ...]) -> Any:
    """A root field: all rows of `model` that the viewer may see, in `default` order where none is asked for."""

    async def resolver(
        info: Info,
        first: Any = UNSET,
        after: Any = UNSET,
        last: Any = UNSET,
        before: Any = UNSET,
        where: Any = UNSET,
        order_by: Any = UNSET,
    ) -> Any:
        given = {"first": first, "after": after, "last": last, "before": before, "where": where, "order_by": order_by}
        return await _all(info, model, _request(info, model, sorted_by(*default), given))

    _annotate(resolver, model)
    return strawberry.field(resolver=resolver, description=description, metadata={PAGED: model})


def searched_connection(model: type[Base], description: str, *, default: tuple[str, ...]) -> Any:
    """A root field like `connection` that takes `search` too."""

    async def resolver(
        info: Info,
        first: Any = UNSET,
        after: Any = UNSET,
        last: Any = UNSET,
        before: Any = UNSET,
        where: Any = UNSET,
        order_by: Any = UNSET,
        search: Annotated[str | None, SEARCH] = UNSET,
    ) -> Any:
        given = {"first": first, "after": after, "last": last, "before": before, "where": where, "order_by": order_by}
        asked = _request(info, model, sorted_by(*default), given)
        if search is None or search is UNSET:
            return await _all(info, model, asked)
        if order_by:
            raise Invalid("orderBy does not go with search: the best hits come first", field="orderBy")
        return await _found(info, model, search, asked)

    _annotate(resolver, model)
    return strawberry.field(resolver=resolver, description=description, metadata={PAGED: model})


def related_connection(batch: Batch, description: str) -> Any:
    """A field of a type: a page of a relation's rows, for all parents by one statement."""

    async def resolver(
        root: Any,
        info: Info,
        first: Any = UNSET,
        after: Any = UNSET,
        last: Any = UNSET,
        before: Any = UNSET,
        where: Any = UNSET,
        order_by: Any = UNSET,
    ) -> Any:
        given = {"first": first, "after": after, "last": last, "before": before, "where": where, "order_by": order_by}
        asked = _request(info, batch.model, batch.order, given)
        return await _related(info, batch, getattr(root, batch.parent), asked)

    _annotate(resolver, batch.model)
    metadata = {PAGED: batch.model, NEEDS: (batch.parent,)}
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)
