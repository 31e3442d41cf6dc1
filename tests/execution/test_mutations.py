"""What mutations answer is the same with plans below their payloads and without."""

import random
from collections.abc import AsyncIterator, Collection
from typing import Any

import orjson
import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from models import Role
from resolvers.context import Context
from tests.answers import ENGINE, NOW
from tests.database import OneConnection, one_connection, one_server
from tests.execution.compare import form, ids, prepare
from tests.execution.generated_values import plain
from tests.execution.generator import Operation, Writer
from tests.schema_map import GRAPHQL
from tests.sealing import SERVICES
from tests.worlds import Worlds

COUNT, SEED = 60, 20251121


@pytest.fixture(scope="module")
async def connections(worlds: Worlds) -> AsyncIterator[OneConnection]:
    async with one_server(worlds.urls) as engine, one_connection(engine) as connections:
        yield connections


def updates(known: Collection[str]) -> dict[str, tuple[GraphQLInputObjectType, GraphQLObjectType, str]]:
    """Mutations that change a record by its id: input, payload, and the payload's field that shows the record.

    What they show is of a `known` type, and was there before: it has the same id however often it is done.
    """
    found: dict[str, tuple[GraphQLInputObjectType, GraphQLObjectType, str]] = {}
    assert GRAPHQL.mutation_type
    for name, field in GRAPHQL.mutation_type.fields.items():
        kind: Any = get_named_type(field.args["input"].type) if "input" in field.args else None
        payload: Any = get_named_type(field.type)
        if name.startswith("update") and kind is not None and {"id", "version"} <= kind.fields.keys():
            (shown,) = payload.fields.keys() - {"errors"}
            if get_named_type(payload.fields[shown].type).name in known:
                found[name] = kind, payload, shown
    return found


def operations(worlds: Worlds) -> list[Operation]:
    chance, made = random.Random(SEED), []
    known = ids(worlds)
    found = updates(known)
    for number in range(COUNT):
        name = sorted(found)[number % len(found)]
        kind, payload, shown = found[name]
        record = get_named_type(payload.fields[shown].type)
        writer = Writer(chance, GRAPHQL, known, [])
        given = {"id": chance.choice(known[record.name][:12]), "version": 1 if writer.often(0.8) else 7}
        others = [each for each in kind.fields if each not in given]
        writer.literal = True
        for each in chance.sample(others, 1):
            given[each] = plain(writer.spelled(each, kind.fields[each].type, record, []))
        writer.literal = False
        argument = writer.variable(f"{kind.name}!", given, given)
        selection = f"__typename {writer.field(payload, shown, 3)} errors {{ code field }}"
        made.append(writer.operation("mutation", [f"done: {name}(input: {argument}) {{ {selection} }}"]))
    return made


async def answer(
    connections: OneConnection, worlds: Worlds, operation: Operation, planning: bool
) -> tuple[bytes, Context]:
    """What is done is undone."""
    viewer = worlds.viewer(Role.ADMIN, user_id=worlds.ours.ids["app_user"][3])
    context = Context(connections, viewer, now=NOW, timeout=60, planning=planning, services=SERVICES)
    async with connections.connection.begin_nested() as nested:
        try:
            result = await ENGINE.execute(prepare(operation), operation.variables, context)
        finally:
            await context.close()
            await nested.rollback()
    return form(result), context


async def test_payloads_are_the_same(connections: OneConnection, worlds: Worlds) -> None:
    planned = done = 0
    for operation in operations(worlds):
        one, context = await answer(connections, worlds, operation, planning=True)
        other, _ = await answer(connections, worlds, operation, planning=False)
        assert one == other, operation
        planned += context.planned > 0
        payload = (orjson.loads(one)["data"] or {}).get("done") or {}
        done += payload.get("errors") == []
    assert planned >= 0.4 * COUNT
    assert done >= 0.3 * COUNT
