"""Whether the audit tells of every change of every row, and of nothing else.

    async with audited(connections, school, other_school):
        await execute(...)

Looks at all rows before and after, and replays the audit entries in between: from what was they must lead to what is.
"""

import contextlib
from collections.abc import AsyncIterator
from decimal import Decimal
from json import loads
from typing import Any

from sqlalchemy import Table

from models import Base
from resolvers.writing.content import MASK, content, is_tracked, secrets
from tests.database import OneConnection

Place = tuple[str, int]
Row = dict[str, Any]
Rows = dict[Place, Row]
ENTRIES = "SELECT table_name, record_id, operation, before::text, after::text FROM audit_log WHERE id > $1 ORDER BY id"


def _json(text: str | None) -> Any:
    return None if text is None else loads(text, parse_float=Decimal)


def tracked() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if is_tracked(table)]


async def snapshot(connections: OneConnection, institution_id: int) -> Rows:
    """Every row of an institution that the audit tells of, in all of its columns."""
    await connections.enter(institution_id, 60)
    driver = await connections.driver()
    found: Rows = {}
    for table in tracked():
        for record in await driver.fetch(f"SELECT t.id, to_jsonb(t)::text AS row FROM {table.name} t"):
            found[table.name, record["id"]] = _json(record["row"])
    return found


async def last_entry(connections: OneConnection, institution_id: int) -> int:
    await connections.enter(institution_id, 60)
    return int(await (await connections.driver()).fetchval("SELECT coalesce(max(id), 0) FROM audit_log"))


def shown(table: str, row: Row) -> Row:
    """The content of a row as the audit shows it."""
    hidden = secrets(Base.metadata.tables[table])
    told = {name: row[name] for name in content(Base.metadata.tables[table]) if row[name] is not None}
    return {name: MASK if name in hidden else value for name, value in told.items()}


def replay(rows: Rows, entries: list[Any]) -> dict[Place, tuple[Row, int, set[str]]]:
    """What the rows become by the entries: the content, the number of changes, and which columns were told."""
    state = {place: (shown(place[0], row), int(row["version"]), set[str]()) for place, row in rows.items()}
    for entry in entries:
        place = (entry["table_name"], entry["record_id"])
        before, after = _json(entry["before"]), _json(entry["after"])
        if entry["operation"] == "INSERT":
            assert place not in state, place
            assert before is None
            state[place] = (after, 1, set(after))
            continue
        was, version, told = state.pop(place)
        if entry["operation"] == "DELETE":
            assert (before, after) == (was, None), place
            continue
        assert before.keys() == after.keys(), place
        assert {name: was.get(name) for name in before} == before, place
        now = {name: value for name, value in (was | after).items() if value is not None}
        state[place] = (now, version + 1, told | set(after))
    return state


def compare(before: Rows, after: Rows, entries: list[Any]) -> None:
    """Fail unless the entries lead from the rows before to the rows after, each with its version."""
    state = replay(before, entries)
    assert state.keys() == after.keys()
    for place, (row, version, told) in state.items():
        assert row == shown(place[0], after[place]), place
        assert version == after[place]["version"], place
        for name in secrets(Base.metadata.tables[place[0]]):
            if before.get(place, {}).get(name) != after[place][name]:
                assert name in told, (place, name)


@contextlib.asynccontextmanager
async def audited(connections: OneConnection, *schools: Any, nothing: bool = False) -> AsyncIterator[None]:
    """Whatever the block changes in these schools stands in the audit; `nothing` where it must change no row at all."""
    before = {school.id: await snapshot(connections, school.id) for school in schools}
    last = {school.id: await last_entry(connections, school.id) for school in schools}
    await connections.enter(schools[0].id, 60)
    yield
    for school in schools:
        after = await snapshot(connections, school.id)
        entries = await (await connections.driver()).fetch(ENTRIES, last[school.id])
        compare(before[school.id], after, entries)
        if nothing:
            assert after == before[school.id]
    await connections.enter(schools[0].id, 60)
