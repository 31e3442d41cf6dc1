"""Rows of a level into dicts, by a comprehension that is written for the selection once.

For `{ id fullName guardians { … } }` it is

    lambda rows, g0: [{"id": f"stu_{r[0]}", "fullName": r[1], "guardians": g0(r[0])} for r in rows]

where `g0` gives what was found for a key; after those comes what opens sealed texts. Response names are GraphQL
names, so that quoting them is all the care they need.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from schema.execution.plan import Leaf, Maker, ObjectPlan
from schema.execution.spell import text_form


@lru_cache(maxsize=4096)
def _compact(day: datetime.date) -> str:
    """A day as ids spell it. Rows share their days, and spelling one takes as long as the rest of a row."""
    return f"{day:%Y%m%d}"


_NAMES = {"loads": orjson.loads, "compact": _compact}


def _expression(leaf: Leaf, places: dict[str, int]) -> str:
    return leaf.expression.format(**{name: f"r[{places[name]}]" for name in leaf.columns})


def _comprehension(plan: ObjectPlan, places: dict[str, int], *, bare: bool = False) -> Maker:
    """A bare one leaves the children's places to be filled later."""
    values = {leaf.response: _expression(leaf, places) for leaf in plan.leaves}
    for n, child in enumerate(plan.children):
        values[child.response] = "None" if bare else f"g{n}(r[{child.position}])"
    items = ", ".join(f"{name!r}: {values[name]}" for name in plan.names)
    found = "" if bare else "".join(f", g{n}" for n in range(len(plan.children)))
    found += "".join(f", open_{name}" for name in plan.sealed)
    made: Maker = eval(f"lambda rows{found}: [{{{items}}} for r in rows]", _NAMES.copy())
    return made


def _picker(places: list[int]) -> Callable[[Any], tuple[Any, ...]] | None:
    """What takes the values at these places out of a row; twice the one, since one alone would come without a tuple."""
    return itemgetter(*(places * 2 if len(places) == 1 else places)) if places else None


def settle(plan: ObjectPlan, columns: tuple[str, ...]) -> None:
    """Give a plan the columns of its rows, its own and what others of the same rows need."""
    places = {name: place for place, name in enumerate(columns)}
    plan.columns = columns
    for child in plan.children:
        child.position = places[child.key]
    plan.make = _comprehension(plan, places)
    plan.make_bare = _comprehension(plan, places, bare=True)
    plan.form = text_form(plan)
    plan.required = _picker([places[name] for leaf in plan.leaves if leaf.required for name in leaf.columns])
