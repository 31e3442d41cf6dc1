"""What a data loader makes of a statement's rows, and what it is known by."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader

from resolvers.rows import Row
from resolvers.statements import Statement

if TYPE_CHECKING:
    from resolvers.context import Context


def hashable(value: Any) -> Any:
    """Lists as tuples, so that they can stand in a key."""
    return tuple(hashable(part) for part in value) if isinstance(value, list | tuple) else value


def by_key(rows: list[Row], keys: list[Any], *, several: bool) -> list[Any]:
    """For each key its row or None; with `several` all its rows."""
    if not several:
        found = {row["_key"]: row for row in rows}
        return [found.get(key) for key in keys]
    grouped: dict[Any, list[Row]] = {key: [] for key in keys}
    for row in rows:
        grouped[row["_key"]].append(row)
    return [grouped[key] for key in keys]


def loader_of(
    context: "Context", statement: Statement, values: Mapping[str, Any], *, several: bool
) -> DataLoader[Any, Any]:
    """What reads a relation for all parents that ask in one turn of the loop."""

    async def load(keys: list[Any]) -> list[Any]:
        return by_key(await context.fetch(statement, keys=keys, **values), keys, several=several)

    return DataLoader(load)
