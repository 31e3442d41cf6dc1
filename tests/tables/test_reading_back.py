"""What is exported is the list: read back it equals what the API answers, for every role, filter and order."""

from typing import Any

import orjson
import pytest

from models import Role
from tests.tables.exporting import Asker, table_of
from tests.tables.queries import LISTS, Query, query, roots
from tests.tables.reading import api_form

pytestmark = pytest.mark.any_database

ROLES = [role.value.lower() for role in Role]
SEEDS = range(4)


async def answered(asker: Asker, asked: Query, role: str) -> Any:
    """The list as GraphQL has it, page by page; or the refusal."""
    rows: list[Any] = []
    after = ""
    while True:
        body = await asker.graphql(asked.text(f"first: 100{after}"), role)
        if "errors" in body:
            return body["errors"][0]["extensions"]["code"]
        page = body["data"][asked.list]
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


def value_at(node: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        node = None if node is None else node[name]
    return node


def as_cells_say(value: Any, kind: str) -> Any:
    """A cell has no null apart from the empty text, no fractions of seconds, and JSON as text."""
    if value is None or value == "":
        return None
    if kind == "JSON":
        return orjson.dumps(value).decode()
    return value[:19] + "+00:00" if kind == "DateTime" else value


@pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name in roots() for seed in SEEDS if name in LISTS or not seed]
)
async def test_every_role_gets_what_the_api_answers(asker: Asker, name: str, seed: int) -> None:
    asked = query(name, seed)
    for role in ROLES:
        rows = await answered(asker, asked, role)
        answer = await asker.export(asked.text(), role)
        if isinstance(rows, str):
            assert answer.json()["errors"][0]["extensions"]["code"] == rows, (role, asked.text())
            continue

        header, *cells = table_of(answer)

        assert header == [".".join(path) for path, _ in asked.columns]
        read = [[api_form(kind, text) for (_, kind), text in zip(asked.columns, row, strict=True)] for row in cells]
        assert read == [[as_cells_say(value_at(row, path), kind) for path, kind in asked.columns] for row in rows]
        assert await asker.lines(asked.text(), role) == rows


async def test_the_queries_meet_rows_of_every_list(asker: Asker) -> None:
    """Else the comparison would be of nothing with nothing."""
    for name in LISTS:
        assert await asker.lines(f"{{ {name} {{ nodes {{ id }} }} }}"), name
