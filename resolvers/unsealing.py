"""Sealed texts of an operation: opened for the fields that show them, hashed for the conditions that name them.

Both ways of execution open by `opener`, and every statement that names a sealed text passes `hashed`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from models import Base
from models.computed import Sealed, declaration
from resolvers.sealing import Place, Sealer
from resolvers.statements import Statement

if TYPE_CHECKING:
    from resolvers.context import Context

Opener = Callable[[bytes | None, int], str | None]


def sealer_of(context: "Context") -> Sealer:
    """Raises RuntimeError in a process that was started without the keys."""
    if context.services.sealer is None:
        raise RuntimeError("no sealing keys are known to this process")
    return context.services.sealer


def opener(context: "Context", model: type[Base], name: str) -> Opener:
    """What opens the sealed text `name` of rows of `model`: from its bytes and the row's id.

    Null stays null: so it came where there is none, and where the viewer may not see it.
    """
    declared = declaration(model, name)
    assert isinstance(declared, Sealed)
    place = Place(context.viewer.institution_id, model.__tablename__, declared.column)

    def opened(sealed: bytes | None, record: int) -> str | None:
        return None if sealed is None else sealer_of(context).open(place, record, sealed)

    return opened


def openers(context: "Context", model: type[Base], names: Iterable[str]) -> list[Opener]:
    return [opener(context, model, name) for name in names]


def hashed(context: "Context", statement: Statement, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what secrets are indexed under in their place."""
    sealer, institution_id = sealer_of(context), context.viewer.institution_id
    found = {
        name: sealer.indexes(Place(institution_id, kind.table, kind.column), values[name])
        for name, kind in statement.blind.items()
    }
    return {**values, **found}
