"""Lists that can grow without bound: connections as Relay knows them, with `nodes` and a lazy `totalCount`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry import UNSET

from models import Base
from resolvers.batches import Batch
from resolvers.errors import Invalid
from resolvers.ordering import Order, sorted_by
from resolvers.paging import Page, count, page, related_page
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
from schema.reads import READS, PageRequest, Pages, RelatedPages, page_request
from schema.selection import NEEDS, columns, row_type, selected_names

T = TypeVar("T")
PAGED = "connection"


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
        "than it looks at, and where a list of the trail is longer than it is counted."
    )
    async def total_count(self) -> int | None:
        asked: Any = self
        total: int | None = await asked.total()
        return total


def _request(info: Info, model: type[Base], default: tuple[Order, ...], arguments: dict[str, Any]) -> PageRequest:
    wanted = columns(info, model, row_type(info, model.__name__), wrapped=True)
    context = info.context
    return page_request(model, wanted, context.viewer.roles, default, arguments, most=context.page_limit)


async def _all(info: Info, model: type[Base], asked: PageRequest) -> Asked:
    context = info.context
    found = None
    if rows_selected(info):
        found = await page(context, model, asked.window, asked.shape, asked.values)
    return Asked(found, lambda: count(context, model, asked.bare, asked.values))


async def _found(info: Info, model: type[Base], search: str, asked: PageRequest) -> Asked:
    context = info.context
    found = None
    if rows_selected(info):
        found = await search_page(context, model, search, asked.window, asked.shape, asked.values)
    return Asked(found, lambda: search_count(context, model, search, asked.bare, asked.values))


async def _related(info: Info, batch: Batch, key: Any, asked: PageRequest) -> Asked:
    context = info.context
    found = None
    if rows_selected(info):
        found = await related_page(context, batch, key, asked.window, asked.shape, asked.values)
    return Asked(found, lambda: context.count(batch, asked.bare, key, asked.values))


def rows_selected(info: Info) -> bool:
    """Whether more is asked of a connection than how many rows its list has."""
    return bool({"nodes", "edges", "pageInfo"} & selected_names(info))


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
    order = sorted_by(*default)

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
        return await _all(info, model, _request(info, model, order, given))

    _annotate(resolver, model)
    return strawberry.field(
        resolver=resolver,
        description=description,
        metadata={PAGED: model, READS: Pages(model, order, searchable=False)},
    )


def searched_connection(model: type[Base], description: str, *, default: tuple[str, ...]) -> Any:
    """A root field like `connection` that takes `search` too."""
    order = sorted_by(*default)

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
        asked = _request(info, model, order, given)
        if search is None or search is UNSET:
            return await _all(info, model, asked)
        if order_by:
            raise Invalid("orderBy does not go with search: the best hits come first", field="orderBy")
        return await _found(info, model, search, asked)

    _annotate(resolver, model)
    return strawberry.field(
        resolver=resolver, description=description, metadata={PAGED: model, READS: Pages(model, order, searchable=True)}
    )


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
    metadata = {PAGED: batch.model, NEEDS: (batch.parent,), READS: RelatedPages(batch)}
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)
