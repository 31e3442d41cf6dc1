"""Reads what hangs below one record together with the record, by one statement and so without a transaction.

One record has little below it, and each statement by itself would cost more than what it reads. The run goes its way
as ever; what it asks for is mostly here already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models import Base
from resolvers.composing import Part
from resolvers.context import Context
from resolvers.statements import Statement
from schema.execution.outlines import MOST_PARTS, PAUSE, is_paused, outline_of
from schema.execution.plan import Child, NotPlanned, ObjectPlan
from schema.execution.steps import Steps
from schema.reads import RelatedPages, ToMany

if TYPE_CHECKING:
    from schema.execution.run import Run

# Rows within a row take PostgreSQL and the driver twice as long: beyond so many that outweighs the way saved.
MOST_ROWS = 400


@dataclass
class Wanted:
    """A statement that the run will ask for, its values but for the keys, and where those come from.

    `sources` are parts by number, the column's name and its place in their rows; none where the record's key is meant.
    """

    statement: Statement
    values: Mapping[str, Any]
    sources: list[tuple[int, str, int]] = field(default_factory=list)

    @property
    def part(self) -> Part:
        return Part(self.statement, tuple((number, column) for number, column, _ in self.sources))


class Outline:
    """What a run will ask for below one record of a plan; `complete` where that is all.

    `places` are the parts of children, by their identity.
    """

    def __init__(self, run: "Run", plan: ObjectPlan, record: Statement) -> None:
        self.run = run
        self.complete = self.fixed = True
        self.wanted = [Wanted(record, {})]
        self.places: dict[int, int] = {}
        self._below(plan.model, plan, 0)
        del self.run
        self.parts = [each.part for each in self.wanted]

    def asked(self, key: int) -> list[tuple[Part, Mapping[str, Any]]]:
        """All parts, with the values for the record of this key."""
        given = {"keys": [key]}
        return [
            (part, each.values if part.sources else {**each.values, **given})
            for part, each in zip(self.parts, self.wanted, strict=True)
        ]

    def _below(self, model: type[Base], plan: ObjectPlan, number: int) -> None:
        for child in plan.children:
            many = isinstance(child.reads, ToMany)
            # A page has a window, a value of its own for each parent takes a statement more; and lists below lists
            # are long.
            if child.parents is not None or isinstance(child.reads, RelatedPages) or (many and number):
                self.complete = False
                continue
            batch, below = child.reads.batch, bool(child.plan.children)
            self.fixed = self.fixed and not child.call.details.node.arguments
            statement, values = self.run.reading(child, self.run.proven(model, batch))
            source = number, child.key, child.position
            found = self._add(statement, values, source, shared=not (many or below))
            if found is None:
                self.complete = False
                continue
            self.places[id(child)] = found
            if below:
                self._below(child.plan.model, child.plan, found)

    def _add(
        self, statement: Statement, values: Mapping[str, Any], source: tuple[int, str, int], *, shared: bool
    ) -> int | None:
        """The part's number; one that nothing hangs below may be `shared` by several relations."""
        same = next((n for n, known in enumerate(self.wanted) if known.statement is statement), None)
        if same is not None:
            known = self.wanted[same]
            led_from = any(number == same for each in self.wanted for number, *_ in each.sources)
            if led_from or not (shared and known.sources and known.values == values):
                return None
            known.sources.append(source)
            return same
        if not statement.plain or statement.afresh or len(self.wanted) == MOST_PARTS:
            return None
        self.wanted.append(Wanted(statement, values, [] if source[:2] == (0, "id") else [source]))
        return len(self.wanted) - 1


class Ahead:
    """What was read, for a run that asks for it; nothing is noted as read before that."""

    def __init__(self, outline: Outline, key: int, found: Sequence[list[Any]], context: Context) -> None:
        self.outline = outline
        self.key = key
        self.found = found
        self.context = context
        self.size = sum(map(len, found))

    def record(self) -> list[Any]:
        """The record itself, or no row."""
        return self._received(0, self.found[0], [self.key])

    def rows(self, child: Child, keys: list[Any]) -> list[Any] | None:
        """Those of a child for the keys of its parents; None where they were not read.

        Raises NotPlanned where they should have been.
        """
        number, asked = self.outline.places.get(id(child)), set(keys)
        if number is None or not asked <= self._keys(number):
            if self.outline.complete:
                raise NotPlanned("more is asked for than was read ahead")
            return None
        return self._received(number, [row for row in self.found[number] if row[-1] in asked], keys)

    def _received(self, number: int, rows: list[Any], keys: list[Any]) -> list[Any]:
        wanted = self.outline.wanted[number]
        self.context.received(wanted.statement, rows, {**wanted.values, "keys": keys})
        return rows

    def _keys(self, number: int) -> set[Any]:
        """The keys that were asked for: a row that is not among those of others may be there all the same."""
        sources = self.outline.wanted[number].sources
        return {row[place] for other, _, place in sources for row in self.found[other]} if sources else {self.key}


def read_ahead(run: "Run", plan: ObjectPlan, record: Statement, key: int) -> Steps[Ahead | None]:
    """A record with all that hangs below it; None where nothing does, or where that has been much."""
    if not record.plain or is_paused(plan):
        return None
    outline, context = outline_of(plan, record, lambda: Outline(run, plan, record)), run.context
    if len(outline.parts) == 1:
        return None
    context.alone = outline.complete and not context.walking
    ahead = Ahead(outline, key, (yield context.fetch_parts(outline.asked(key))), context)
    if ahead.size > MOST_ROWS:
        plan.pause = PAUSE
    return ahead
