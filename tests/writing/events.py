"""What others are told of a change: each event is about a record that the change named or wrote, or is a part of."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from models import Base
from resolvers.errors import Invalid
from resolvers.writing.records import Records
from schema.node import decode
from tests.audited import ENTRIES, _json, last_entry
from tests.conftest import School
from tests.database import OneConnection

# What events call a kind of records, with its table.
TOPICS = {Records(each.class_).name: each.class_.__tablename__ for each in Base.registry.mappers}
# An alarm is about whoever did it.
TOLD = "SELECT id, topic, key FROM outbox WHERE topic <> 'alarm' ORDER BY id"
Place = tuple[str, str]


def _named(given: Any) -> Iterator[Place]:
    """The records of the ids in an input."""
    for each in given.values() if isinstance(given, dict) else given:
        if isinstance(each, dict | list):
            yield from _named(each)
        elif isinstance(each, str):
            with contextlib.suppress(Invalid):
                key = decode(each)
                yield key.model.__tablename__, str(key.id)


async def _written(driver: Any, entry: Any) -> set[Place]:
    """The record of an audit entry, and those that it refers to."""
    table = Base.metadata.tables[entry["table_name"]]
    now = await driver.fetchval(f"SELECT to_jsonb(t)::text FROM {table.name} t WHERE id = $1", entry["record_id"])
    rows = [row for row in (_json(entry["before"]), _json(now)) if row]
    keys = ((key.column, row[name]) for row in rows for name in row for key in table.c[name].foreign_keys)
    parts = {(column.table.name, str(value)) for column, value in keys if column.name == "id"}
    return {(table.name, str(entry["record_id"])), *parts}


@contextlib.asynccontextmanager
async def checked_events(connections: OneConnection, school: School, given: Any) -> AsyncIterator[None]:
    """Fail unless what the block tells is told under the kind of records that the key is of."""
    driver = await connections.driver()
    since, before = await last_entry(connections, school.id), {row["id"] for row in await driver.fetch(TOLD)}
    yield
    await connections.enter(school.id, 60)
    known = {("institution", str(school.id)), *_named(given)}
    for entry in await driver.fetch(ENTRIES, since):
        known |= await _written(driver, entry)
    told = [(row["topic"], row["key"]) for row in await driver.fetch(TOLD) if row["id"] not in before]
    assert [(topic, key) for topic, key in told if (TOPICS.get(topic), key) not in known] == []
