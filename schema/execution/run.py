"""The root fields of an operation, each by its plan."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from strawberry import UNSET

from models import Base
from resolvers.batches import Shape, by_id, statement_for
from resolvers.counting import count_statement
from resolvers.ordering import ordered, signature
from resolvers.paging import Page, page_of, page_statement, place
from resolvers.searching import search_count, search_page
from schema.execution.ahead import read_ahead
from schema.execution.chunks import LongPage, is_long
from schema.execution.levels import FEW_PARENTS, Levels
from schema.execution.pages import connection
from schema.execution.plan import Call, NotPlanned, ObjectPlan, PagePlan, TextForm
from schema.execution.steps import Ask, Steps
from schema.execution.texts import Texts, as_texts, encoded, page_of_pieces
from schema.node import Key, decode, identity
from schema.reads import Lookup, Made, PageRequest, Pages, Records, Singleton
from schema.records import keys_of


class Run(Levels):
    """What is at the root, and by `Levels` all that hangs below it; without `texts` rows come as rows."""

    texts = True

    def all_pages(self, reads: Pages, plan: PagePlan, call: Call) -> Steps[dict[str, Any]]:
        """A connection at the root."""
        arguments = self.arguments(call)
        search = arguments.pop("search", None)
        asked = self.asked(reads.model, plan, reads.default, arguments)
        if search is None or search is UNSET:
            if is_long(plan, asked):
                return (yield from self.long_page(reads, plan, asked))
            if self.texts and plan.form is not None and not asked.window.backward:
                return (yield from self.page_of_texts(reads, plan, plan.form, asked))
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

    def page_of_texts(self, reads: Pages, plan: PagePlan, form: TextForm, asked: PageRequest) -> Steps[dict[str, Any]]:
        """A page whose rows come as text; the one beyond it is cut off, and nothing is read below it."""
        where = place(reads.model, asked.window, as_texts(form, asked.shape), asked.values, cursors=plan.cursors)
        texts = Texts(self.executor, self.context, scoped=self.scoped)
        statement, alone = page_statement(reads.model, where.shape), self.single and not plan.counted
        pieces = yield from texts.page(plan.objects[0], statement, where.values, alone=alone)
        order = ordered(asked.shape.order)
        page = page_of_pieces(pieces, asked.window, signature(reads.model, order), len(order))
        total = (yield from self.total(reads, asked)) if plan.counted else None
        return connection(plan, encoded((yield from texts.objects(plan.objects[0], pieces))), page, total)

    def long_page(self, reads: Pages, plan: PagePlan, asked: PageRequest) -> Steps[dict[str, Any]]:
        where = place(reads.model, asked.window, asked.shape, asked.values, cursors=False)
        found = yield LongPage(self.context, reads, asked, where).read(partial(self.made, plan.objects[0]))
        total = (yield from self.total(reads, asked)) if plan.counted else None
        return connection(plan, found.made, found.page, total)

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
        statement = statement_for(by_id(model), Shape(plan.columns, self.roles, few=True))
        if self.single and plan.children:
            self.ahead = yield from read_ahead(self, plan, statement, key.id)
        if self.ahead is not None:
            found: Sequence[Any] = self.ahead.record()
        else:
            found = yield from self.related(by_id(model), statement, {}, [key.id])
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
        found = yield from self.related(by_id(plan.model), statement_for(by_id(plan.model), shape), {}, wanted)
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
            statement = statement_for(reads.batch, Shape(plan.columns, self.roles))
            found = yield from self.related(reads.batch, statement, {}, [reads.key(self.context.viewer)])
            return (yield from self.objects(plan, found))[0] if found else None
        raise NotPlanned(f"{type(reads).__name__} does not stand at the root")
