"""A list with all that hangs below it by one statement, which needs no transaction where nothing else is read.

Each statement more costs a round trip, by which a page of five takes a third longer and one of fifty a tenth. The rows
are written as text (`schema.execution.texts`), so that each level is one row of the answer. The run goes its way as
ever, and finds what it would ask for.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resolvers.composing import Part
from resolvers.context import Context
from resolvers.pieces import Pieces
from resolvers.statements import Statement
from schema.execution.outlines import MOST_PARTS, PAUSE, is_paused, outline_of
from schema.execution.plan import Child, ObjectPlan
from schema.execution.steps import Steps

if TYPE_CHECKING:
    from schema.execution.texts import Texts

# For each way to the database that is saved, how many rows keys may be taken from: PostgreSQL gathers them slower than
# Python does.
MOST_ROWS = 1000


class Outline:
    """What a run will ask for: `parts`, of which the first is the page, and the values of the others but for the keys.

    `places` are the parts of children, by their identity; `sources` are the parts that others take keys from; `ways`
    is how many levels lie below the page, each of which would be a round trip more.
    """

    def __init__(self, run: "Texts", plan: ObjectPlan, page: Statement) -> None:
        self.parts = [Part(page, peeking=True)]
        self.values: list[Mapping[str, Any]] = []
        self.places: dict[int, int] = {}
        self.fixed = True
        self.ways = 0
        self._below(run, plan, 0, 1)
        self.sources = {number for part in self.parts for number, _ in part.sources}

    def takes(self, rows: int) -> bool:
        """Whether it is worth while where keys are taken from so many rows, or from a page of so many."""
        return len(self.parts) <= MOST_PARTS and rows <= MOST_ROWS * self.ways

    def _below(self, run: "Texts", plan: ObjectPlan, number: int, depth: int) -> None:
        """Of the rows of part `number`."""
        for child in plan.children:
            self.ways = max(self.ways, depth)
            batch = child.reads.batch
            statement, values = run.reading(child, run.proven(plan.model, batch))
            self.fixed = self.fixed and not child.call.details.node.arguments
            self.places[id(child)] = found = len(self.parts)
            self.parts.append(Part(statement, ((number, batch.parent),), once=True))
            self.values.append(values)
            self._below(run, child.plan, found, depth + 1)


class Whole:
    """What was read, for a run that asks for it; nothing is noted as read before. `values` are those of all parts."""

    def __init__(
        self, outline: Outline, values: list[Mapping[str, Any]], found: list[list[Any]], context: Context
    ) -> None:
        self.outline = outline
        self.values = values
        self.found = found
        self.context = context

    @property
    def key_rows(self) -> int:
        """From how many rows keys were taken."""
        return sum(self.found[number][0][1] for number in self.outline.sources)

    def page(self) -> Pieces:
        return self._received(0, self.values[0])

    def rows(self, child: Child, keys: list[str]) -> Pieces:
        """Those of a child for the keys of its parents, which are what was asked for."""
        number = self.outline.places[id(child)]
        return self._received(number, {**self.values[number], "keys": map(int, keys)})

    def _received(self, number: int, values: Mapping[str, Any]) -> Pieces:
        # Each is asked for once: what is read as pieces need not be kept as a text, too.
        rows, self.found[number] = self.found[number], []
        pieces: Pieces = self.context.received(self.outline.parts[number].statement, rows, values)
        return pieces


def read_whole(
    run: "Texts", plan: ObjectPlan, page: Statement, values: Mapping[str, Any], *, alone: bool
) -> Steps[Whole | None]:
    """The page and all below it; None where nothing is, or where that may be much or has been.

    `alone` says that nothing else is to be read.
    """
    if not plan.children or is_paused(plan):
        return None
    outline, context = outline_of(plan, page, lambda: Outline(run, plan, page)), run.context
    if not outline.takes(values["first"] - 1):
        return None
    context.alone = alone and not context.walking
    given = [values, *outline.values]
    found = yield context.fetch_parts(list(zip(outline.parts, given, strict=True)))
    whole = Whole(outline, given, found, context)
    if not outline.takes(whole.key_rows):
        plan.pause = PAUSE
    return whole
