"""Compiled statements are kept by their shape: no value that a client sends makes another."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import resolvers
from models import Base
from tests.worlds import Worlds

# One entry a model, however often it is asked.
BY_MODEL = {"by_id", "row_class", "subject"}
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


def caches() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.walk_packages(resolvers.__path__, "resolvers."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if hasattr(value, "cache_info") and value.__module__ == module.name:
                yield name, value


def sizes() -> dict[str, int]:
    return {name: cache.cache_info().currsize for name, cache in caches()}


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
    found = dict(caches())
    assert {"statement_for", "count_for", "page_statement", "count_statement"} <= found.keys()
    for name, cache in found.items():
        size, limit = cache.cache_info().currsize, cache.cache_info().maxsize
        assert size <= len(list(Base.registry.mappers)) if name in BY_MODEL else limit is not None, name
