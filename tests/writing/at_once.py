"""Two mutations at once: the second waits while the first has done its work and is about to tell the trail of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import asyncpg

from app.owner import owner_session
from tests.academics.rollover_school import Years, create_years, decide_all, plan
from tests.mutating import ERRORS
from tests.schema_map import object_type
from tests.waiting import until_waiting
from tests.writing.conftest import Committed

Payload = dict[str, Any]


@contextlib.asynccontextmanager
async def held(committed: Committed, lock: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """What the statement locks is kept from mutations, which wait for it as long as it takes; gives another session."""
    committed.database.patience = None
    async with committed.owner() as looking, committed.owner() as holding, holding.transaction():
        await holding.execute(lock)
        yield looking


async def rollover_planned(committed: Committed) -> tuple[Years, dict[str, Any]]:
    """A school with a decided plan for the next year, and the input that applies it."""
    async with owner_session(committed.urls) as session:
        made = await create_years(session, SimpleNamespace(id=committed.institution_id))

    async def execute(document: str, **variables: Any) -> Any:
        return await committed.ask(document, **variables)

    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    return made, {"id": planned["id"], "version": planned["version"]}


async def call(committed: Committed, name: str, selection: str, given: dict[str, Any]) -> Payload:
    kind = object_type("Mutation").fields[name].args["input"].type
    document = f"mutation($input: {kind}) {{ payload: {name}(input: $input) {{ {selection} {ERRORS} }} }}"
    payload: Payload = (await committed.ask(document, input=given)).found["payload"]
    return payload


async def one_after_the_other(
    committed: Committed, first: tuple[str, str, dict[str, Any]], second: tuple[str, str, dict[str, Any]]
) -> tuple[Payload, Payload]:
    """The payloads of two mutations, each given by its name, what to select, and its input."""
    async with held(committed, "LOCK TABLE activity_log IN SHARE MODE") as looking:
        one = asyncio.create_task(call(committed, *first))
        await until_waiting(looking, 1)
        other = asyncio.create_task(call(committed, *second))
        await until_waiting(looking, 2)
    return await one, await other
