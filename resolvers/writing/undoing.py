"""What all ways of taking a bulk change back have in common; `resolvers.undoing` lists them."""

from dataclasses import dataclass

from models import Base
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.operations import Touched

# The input's field that errors are about.
FIELD = "operation"


@dataclass(frozen=True)
class Undone:
    """How many records were removed, and how many say again what they said."""

    removed: int
    restored: int


async def hold_left(change: Change, model: type[Base], touched: Touched) -> None:
    """Lock the records that an operation touched; raises Conflict where one is not as it left it."""
    left = dict((*touched.made, *touched.changed))
    stands = await change.lock_rows(model, [touched.key(each) for each in left])
    if other := sum(stands.get(each) != version for each, version in left.items()):
        raise Conflict(f"{FIELD}: {other} of its {len(left)} records have been changed since", field=FIELD)
