"""`viewerCan`: what the viewer may do with a record, so that a page can offer that and nothing else.

A type that some mutation changes gets the field by itself: see `resolvers.abilities`.
"""

from typing import Any

import strawberry

from models import Base
from resolvers.abilities import PREFIX, abilities
from schema.reads import READS, Able
from schema.selection import NEEDS

DESCRIPTION = "What your roles let you do with it; a rule about its values may still refuse it."


def _ability(name: str, mutation: str) -> Any:
    def resolver(root: Any) -> bool:
        able: bool = getattr(root, PREFIX + name)
        return able

    return strawberry.field(resolver=resolver, description=f"Whether you may call `{mutation}` on it.")


def _kind(model: type[Base]) -> type:
    fields = {name: _ability(name, mutation) for name, mutation in abilities(model).items()}
    kind = type(f"{model.__name__}Abilities", (), fields)
    return strawberry.type(kind, description=f"What the viewer may do with a {model.__name__}.")


def viewer_can(model: type[Base]) -> Any:
    """The field of a type of records, or None where no mutation changes them."""
    if not abilities(model):
        return None

    def resolver(root: Any) -> Any:
        return root

    needs = tuple(PREFIX + name for name in abilities(model))
    metadata = {NEEDS: needs, READS: Able(model)}
    return strawberry.field(resolver=resolver, graphql_type=_kind(model), description=DESCRIPTION, metadata=metadata)
