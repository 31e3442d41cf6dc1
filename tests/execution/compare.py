"""Runs operations with plans and without, and tells where the answers differ."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from graphql import ExecutionResult, parse

import models
from models import Base, Role
from resolvers.context import Context
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
    return b"".join(encode({"data": result.data, "errors": [each.decode() for each in errors]}))


def _alike(planned: bytes, standard: bytes) -> bool:
    """Byte for byte; but once one root field has made `data` null, it depends on time which others still report."""
    if planned == standard:
        return True
    (one, other) = (orjson.loads(found) for found in (planned, standard))
    return one["data"] is None is other["data"] and bool({*one["errors"]} & {*other["errors"]})


async def answer(worlds: Worlds, operation: Operation, planning: bool) -> tuple[bytes, Context]:
    context = Context(
        worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, planning=planning, services=SERVICES
    )
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
    for operation in islice(operations(schema._schema, ids(worlds), seed, cursors), count):
        planned, context = await answer(worlds, operation, planning=True)
        standard, _ = await answer(worlds, operation, planning=False)
        tally.run += 1
        tally.planned += context.planning and context.planned > 0
        tally.refused += b'"errors":[]' not in standard
        if not _alike(planned, standard):
            tally.different.append(f"{operation.text}\n{operation.variables}\n{planned.decode()}\n{standard.decode()}")
        if len(cursors) < 500:
            cursors += _cursors(orjson.loads(standard)["data"])[:5]
    return tally
