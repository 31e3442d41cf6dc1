"""Scopes are looked up by index, alone and side by side, in plans that hold for any values."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.urls import asyncpg_url
from models import Base, ConfigurationSetting, Role, Session, StoredFile, UserRole
from resolvers.access import audiences, hides_rows
from resolvers.access.rules import RULES
from resolvers.batches import Shape, by_id, statement_for
from resolvers.counting import count_for, count_statement
from resolvers.paging import page_statement
from resolvers.statements import Statement
from tests.access.conftest import Stages
from tests.schema_map import lists

RESTRICTED = [{Role.TEACHER}, {Role.GUARDIAN}, {Role.STUDENT}, {Role.TEACHER, Role.GUARDIAN, Role.STUDENT}]
LOOKED_AT: list[type[Base]] = [*lists(), StoredFile]
CASES = [
    (model, frozenset(roles))
    for model in LOOKED_AT
    for roles in RESTRICTED
    if hides_rows(model, frozenset(roles)) and audiences(model, frozenset(roles))
]


@pytest.fixture(scope="module")
async def planner(stages: Stages) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Tables this small would be read whole: a plan that still does has no index to go by."""
    urls = stages.urls
    connection = await asyncpg.connect(asyncpg_url(urls.api), statement_cache_size=0)
    await connection.execute(f"SET app.institution_id = '{stages.schools[0].world.institution_id}'")
    await connection.execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
    yield connection
    await connection.close()


async def plan_of(connection: "asyncpg.Connection[asyncpg.Record]", statement: Statement) -> str:
    values = {
        "tenant": "1",
        "viewer": "4",
        "first": "10",
        "today": "'2025-11-20'",
        "now": "'2025-11-20'",
        "keys": "'{1,2}'",
    }
    given = ", ".join(values[name] for name in statement.parameters)
    await connection.execute(f"PREPARE asked AS {statement.sql}")
    try:
        return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE asked({given})"))
    finally:
        await connection.execute("DEALLOCATE asked")


@pytest.mark.parametrize(
    ("model", "roles"), CASES, ids=lambda each: each.__name__ if isinstance(each, type) else "+".join(sorted(each))
)
async def test_no_table_is_read_whole(
    planner: "asyncpg.Connection[asyncpg.Record]", model: type[Base], roles: frozenset[Role]
) -> None:
    shape = Shape(("id",), roles)
    one, page = by_id(model), page_statement(model, shape)
    for statement in (page, count_statement(model, shape), statement_for(one, shape), count_for(one, shape)):
        plan = await plan_of(planner, statement)
        assert "Seq Scan" not in plan, plan


def test_every_type_that_is_seen_in_part_is_looked_at() -> None:
    partly = {model for model, rules in RULES.items() if {Role.TEACHER, Role.GUARDIAN, Role.STUDENT} & rules.keys()}
    assert {model for model, _ in CASES} | {ConfigurationSetting} == partly | {Session, UserRole}
