"""Runs a plan breadth-first: one select for each relation of the selection, whatever the number of parents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

from models import Base
from resolvers.access import proven
from resolvers.access.sets import KeySet
from resolvers.batches import Batch, Shape, statement_for, values_for
from resolvers.beside import Beside
from resolvers.context import Context
from resolvers.counting import count_for
from resolvers.ordering import Order, ordered, signature
from resolvers.paging import Page, page_of, place
from resolvers.statements import Statement
from resolvers.unsealing import openers
from schema.execution.ahead import Ahead
from schema.execution.arguments import arguments_of
from schema.execution.pages import page_part
from schema.execution.plan import Call, Child, Dicts, NotPlanned, ObjectPlan, PagePlan
from schema.execution.steps import MANY_ROWS, Ask, Fork, Steps
from schema.reads import ListRequest, PageRequest, RelatedPages, ToMany, ToOne, list_request, page_request

LAST = itemgetter(-1)
# A statement, and its values but for the keys.
Reading = tuple[Statement, Mapping[str, Any]]
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


class Levels:
    """One execution of a plan for one operation.

    `scoped` says that all rows are read here, in the viewer's scope, so that those below need not prove again what led
    to them; rows that a resolver returned may come from anywhere. `single` says that it reads one root field and no
    more.

    Rows may be here before they are asked for: those below one record (`ahead`) by the child that asks, those beside a
    report (`beside`) by their statement; `texts` has those of a whole page.
    """

    def __init__(self, executor: Any, context: Context, *, scoped: bool = True, single: bool = False) -> None:
        self.executor = executor
        self.context = context
        self.roles = context.viewer.roles
        self.scoped = scoped
        self.single = single
        self.ahead: Ahead | None = None
        self.beside: Beside | None = None

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
            found = found - {None}
        keys = list(found)
        if child.parents is not None:
            return (yield from self.fill_values(child, child.parents, keys))
        known = self.proven(model, child.reads.batch)
        if isinstance(child.reads, ToMany):
            return (yield from self.fill_lists(child, keys, known))
        if isinstance(child.reads, RelatedPages):
            return (yield from self.fill_pages(child, keys, known))
        return (yield from self.fill_rows(child, keys, known))

    def shaped(self, plan: ObjectPlan, shape: Shape) -> Shape:
        """How rows of a shape are read here."""
        return shape

    def reading(self, child: Child, known: frozenset[KeySet]) -> Reading:
        """How the rows of a relation, or of a list, are read.

        Where the field has no arguments it is the same for all viewers of these roles: whatever else a statement needs
        of a viewer is bound when it runs.
        """
        kind = type(self), self.roles, known
        found: Reading | None = child.readings.find(kind)
        if found is None:
            found = self._reading(child, known)
            if not child.call.details.node.arguments:
                child.readings.keep(kind, found)
        return found

    def _reading(self, child: Child, known: frozenset[KeySet]) -> Reading:
        batch, columns = child.reads.batch, child.plan.columns
        if isinstance(child.reads, ToMany):
            asked = list_request(batch, columns, self.roles, self.arguments(child.call))
        else:
            asked = ListRequest(Shape(columns, self.roles), {})
        return statement_for(batch, self.shaped(child.plan, asked.shape.but(proven=known))), asked.values

    def related(
        self, batch: Batch, statement: Statement, values: Mapping[str, Any], keys: list[Any]
    ) -> Steps[Sequence[Any]]:
        if not keys:
            return []
        if self.beside is not None and (known := self.beside.rows(statement, values, keys)) is not None:
            return known
        few = statement.plain and len(keys) <= (FEW_PARENTS if batch.many else FEW_ROWS)
        # What comes as text is one row.
        rows: Sequence[Any] = yield Ask(statement, {**values, "keys": keys}, few or statement.layout is not None)
        return rows

    def fill_values(self, child: Child, parents: type[Base], ids: list[Any]) -> Steps[Callable[[Any], Any]]:
        """Of parents by their ids: which row each leads to is read first."""
        statement = values_for(parents, child.reads.batch.parent)
        values = dict((yield Ask(statement, {"keys": ids}, len(ids) <= FEW_ROWS)))
        _check_there(child, missing=len(values) < len(ids))
        found = yield from self.fill_rows(child, list({*values.values()} - {None}), frozenset())
        return {key: found(value) for key, value in values.items()}.get

    def rows_below(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Sequence[Any]]:
        """The rows of a relation, or of a list."""
        if self.ahead is not None and (found := self.ahead.rows(child, keys)) is not None:
            return found
        return (yield from self.related(child.reads.batch, *self.reading(child, known), keys))

    def fill_rows(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        found = yield from self.rows_below(child, keys, known)
        _check_there(child, missing=len(found) < len(keys))
        made = yield from self.objects(child.plan, found)
        return self.found(found, made)

    def fill_lists(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        found = yield from self.rows_below(child, keys, known)
        made = yield from self.objects(child.plan, found)
        return self.listed(keys, found, made)

    def found(self, rows: Sequence[Any], made: Sequence[Any]) -> Callable[[Any], Any]:
        """What gives for a key what was made of its row; null where there is none."""
        return dict(zip(map(LAST, rows), made, strict=True)).get

    def listed(self, keys: list[Any], rows: Sequence[Any], made: Sequence[Any]) -> Callable[[Any], Any]:
        """What gives for a key all that was made of its rows."""
        by_key: dict[Any, list[Any]] = {key: [] for key in [None, *keys]}
        for key, one in zip(map(LAST, rows), made, strict=True):
            by_key[key].append(one)
        return by_key.__getitem__

    def fill_pages(self, child: Child, keys: list[Any], known: frozenset[KeySet]) -> Steps[Callable[[Any], Any]]:
        batch, plan = child.reads.batch, child.plan
        asked = self.asked(batch.model, plan, batch.order, self.arguments(child.call))
        asked = replace(asked, shape=asked.shape.but(proven=known)) if known else asked
        pages = yield from self.related_pages(batch, plan, asked, keys)
        totals = yield from self.totals(batch, plan, asked, keys)
        made = yield from self.pages(plan, [pages.get(key) for key in keys], [totals.get(key, 0) for key in keys])
        return dict(zip(keys, made, strict=True)).__getitem__

    def related_pages(
        self, batch: Batch, plan: PagePlan, asked: PageRequest, keys: list[Any]
    ) -> Steps[dict[Any, Page]]:
        if not plan.rows:
            return {}
        where = place(batch.model, asked.window, asked.shape.but(limited=True), asked.values, cursors=plan.cursors)
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
