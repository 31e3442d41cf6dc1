"""Rows of a level into dicts, by a comprehension that is written for the selection once.

For `{ id fullName guardians { … } }` it is

    [{"id": f"stu_{r[0]}", "fullName": r[1], "guardians": None} for r in rows]

Response names are GraphQL names, so that quoting them is all the care they need.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import orjson

from schema.execution.plan import Dicts, Leaf, ObjectPlan


def _expression(leaf: Leaf, places: dict[str, int]) -> str:
    return leaf.expression.format(**{name: f"r[{places[name]}]" for name in leaf.columns})


def _comprehension(plan: ObjectPlan, places: dict[str, int]) -> Callable[[Sequence[Any]], Dicts]:
    values = {leaf.response: _expression(leaf, places) for leaf in plan.leaves}
    items = ", ".join(f"{name!r}: {values.get(name, 'None')}" for name in plan.names)
    made: Callable[[Sequence[Any]], Dicts] = eval(f"lambda rows: [{{{items}}} for r in rows]", {"loads": orjson.loads})
    return made


def _picker(places: list[int]) -> Callable[[Any], tuple[Any, ...]] | None:
    """What takes the values at these places out of a row; twice the one, since one alone would come without a tuple."""
    return itemgetter(*(places * 2 if len(places) == 1 else places)) if places else None


def settle(plan: ObjectPlan, columns: tuple[str, ...]) -> None:
    """Give a plan the columns of its rows, its own and what others of the same rows need."""
    places = {name: place for place, name in enumerate(columns)}
    plan.columns = columns
    plan.make = _comprehension(plan, places)
    plan.required = _picker([places[name] for leaf in plan.leaves if leaf.required for name in leaf.columns])
    for child in plan.children:
        child.position = places[child.reads.batch.parent]
