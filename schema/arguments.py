"""Arguments that many fields share, always in the order `first after last before where orderBy search`."""

from typing import Annotated, Any, Optional

import strawberry
from strawberry import UNSET

from models import Base
from resolvers.errors import Invalid
from schema.refs import reference

LIST_LIMIT = 10_000

FIRST = strawberry.argument(description="At most so many for each parent; all of them where it is absent.")
PAGE_FIRST = strawberry.argument(description="How many from the start, or after `after`. 25 where nothing is said.")
PAGE_AFTER = strawberry.argument(description="Cursor of the row to go on after; goes with `first`.")
PAGE_LAST = strawberry.argument(description="How many from the end, or before `before`.")
PAGE_BEFORE = strawberry.argument(description="Cursor of the row to stop before; goes with `last`.")
SEARCH = strawberry.argument(
    description="Words that must all be found, as parts of names, numbers, phones or e-mails. Best hits come first."
)


def list_arguments(model: type[Base]) -> dict[str, Any]:
    """Annotations of `where` and `order_by` of a list of `model`, whose inputs stand in its schema file."""
    where = strawberry.argument(description="Only the rows that meet all of these conditions.")
    order = strawberry.argument(description="Order of the rows: by the first entry, then the second, and so on.")
    condition, step = reference(model, "Where"), reference(model, "Order")
    return {
        "where": Annotated[Optional[condition], where],  # noqa: UP045 - a reference has no `|`
        "order_by": Annotated[Optional[list[step]], order],  # type: ignore[valid-type]  # noqa: UP045
    }


def limit(first: int | None, *, most: int = LIST_LIMIT) -> dict[str, int]:
    """`first` of a list as a value to bind; raises Invalid out of range."""
    if first is None or first is UNSET:
        return {}
    if not 0 <= first <= most:
        raise Invalid(f"first: {first} is not between 0 and {most}", field="first")
    return {"first": first}
