"""Runs operations with plans and without, and tells where the answers differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice, repeat
from typing import Any

import orjson
from graphql import ExecutionResult, parse

import models
from models import Base, Role
from resolvers.context import Context
from resolvers.viewer import Viewer
from schema.execution.chunks import encode
from schema.node import _by_model
from schema.root import schema
from tests.answers import ENGINE, NOW
from tests.execution.generator import Operation, operations
from tests.sealing import SERVICES
from tests.worlds import Worlds


@dataclass
class Tally:
    """What came of a run."""

    run: int = 0
    planned: int = 0
    refused: int = 0
    different: list[str] = field(default_factory=list)


def _form(result: ExecutionResult) -> bytes:
    """The answer as it leaves; errors of fields that run side by side come in no order that is promised."""
    errors = sorted(orjson.dumps(error.formatted) for error in result.errors or [])
    answer = {"data": result.data, "extensions": result.extensions, "errors": [each.decode() for each in errors]}
    return b"".join(encode(answer))


def _hole(data: Any, path: list[str | int]) -> int:
    """How much of an error's path is in the data: the last place of that is null."""
    for depth, key in enumerate(path):
        if data is None:
            return depth
        data = data[key]
    return len(path)


def _seen(answer: dict[str, Any]) -> set[str]:
    """The errors; but of those that made a place above them null, the standard reports whichever came first."""
    seen = set()
    for text in answer["errors"]:
        path = orjson.loads(text).get("path", [])
        depth = _hole(answer["data"], path)
        seen.add(text if depth == len(path) else f"below {path[:depth]}")
    return seen


def _alike(planned: bytes, standard: bytes) -> bool:
    """Byte for byte; but time tells which of several errors that one null stands for is reported."""
    if planned == standard:
        return True
    (one, other) = (orjson.loads(found) for found in (planned, standard))
    same = all(one[part] == other[part] for part in ("data", "extensions"))
    return same and _seen(one) == _seen(other)


def viewers(worlds: Worlds) -> Iterator[Viewer]:
    """ADMIN three times of four; the others as the user of row 3, to whom rows 3 of all tables belong."""
    held = [{Role.TEACHER}, {Role.STUDENT}, {Role.REPORTER}, {Role.TEACHER, Role.GUARDIAN}, set[Role]()]
    for roles in cycle(held):
        yield from repeat(worlds.viewer(Role.ADMIN), 3)
        yield worlds.viewer(*roles, user_id=worlds.ours.ids["app_user"][3])


async def answer(
    worlds: Worlds, operation: Operation, planning: bool, viewer: Viewer | None = None
) -> tuple[bytes, Context]:
    viewer = viewer or worlds.viewer(Role.ADMIN)
    context = Context(worlds.database, viewer, now=NOW, timeout=60, planning=planning, services=SERVICES)
    try:
        (prepared,) = ENGINE.operations(parse(operation.text)).values()
        result = await ENGINE.execute(prepared, operation.variables, context)
    finally:
        await context.close()
    return _form(result), context


def _cursors(document: Any) -> list[str]:
    if isinstance(document, list):
        return [cursor for each in document for cursor in _cursors(each)]
    if isinstance(document, dict):
        found = [cursor for each in document.values() for cursor in _cursors(each)]
        return found + [document[name] for name in ("cursor", "endCursor") if isinstance(document.get(name), str)]
    return []


def ids(worlds: Worlds) -> dict[str, list[str]]:
    """Ids of our school by type, and a few of the other's."""
    shown = [model for model in _by_model if model not in (models.Institution, models.SchoolProfile)]
    return {model.__name__: _ids(worlds, model) for model in shown}


def _ids(worlds: Worlds, model: type[Base]) -> list[str]:
    return [*worlds.ours.gids(model, 12), worlds.theirs.gid(model, 0)]


async def compare(worlds: Worlds, count: int, seed: int) -> Tally:
    tally = Tally()
    cursors: list[str] = []
    generated = islice(operations(schema._schema, ids(worlds), seed, cursors), count)
    for operation, viewer in zip(generated, viewers(worlds), strict=False):
        planned, context = await answer(worlds, operation, True, viewer)
        standard, _ = await answer(worlds, operation, False, viewer)
        tally.run += 1
        tally.planned += context.planning and context.planned > 0
        tally.refused += b'"errors":[]' not in standard
        if not _alike(planned, standard):
            tally.different.append(f"{operation.text}\n{operation.variables}\n{planned.decode()}\n{standard.decode()}")
        if len(cursors) < 500:
            cursors += _cursors(orjson.loads(standard)["data"])[:5]
    return tally
