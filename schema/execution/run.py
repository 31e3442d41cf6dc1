"""Runs a plan breadth-first: one statement for each relation of the selection, whatever the number of parents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from operator import contains
from typing import Any

from graphql import get_argument_values
from strawberry import UNSET
from strawberry.types.arguments import StrawberryArgument, convert_argument

from models import Base
from resolvers.batches import Batch, Shape, by_id, count_for, statement_for
from resolvers.context import Context
from resolvers.ordering import ordered, signature
from resolvers.paging import Page, count, page, page_of, place
from resolvers.searching import search_count, search_page
from schema.execution.plan import Call, Child, Dicts, NotPlanned, ObjectPlan, PagePlan
from schema.node import Key, decode, identity
from schema.reads import (
    Lookup,
    PageRequest,
    Pages,
    Records,
    RelatedPages,
    Singleton,
    ToMany,
    list_request,
    page_request,
)
from schema.records import keys_of

_PAGE_INFO: dict[str, Callable[[Page], Any]] = {
    "hasNextPage": lambda page: page.has_next_page,
    "hasPreviousPage": lambda page: page.has_previous_page,
    "startCursor": lambda page: page.cursor(page.rows[0]) if page.rows else None,
    "endCursor": lambda page: page.cursor(page.rows[-1]) if page.rows else None,
}


def _limited(shape: Shape) -> Shape:
    return replace(shape, limited=True)


def _counted(plan: PagePlan) -> bool:
    return any(name == "totalCount" for _, name, _ in plan.parts)


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


def _page_part(kind: str, value: Any, page: Page | None, total: int | None, made: dict[int, Dicts], rows: slice) -> Any:
    if kind == "totalCount":
        return total
    if kind == "__typename" or page is None:
        return value
    if kind == "nodes":
        return made[id(value)][rows]
    if kind == "edges":
        return _edges(value, page, made, rows)
    return {response: _PAGE_INFO[name](page) if name in _PAGE_INFO else named for response, name, named in value}


class Run:
    """One execution of a plan for one operation."""

    def __init__(self, executor: Any, context: Context) -> None:
        self.executor = executor
        self.context = context
        self.roles = context.viewer.roles

    def arguments(self, call: Call) -> dict[str, Any]:
        """The field's arguments by Python name, coerced by graphql-core and made into inputs by Strawberry."""
        if call.bare:
            return {}
        executor = self.executor
        given = get_argument_values(
            call.definition,
            call.details.node,
            executor.variable_values,
            call.details.fragment_variable_values,
            executor.hide_suggestions,
        )
        converted = dict(call.inputs)
        for name, value in given.items():
            argument = call.definition.args[name].extensions["strawberry-definition"]
            if argument.python_name not in converted:
                converted[argument.python_name] = made = self.input(name, argument, value)
                if name in call.literals:
                    call.inputs[argument.python_name] = made
        return converted

    def input(self, name: str, argument: StrawberryArgument, value: Any) -> Any:
        school = self.executor.schema._strawberry_schema
        registry = school.schema_converter.scalar_registry
        return convert_argument(value, argument.type, registry, school.config, path=(name,))

    async def objects(self, plan: ObjectPlan, rows: Sequence[Any]) -> Dicts:
        """The rows as dicts, all that hangs below them filled in."""
        if plan.required and any(map(contains, map(plan.required, rows), repeat(None))):
            raise NotPlanned("a value that must be there is missing")
        if not rows:
            return []
        dicts = plan.make(rows, *[await self.fill(child, rows) for child in plan.children])
        for child in plan.children:
            if child.required and any(one[child.response] is None for one in dicts):
                raise NotPlanned(f"{child.response} must be there and is missing")
        return dicts

    async def fill(self, child: Child, rows: Sequence[Any]) -> Callable[[Any], Any]:
        """What gives the value of a field for a parent's key, all of them loaded."""
        position = child.position
        found = {row[position] for row in rows}
        found.discard(None)
        keys = list(found)
        if isinstance(child.reads, ToMany):
            return await self.fill_lists(child, keys)
        if isinstance(child.reads, RelatedPages):
            return await self.fill_pages(child, keys)
        return await self.fill_rows(child, keys)

    async def related(self, batch: Batch, shape: Shape, keys: list[Any], values: Mapping[str, Any]) -> list[Any]:
        return await self.context.fetch(statement_for(batch, shape), keys=keys, **values) if keys else []

    async def fill_rows(self, child: Child, keys: list[Any]) -> Callable[[Any], Any]:
        found = await self.related(child.reads.batch, Shape(child.plan.columns, self.roles), keys, {})
        made = await self.objects(child.plan, found)
        return {row[-1]: one for row, one in zip(found, made, strict=True)}.get

    async def fill_lists(self, child: Child, keys: list[Any]) -> Callable[[Any], Any]:
        asked = list_request(child.reads.batch, child.plan.columns, self.roles, self.arguments(child.call))
        found = await self.related(child.reads.batch, asked.shape, keys, asked.values)
        made = await self.objects(child.plan, found)
        by_key: dict[Any, Dicts] = {key: [] for key in [None, *keys]}
        for row, one in zip(found, made, strict=True):
            by_key[row[-1]].append(one)
        return by_key.__getitem__

    async def fill_pages(self, child: Child, keys: list[Any]) -> Callable[[Any], Any]:
        batch, plan = child.reads.batch, child.plan
        asked = page_request(plan.columns, self.roles, batch.order, self.arguments(child.call))
        pages = await self.related_pages(batch, plan, asked, keys)
        totals = await self.totals(batch, plan, asked, keys)
        made = await self.pages(plan, [pages.get(key) for key in keys], [totals.get(key, 0) for key in keys])
        return dict(zip(keys, made, strict=True)).__getitem__

    async def related_pages(self, batch: Batch, plan: PagePlan, asked: PageRequest, keys: list[Any]) -> dict[Any, Page]:
        if not plan.rows:
            return {}
        where = place(batch.model, asked.window, _limited(asked.shape), asked.values, cursors=plan.cursors)
        found: dict[Any, list[Any]] = {key: [] for key in keys}
        for row in await self.related(batch, where.shape, keys, where.values):
            found[row[-1]].append(row)
        order = ordered(asked.shape.order)
        signed = signature(batch.model, order)
        return {key: page_of(rows, asked.window, signed, len(order)) for key, rows in found.items()}

    async def totals(self, batch: Batch, plan: PagePlan, asked: PageRequest, keys: list[Any]) -> dict[Any, int]:
        if not _counted(plan):
            return {}
        rows = await self.context.fetch(count_for(batch, asked.bare), keys=keys, **asked.values)
        return {row["_key"]: row["count"] for row in rows}

    async def pages(self, plan: PagePlan, pages: list[Page | None], totals: Sequence[int | None]) -> Dicts:
        """Pages as dicts; the rows of all of them are made together."""
        rows = [row for each in pages if each for row in each.rows]
        made = {id(part): await self.objects(part, rows) for part in plan.objects}
        dicts, start = [], 0
        for each, total in zip(pages, totals, strict=True):
            end = start + (len(each.rows) if each else 0)
            dicts.append(
                {
                    name: _page_part(kind, value, each, total, made, slice(start, end))
                    for name, kind, value in plan.parts
                }
            )
            start = end
        return dicts

    async def all_pages(self, reads: Pages, plan: PagePlan, call: Call) -> dict[str, Any]:
        """A connection at the root."""
        arguments = self.arguments(call)
        search = arguments.pop("search", None)
        asked = page_request(plan.columns, self.roles, reads.default, arguments)
        found, total = None, None
        if search is UNSET:
            search = None
        if search:
            if arguments.get("order_by"):
                raise NotPlanned("orderBy does not go with search")
            if plan.rows:
                found = await search_page(self.context, reads.model, search, asked.window, asked.shape, asked.values)
            if _counted(plan):
                total = await search_count(self.context, reads.model, search, asked.bare, asked.values)
        elif search is not None:
            raise NotPlanned("an empty search")
        else:
            if plan.rows:
                found = await page(
                    self.context, reads.model, asked.window, asked.shape, asked.values, cursors=plan.cursors
                )
            if _counted(plan):
                total = await count(self.context, reads.model, asked.bare, asked.values)
        return (await self.pages(plan, [found], [total]))[0]

    async def one(self, model: type[Base], plan: ObjectPlan, key: Key) -> dict[str, Any] | None:
        """The record that an id names."""
        found = await self.related(by_id(model), Shape(plan.columns, self.roles), [key.id], {})
        if not found or (key.date is not None and found[0]["date"] != key.date):
            return None
        return (await self.objects(plan, found))[0]

    async def records(self, reads: Records, plan_of: Callable[[type[Base]], ObjectPlan], call: Call) -> Any:
        """Records of any models; one statement for each model."""
        arguments = self.arguments(call)
        keys = keys_of(arguments["ids"]) if reads.several else [decode(arguments["id"])]
        made: dict[Any, Any] = {}
        for model in dict.fromkeys(key.model for key in keys):
            plan, batch = plan_of(model), by_id(model)
            wanted = list(dict.fromkeys(key.id for key in keys if key.model is model))
            found = await self.related(batch, Shape(plan.columns, self.roles), wanted, {})
            dicts = await self.objects(plan, found)
            dated = "date" in identity(model).columns
            made |= {
                (model, row["id"], row["date"] if dated else None): one for row, one in zip(found, dicts, strict=True)
            }
        answers = [made.get((key.model, key.id, key.date)) for key in keys]
        return answers if reads.several else answers[0]

    async def root(self, reads: Any, plan: Any, call: Call) -> Any:
        """The value of a root field."""
        if isinstance(reads, Pages):
            return await self.all_pages(reads, plan, call)
        if isinstance(reads, Lookup):
            return await self.one(reads.model, plan, decode(self.arguments(call)["id"], reads.model))
        if isinstance(reads, Records):
            return await self.records(reads, plan, call)
        if isinstance(reads, Singleton):
            shape = Shape(plan.columns, self.roles)
            found = await self.related(reads.batch, shape, [reads.key(self.context.viewer)], {})
            return (await self.objects(plan, found))[0] if found else None
        raise NotPlanned(f"{type(reads).__name__} does not stand at the root")
