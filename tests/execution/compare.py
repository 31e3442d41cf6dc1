"""Runs operations with plans and without, and tells where the answers differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, islice, pairwise, repeat
from typing import Any
from unittest import mock

import asyncpg
import orjson
from graphql import ExecutionResult, GraphQLError, parse

import models
from models import Base, Role
from resolvers.context import Context
from resolvers.viewer import Viewer
from schema.execution import operation as prepared
from schema.execution import whole
from schema.execution.chunks import encode
from schema.node import _by_model
from schema.root import schema
from tests.answers import ENGINE, NOW
from tests.execution.generator import Operation, operations
from tests.sealing import SERVICES
from tests.worlds import Worlds


@dataclass
class Tally:
    """What came of a run; `faulty` are operations that the database could not carry out."""

    run: int = 0
    planned: int = 0
    refused: int = 0
    different: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)


def form(result: ExecutionResult) -> bytes:
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


def alike(planned: bytes, standard: bytes) -> bool:
    """Byte for byte; but time tells which of several errors that one null stands for is reported."""
    if planned == standard:
        return True
    (one, other) = (orjson.loads(found) for found in (planned, standard))
    same = all(one[part] == other[part] for part in ("data", "extensions"))
    return same and _seen(one) == _seen(other)


def viewers(worlds: Worlds) -> Iterator[Viewer]:
    """ADMIN three times of four; the others as the user of row 3, to whom rows 3 of all tables belong.

    One of them is an operator whose account is of the other school.
    """
    user = worlds.ours.ids["app_user"][3]
    alone = [role for role in Role if role not in (Role.SUPERADMIN, Role.ADMIN)]
    held = [*((role,) for role in alone), (Role.TEACHER, Role.GUARDIAN), ()]
    away = replace(
        worlds.viewer(Role.ADMIN, user_id=worlds.theirs.ids["app_user"][3]),
        home_institution_id=worlds.theirs.institution_id,
    )
    others = [*(worlds.viewer(*roles, user_id=user) for roles in held), away]
    for other in cycle(others):
        yield from repeat(worlds.viewer(Role.ADMIN, user_id=user), 3)
        yield other


async def answer(
    worlds: Worlds, operation: Operation, planning: bool, viewer: Viewer | None = None
) -> tuple[bytes, Context]:
    result, context = await run(worlds, prepare(operation), operation.variables, planning, viewer)
    return form(result), context


def prepare(operation: Operation) -> prepared.Operation:
    (found,) = ENGINE.operations(parse(operation.text)).values()
    return found


async def run(
    worlds: Worlds,
    operation: prepared.Operation,
    variables: dict[str, Any],
    planning: bool,
    viewer: Viewer | None = None,
) -> tuple[ExecutionResult, Context]:
    viewer = viewer or worlds.viewer(Role.ADMIN)
    context = Context(worlds.database, viewer, now=NOW, timeout=60, planning=planning, services=SERVICES)
    try:
        return await ENGINE.execute(operation, variables, context), context
    finally:
        await context.close()


def _fault(error: GraphQLError) -> bool:
    """Whether an error is the database's: no operation of a client may be one that it cannot carry out."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return isinstance(cause, asyncpg.PostgresError | asyncpg.InterfaceError)


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
    """Each operation with plans and without; some a second time, by the plans that are kept of the first.

    That is done by the viewer whose turn is next, who may be of another kind.

    Pages are read whole, and those of every third operation level by level.
    """
    tally = Tally()
    cursors: list[str] = []
    generated = islice(operations(schema._schema, ids(worlds), seed, cursors), count)
    for operation, (viewer, following) in zip(generated, pairwise(viewers(worlds)), strict=False):
        tally.run += 1
        kept = prepare(operation)
        with mock.patch.object(whole, "MOST_ROWS", 0 if tally.run % 3 == 0 else whole.MOST_ROWS):
            data, context = await _compare_run(worlds, operation, operation.variables, kept, viewer, tally)
            if operation.again is not None:
                await _compare_run(worlds, operation, operation.again, kept, following, tally)
        tally.planned += context.planning and context.planned > 0
        if len(cursors) < 500:
            cursors += _cursors(data)[:5]
    return tally


async def _compare_run(
    worlds: Worlds,
    operation: Operation,
    variables: dict[str, Any],
    kept: prepared.Operation,
    viewer: Viewer,
    tally: Tally,
) -> tuple[Any, Context]:
    """The data, and the context of the plans."""
    planned, context = await run(worlds, kept, variables, True, viewer)
    result, other_context = await run(worlds, prepare(operation), variables, False, viewer)
    one, other = form(planned), form(result)
    told = f"{sorted(viewer.roles)}\n{operation.text}\n{variables}\n{one.decode()}\n{other.decode()}"
    tally.refused += bool(result.errors)
    seen = context.students - {None} == other_context.students - {None} or bool(result.errors)
    if not (alike(one, other) and seen):
        tally.different.append(told)
    if any(map(_fault, [*(planned.errors or ()), *(result.errors or ())])):
        tally.faulty.append(told)
    return result.data, context
