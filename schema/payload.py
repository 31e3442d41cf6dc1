"""What a mutation answers: a record or null, or fields of its own; and what was refused.

@payload("An open session, or why there is none.")
class LoginPayload:
    token: str | None = strawberry.field(description="...")
    user: refs.User | None = record(models.User, "The user who has signed in.")
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import strawberry

from models import Base
from resolvers.batches import by_id
from schema import refs
from schema.entity import load
from schema.errors import UserError
from schema.info import Info
from schema.reads import OWN

ERRORS = "What is wrong; empty where all was done, else nothing was."


class Shown(SimpleNamespace):
    """The fields of a payload; those of which nothing was said are null."""

    def __getattr__(self, _: str) -> None:
        return None


def record(model: type[Base], description: str, *, own: bool = False, of: str | None = None) -> Any:
    """A payload field that shows a record; the function gives its key under the field's name, or under `of`.

    `own` where it is the viewer's account.
    """

    async def resolver(root: Any, info: Info) -> Any:
        key = getattr(root, of or info.python_name)
        return None if key is None else await load(info, by_id(model), key)

    return strawberry.field(resolver=resolver, description=description, metadata={OWN: True} if own else {})


def payload(description: str) -> Callable[[type], type]:
    """Make a class the payload of a mutation: its own fields, which must be nullable, and `errors`."""

    def decorate(kind: type) -> type:
        made: Any = kind
        made.__annotations__["errors"] = list[UserError]
        made.errors = strawberry.field(description=ERRORS)
        return strawberry.type(kind, description=description)

    return decorate


def payload_of(name: str, model: type[Base]) -> type:
    """The payload of the mutation `name` that shows one record, under the model's name."""
    field = model.__name__[0].lower() + model.__name__[1:]
    title = name[0].upper() + name[1:] + "Payload"
    shown = record(model, "The record as it is now; null where there is none to show.")
    kind = type(title, (), {"__annotations__": {field: refs.reference(model) | None}, field: shown})
    return payload(f"What `{name}` did, or why it did not.")(kind)
