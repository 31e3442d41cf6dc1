"""What all ways of taking a bulk change back have in common; `resolvers.undoing` lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import Base
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change

# The input's field that errors are about.
FIELD = "operation"


@dataclass(frozen=True)
class Undone:
    """How many records were removed, and how many say again what they said."""

    removed: int
    restored: int


async def hold_left(change: Change, model: type[Base], left: Sequence[tuple[Mapping[str, Any], int]]) -> None:
    """Lock the records that an operation left, by their keys, in these versions; raises Conflict on other ones."""
    stands = await change.lock_rows(model, [key for key, _ in left])
    if other := sum(stands.get(key["id"]) != version for key, version in left):
        raise Conflict(f"{FIELD}: {other} of its {len(left)} records have been changed since", field=FIELD)
