"""Compiled statements are kept by their shape: no value that a client sends makes another."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import app
import models
import resolvers
import schema
from app import database
from app.database import Database
from app.settings import Settings
from models import Base, Role, Student
from resolvers.context import Context
from tests.answers import ENGINE, NOW, operation
from tests.schema_map import leaves
from tests.worlds import Worlds

# One entry a model, or a word of ours, however often it is asked.
FEW = {"by_id", "row_class", "subject", "_fields", "_requests", "_seconds", "_statement"}
OPERATION = """query($first: Int, $text: String!, $texts: [String!], $ids: [ID!], $day: Date, $search: String!) {
    students(
        first: $first
        orderBy: [{ field: FIRST_NAME }]
        where: { firstName: { ne: $text }, lastName: { in: $texts }, id: { in: $ids }, dateOfBirth: { gte: $day } }
    ) {
        totalCount
        nodes { id grades(first: $first, where: { date: { ne: $day } }) { id } }
    }
    found: students(search: $search, first: $first) { totalCount nodes { id } }
    semesters { nodes { grades(first: $first) { totalCount nodes { id } } } }
}"""


def caches(*packages: Any) -> Iterator[tuple[str, Any]]:
    found = (each for package in packages for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    for module in found:
        if module.name == "app.__main__":
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if hasattr(value, "cache_info") and value.__module__ == module.name:
                yield name, value


def sizes() -> dict[str, int]:
    return {name: cache.cache_info().currsize for name, cache in caches(resolvers)}


def variables(n: int) -> dict[str, Any]:
    return {
        "first": 3 + n,
        "text": f"Name {n}",
        "texts": [f"Rao{k}" for k in range(n)],
        "ids": [f"stu_{k + 1}" for k in range(n + 20)],
        "day": f"2013-05-{n + 1:02}",
        "search": " ".join(["rao", "asha"][: 1 + n % 2]) + str(n % 3),
    }


@pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])
async def test_values_do_not_stand_in_statements(worlds: Worlds, planning: bool) -> None:
    await worlds.ask(OPERATION, planning=planning, **variables(3))
    before = sizes()
    for n in range(4, 14):
        await worlds.ask(OPERATION, planning=planning, **variables(n))
    assert sizes() == before


async def test_cursors_add_one_statement_an_order(worlds: Worlds) -> None:
    document = "query($after: String) { guardians(first: 2, after: $after) { pageInfo { endCursor hasNextPage } } }"
    page = (await worlds.ask(document)).found["guardians"]["pageInfo"]
    before = sizes()["page_statement"]
    while page["hasNextPage"]:
        page = (await worlds.ask(document, after=page["endCursor"])).found["guardians"]["pageInfo"]
    assert sizes()["page_statement"] <= before + 1


def test_every_cache_is_bounded() -> None:
    found = list(caches(app, models, resolvers, schema))
    assert {"statement_for", "count_for", "page_statement", "count_statement"} <= {name for name, _ in found}
    for name, cache in found:
        size, limit = cache.cache_info().currsize, cache.cache_info().maxsize
        assert limit is not None or (name in FEW and size <= len(list(Base.registry.mappers))), name


async def test_connections_keep_so_many_statements_prepared(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "STATEMENTS_KEPT", 5)
    found = await Database.open(worlds.urls, Settings(pool_min=1, pool_max=1))
    try:
        for leaf in leaves(Student)[:12]:
            context = Context(found, worlds.viewer(Role.ADMIN), now=NOW)
            await ENGINE.execute(operation(f"{{ students(first: 1) {{ nodes {{ {leaf} }} }} }}"), {}, context)
            await context.close()
        assert await found.pool.fetchval("SELECT count(*) FROM pg_prepared_statements") == 5
    finally:
        await found.close()
