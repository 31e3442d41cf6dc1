"""What a run will ask for below a record or a page, so that it can be read with that by one statement.

An outline is made once for each plan and kind of viewer, where no argument makes it another each time.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from resolvers.statements import Statement
from schema.execution.plan import ObjectPlan

MOST_PARTS = 24
RUNS = 1000
# How many outlines a plan keeps: as many kinds of viewers as are at work at a time.
KEPT = 8
# How often a plan that had much below its root is run before it is tried again.
PAUSE = 50


class Kept(Protocol):
    """An outline: `fixed` says that every run of the root's statement asks for the same.

    `left` is for how many runs it is kept: statements that are forgotten are made anew, and what asks for the new ones
    finds nothing under the old.
    """

    fixed: bool
    left: int


Outline = TypeVar("Outline", bound=Kept)


def outline_of(plan: ObjectPlan, root: Statement, make: Callable[[], Outline]) -> Outline:
    """The outline of a plan whose own rows come by the statement `root`."""
    outline: Outline | None = plan.outlines.get(root)
    if outline is None or not outline.left:
        outline = make()
        if outline.fixed:
            plan.outlines[root] = outline
            while len(plan.outlines) > KEPT:
                plan.outlines.popitem(last=False)
    outline.left -= 1
    return outline


def is_paused(plan: ObjectPlan) -> bool:
    """Whether this run of the plan is to be one without an outline."""
    paused = bool(plan.pause)
    plan.pause -= paused
    return paused
