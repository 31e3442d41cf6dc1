"""What a run will ask for below a record or a page, so that it can be read with that by one statement.

An outline is made once for each plan and kind of viewer, where no argument makes it another each time.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from resolvers.statements import Statement
from schema.execution.plan import ObjectPlan

MOST_PARTS = 24
# How often a plan that had much below its root is run before it is tried again.
PAUSE = 50


class Fixed(Protocol):
    """An outline: `fixed` says that every run of the root's statement asks for the same."""

    fixed: bool


Outline = TypeVar("Outline", bound=Fixed)


def outline_of(plan: ObjectPlan, root: Statement, make: Callable[[], Outline]) -> Outline:
    """The outline of a plan whose own rows come by the statement `root`."""
    outline: Outline | None = plan.outlines.find(root)
    if outline is None:
        outline = make()
        if outline.fixed:
            plan.outlines.keep(root, outline)
    return outline


def is_paused(plan: ObjectPlan) -> bool:
    """Whether this run of the plan is to be one without an outline."""
    paused = bool(plan.pause)
    plan.pause -= paused
    return paused
