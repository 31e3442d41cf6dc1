"""A mutation's input → plain values: what an absent field, an id and a nested input become.

    @strawberry.input(description="What to change about a user.")
    class UpdateUserInput:
        id: strawberry.ID = key(models.User, "The user.")
        version: int = strawberry.field(description="The version that was read.")
        first_name: strawberry.Maybe[str | None] = strawberry.field(description="First (given) name; null: none.")

gives `{"id": 42, "version": 3}` where `firstName` is absent, `"first_name": None` besides where it is null.
"""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.types.base import StrawberryMaybe, get_object_definition
from strawberry.types.field import StrawberryField

from models import Base
from resolvers.errors import spelled
from schema.node import Key, decode, identity

KEY = "key"
IDEMPOTENCY_KEY = (
    "A key of your own, at most 100 characters: sent again with the same input it gives the first answer, and nothing"
    " is done twice; with another input it is a CONFLICT. A call that is refused as a whole, and a dry run, leave no"
    " answer behind. How long answers are kept is the school's setting RETENTION_DAYS_IDEMPOTENCY_KEY."
)


def key(model: type[Base], description: str, **more: Any) -> Any:
    """An input field that takes the id of a record, or a list of ids; of `Base`: of a record of any type."""
    return strawberry.field(description=description, metadata={KEY: model}, **more)


def optional(description: str) -> Any:
    """An input field that may be left out or null, both of which leave it to the function's default."""
    return strawberry.field(description=description, default=UNSET)


def _key(text: str, model: type[Base], path: str) -> int | Key:
    if model is Base:
        return decode(text, field=path)
    found = decode(text, model, field=path)
    return found if identity(model).dated else found.id


def _each(value: Any, convert: Callable[[Any, str], Any], path: str) -> Any:
    """`convert` of a value, or of each in a list, with the path of it."""
    if isinstance(value, list):
        return [_each(each, convert, f"{path}.{place}") for place, each in enumerate(value)]
    return None if value is None else convert(value, path)


def _field(field: StrawberryField, value: Any, path: str) -> Any:
    model = field.metadata.get(KEY)
    if model is not None:
        return _each(value, lambda text, place: _key(text, model, place), path)
    return _each(
        value, lambda each, place: plain(each, f"{place}.") if get_object_definition(type(each)) else each, path
    )


def plain(given: Any, prefix: str = "") -> dict[str, Any]:
    """The fields of an input by their Python names; raises Invalid on an id that is none."""
    definition = get_object_definition(type(given), strict=True)
    found = {}
    for field in definition.fields:
        value = getattr(given, field.python_name)
        if value is UNSET or (value is None and field.default is UNSET):
            continue
        if isinstance(field.type, StrawberryMaybe):
            if value is None:
                continue
            value = value.value
        found[field.python_name] = _field(field, value, f"{prefix}{spelled(field.python_name)}")
    return found
