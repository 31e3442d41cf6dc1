"""Runs a plan breadth-first: one statement for each relation of the selection, whatever the number of parents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

from strawberry import UNSET

from models import Base
from resolvers.access import proven
from resolvers.access.sets import KeySet
from resolvers.batches import Batch, Shape, by_id, statement_for, values_for
from resolvers.context import Context
from resolvers.counting import count_for, count_statement
from resolvers.ordering import Order, ordered, signature
from resolvers.paging import Page, page_of, page_statement, place
from resolvers.searching import search_count, search_page
from resolvers.unsealing import openers
from schema.execution.ahead import Known, read_ahead
from schema.execution.arguments import arguments_of
from schema.execution.chunks import LongPage, is_long
from schema.execution.pages import page_part
from schema.execution.plan import Call, Child, Dicts, NotPlanned, ObjectPlan, PagePlan
from schema.execution.steps import MANY_ROWS, Ask, Fork, Steps
from schema.node import Key, decode, identity
from schema.reads import (
    Lookup,
    Made,
    PageRequest,
    Pages,
    Records,
    RelatedPages,
    Singleton,
    ToMany,
    ToOne,
    list_request,
    page_request,
)
from schema.records import keys_of

LAST = itemgetter(-1)
# Relations of so few parents, or to so few rows, are read by one message.
FEW_PARENTS, FEW_ROWS = 4, 64


def _check_there(child: Child, *, missing: bool) -> None:
    if missing and child.required and isinstance(child.reads, ToOne):
        raise NotPlanned(f"{child.response} must be there and is missing")


def _place(child: Child, value: Callable[[Any], Any], dicts: Dicts, keys: list[Any]) -> None:
    """Put what was found for the parents' keys into the places that are kept for it."""
    name = child.response
    for one, found in zip(dicts, map(value, keys), strict=True):
        one[name] = found


class Run:
    """One execution of a plan for one operation.

    `scoped` says that all rows are read here, in the viewer's scope, so that those below need not prove again what led
    to them; rows that a resolver returned may come from anywhere. `single` says that it reads one root field and no
    more.
    """

    def __init__(self, executor: Any, context: Context, *, scoped: bool = True, single: bool = False) -> None:
        self.executor = executor
        self.context = context
        self.roles = context.viewer.roles
        self.scoped = scoped
        self.single = single
        self.ahead: Known | None = None

    def arguments(self, call: Call) -> dict[str, Any]:
        """The field's arguments by Python name, made into inputs by Strawberry."""
        return arguments_of(call, self.executor)

    def asked(
        self, model: type[Base], plan: PagePlan, default: tuple[Order, ...], arguments: Mapping[str, Any]
    ) -> PageRequest:
        most = self.context.page_limit
        return page_request(model, plan.columns, self.roles, default, arguments, most=most)

    def made(self, plan: ObjectPlan, rows: Sequence[Any]) -> Dicts:
        """Rows with nothing below them, as dicts."""
        plan.check(rows)
        return plan.make(rows, *openers(self.context, plan.model, plan.sealed)) if rows else []

    def objects(self, plan: ObjectPlan, rows: Sequence[Any]) -> Steps[Dicts]:
        """The rows as dicts, all that hangs below them filled in."""
        if not rows or not plan.children:
            return self.made(plan, rows)
        plan.check(rows)
        keys = [list(map(itemgetter(child.position), rows)) for child in plan.children]
        fills = [self.fill(plan.model, child, set(found)) for child, found in zip(plan.children, keys, strict=True)]
        opening = openers(self.context, plan.model, plan.sealed)
        if len(rows) < MANY_ROWS:
            return plan.make(rows, *(yield fills), *opening)
        dicts: Dicts
        *values, dicts = yield Fork(fills, partial(plan.make_bare, rows, *opening))
        for child, value, found in zip(plan.children, values, keys, strict=True):
            _place(child, value, dicts, found)
        return dicts

    def proven(self, model: type[Base], batch: Batch) -> frozenset[KeySet]:
        return proven(model, batch.parent, self.roles) if self.scoped else frozenset()

    def fill(self, model: type[Base], child: Child, found: set[Any]) -> Steps[Callable[[Any], Any]]:
        """What gives the value of a field for a parent's key, all of those found loaded; `model` is the parents'."""
        if None in found:
            _check_there(child, missing=True)
            found.discard(None)
        keys = list(found)
        if child.parents is not None:
            return (yield from self.fill_values(child, child.parents, keys))
        known = self.proven(model, child.reads.batch)
        if isinstance(child.reads, ToMany):
            return (yield from self.fill_lists(child, keys, known))
        if isinstance(child.reads, RelatedPages):
            return (yield from self.fill_pages(child, keys, known))
        return (yield from self.fill_rows(child, keys, known))

    def shape_of(self, child: Child, known: frozenset[KeySet]) -> tuple[Shape, Mapping[str, Any]]:
        """How the rows of a relation, or of a list, are asked for: the shape, and the values but for keys."""
        columns = child.plan.columns
        if not isinstance(child.reads, ToMany):
            return Shape(columns, self.roles, proven=known), {}
        asked = list_request(child.reads.batch, columns, self.roles, self.arguments(child.call))
        return replace(asked.shape, proven=known) if known else asked.shape, asked.values

    def related(self, batch: Batch, shape: Shape, values: Mapping[str, Any], keys: list[Any]) -> Steps[Sequence[Any]]:
        if not keys:
            return []
        statement = statement_for(batch, shape)
        if self.ahead is not None and (known := self.ahead.rows(statement, values, keys)) is not None:
            return known
        few = statement.plain and len(keys) <= (FEW_PARENTS if batch.many else FEW_ROWS)
        rows: Sequence[Any] = yield Ask(statement, {**values, "keys": keys}, few)
        return rows

    def fill_values(self, child: Child, parents: type[Base], ids: list[Any]) -> Steps[Callable[[Any], Any]]:
        """Of parents by their ids: which row each leads to is read first."""
        statement = values_for(parents, child.reads.batch.parent)
        values = dict((yield Ask(statement, {"keys": ids}, len(ids) <= FEW_ROWS)))
        _check_there(child, missing=len(values) < len(ids))
        found = yield from self.fill_rows(child, list({*values.values()} - {None}), frozenset())
        return {key: found(value) for key, value in values.items()}.get

    def fill_rows(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        found = yield from self.related(child.reads.batch, *self.shape_of(child, known), keys)
        _check_there(child, missing=len(found) < len(keys))
        made = yield from self.objects(child.plan, found)
        return dict(zip(map(LAST, found), made, strict=True)).get

    def fill_lists(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        found = yield from self.related(child.reads.batch, *self.shape_of(child, known), keys)
        made = yield from self.objects(child.plan, found)
        by_key: dict[Any, Dicts] = {key: [] for key in [None, *keys]}
        for key, one in zip(map(LAST, found), made, strict=True):
            by_key[key].append(one)
        return by_key.__getitem__

    def fill_pages(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        batch, plan = child.reads.batch, child.plan
        asked = self.asked(batch.model, plan, batch.order, self.arguments(child.call))
        asked = replace(asked, shape=replace(asked.shape, proven=known)) if known else asked
        pages = yield from self.related_pages(batch, plan, asked, keys)
        totals = yield from self.totals(batch, plan, asked, keys)
        made = yield from self.pages(plan, [pages.get(key) for key in keys], [totals.get(key, 0) for key in keys])
        return dict(zip(keys, made, strict=True)).__getitem__

    def related_pages(
        self, batch: Batch, plan: PagePlan, asked: PageRequest, keys: list[Any]
    ) -> Steps[dict[Any, Page]]:
        if not plan.rows:
            return {}
        where = place(batch.model, asked.window, replace(asked.shape, limited=True), asked.values, cursors=plan.cursors)
        found: dict[Any, list[Any]] = {key: [] for key in keys}
        if keys:
            for row in (yield Ask(statement_for(batch, where.shape), {**where.values, "keys": keys})):
                found[row[-1]].append(row)
        order = ordered(asked.shape.order)
        signed = signature(batch.model, order)
        return {key: page_of(rows, asked.window, signed, len(order)) for key, rows in found.items()}

    def totals(self, batch: Batch, plan: PagePlan, asked: PageRequest, keys: list[Any]) -> Steps[dict[Any, int | None]]:
        if not plan.counted:
            return {}
        rows = yield Ask(count_for(batch, asked.bare), {**asked.values, "keys": keys})
        return {row["_key"]: row["count"] for row in rows}

    def pages(self, plan: PagePlan, pages: list[Page | None], totals: Sequence[int | None]) -> Steps[Dicts]:
        """Pages as dicts; the rows of all of them are made together."""
        rows = [row for each in pages if each for row in each.rows]
        objects = yield [self.objects(part, rows) for part in plan.objects]
        made = dict(zip(map(id, plan.objects), objects, strict=True))
        dicts, start = [], 0
        for each, total in zip(pages, totals, strict=True):
            end = start + (len(each.rows) if each else 0)
            dicts.append(
                {name: page_part(kind, value, each, total, made, slice(start, end)) for name, kind, value in plan.parts}
            )
            start = end
        return dicts

    def all_pages(self, reads: Pages, plan: PagePlan, call: Call) -> Steps[dict[str, Any]]:
        """A connection at the root."""
        arguments = self.arguments(call)
        search = arguments.pop("search", None)
        asked = self.asked(reads.model, plan, reads.default, arguments)
        if search is None or search is UNSET:
            if is_long(plan, asked):
                return (yield from self.long_page(reads, plan, asked))
            found = (yield from self.page(reads, plan, asked)) if plan.rows else None
            total = (yield from self.total(reads, asked)) if plan.counted else None
        elif not search or arguments.get("order_by"):
            raise NotPlanned("an empty search, or an order beside it")
        else:
            found, total = yield self.searched(reads, plan, search, asked)
        return (yield from self.pages(plan, [found], [total]))[0]

    def page(self, reads: Pages, plan: PagePlan, asked: PageRequest) -> Steps[Page]:
        where = place(reads.model, asked.window, asked.shape, asked.values, cursors=plan.cursors)
        rows = yield Ask(page_statement(reads.model, where.shape), where.values)
        order = ordered(asked.shape.order)
        return page_of(rows, asked.window, signature(reads.model, order), len(order))

    def long_page(self, reads: Pages, plan: PagePlan, asked: PageRequest) -> Steps[dict[str, Any]]:
        where = place(reads.model, asked.window, asked.shape, asked.values, cursors=False)
        found = yield LongPage(self.context, reads, asked, where).read(partial(self.made, plan.objects[0]))
        total = (yield from self.total(reads, asked)) if plan.counted else None
        return {
            name: found.made if kind == "nodes" else page_part(kind, value, found.page, total, {}, slice(0))
            for name, kind, value in plan.parts
        }

    def total(self, reads: Pages, asked: PageRequest) -> Steps[int | None]:
        rows = yield Ask(count_statement(reads.model, asked.bare), asked.values)
        total: int | None = rows[0]["count"]
        return total

    async def searched(self, reads: Pages, plan: PagePlan, search: str, asked: PageRequest) -> Any:
        context, found, total = self.context, None, None
        if plan.rows:
            found = await search_page(context, reads.model, search, asked.window, asked.shape, asked.values)
        if plan.counted:
            total = await search_count(context, reads.model, search, asked.bare, asked.values)
        return found, total

    def one(self, model: type[Base], plan: ObjectPlan, key: Key) -> Steps[dict[str, Any] | None]:
        """The record that an id names."""
        shape = Shape(plan.columns, self.roles, few=True)
        if self.single and plan.children:
            self.ahead = yield from read_ahead(self, plan, statement_for(by_id(model), shape), key.id)
        found = yield from self.related(by_id(model), shape, {}, [key.id])
        if not found or (key.date is not None and found[0][plan.columns.index("date")] != key.date):
            return None
        return (yield from self.objects(plan, found))[0]

    def records(self, reads: Records, plan_of: Callable[[type[Base]], ObjectPlan], call: Call) -> Steps[Any]:
        """Records of any models; one statement for each model."""
        arguments = self.arguments(call)
        keys = keys_of(arguments["ids"]) if reads.several else [decode(arguments["id"])]
        models = list(dict.fromkeys(key.model for key in keys))
        found = yield [self.of_model(plan_of(model), keys) for model in models]
        made = {name: one for each in found for name, one in each.items()}
        answers = [made.get((key.model, key.id, key.date)) for key in keys]
        return answers if reads.several else answers[0]

    def of_model(self, plan: ObjectPlan, keys: list[Key]) -> Steps[dict[Any, dict[str, Any]]]:
        """The records of one model that the keys name, by what names them."""
        wanted = list(dict.fromkeys(key.id for key in keys if key.model is plan.model))
        shape = Shape(plan.columns, self.roles, few=len(wanted) <= FEW_PARENTS)
        found = yield from self.related(by_id(plan.model), shape, {}, wanted)
        dicts = yield from self.objects(plan, found)
        date = plan.columns.index("date") if "date" in identity(plan.model).columns else None
        return {
            (plan.model, row[-1], None if date is None else row[date]): one
            for row, one in zip(found, dicts, strict=True)
        }

    def root(self, reads: Any, plan: Any, call: Call) -> Steps[Any]:
        """The value of a root field."""
        if isinstance(reads, Pages):
            return (yield from self.all_pages(reads, plan, call))
        if isinstance(reads, Lookup):
            return (yield from self.one(reads.model, plan, decode(self.arguments(call)["id"], reads.model)))
        if isinstance(reads, Records):
            return (yield from self.records(reads, plan, call))
        if isinstance(reads, Made):
            # What a function returned may come from anywhere.
            return (yield from plan.made(Run(self.executor, self.context, scoped=False), call))
        if isinstance(reads, Singleton):
            shape = Shape(plan.columns, self.roles)
            found = yield from self.related(reads.batch, shape, {}, [reads.key(self.context.viewer)])
            return (yield from self.objects(plan, found))[0] if found else None
        raise NotPlanned(f"{type(reads).__name__} does not stand at the root")
