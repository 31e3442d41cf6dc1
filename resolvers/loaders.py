"""What a data loader makes of a statement's rows, and what it is known by."""

from typing import Any

from resolvers.rows import Row


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
