"""Loading rows in bulk as the owner of the tables: ids from the tables' own sequences, COPY, foreign keys at the end.

A foreign key's trigger looks up one row at a time, which took four fifths of the time of a large load. Where the owner
may set `session_replication_role`, the triggers rest during COPY and `check_references` then asks the same question
once a key, in the same transaction. All else (unique, exclusion, check, not null) is kept as ever.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import repeat
from typing import Any, Protocol, TypeAlias

import asyncpg

from app.demo.columns import Columns
from resolvers.sealing import Sealer

Connection: TypeAlias = "asyncpg.Connection[Any]"


class Numbered(Protocol):
    id: int


class BrokenReference(Exception):
    """Rows were to be loaded that refer to no row: an error of the generator."""


class Loader:
    """Loads the rows of one institution in the connection's open transaction; `counts` are rows by table."""

    def __init__(self, connection: Connection, institution_id: int, sealer: Sealer) -> None:
        self.connection = connection
        self.sealer = sealer
        self.institution_id = institution_id
        self.counts: dict[str, int] = {}

    async def ids(self, table: str, count: int) -> list[int]:
        """New keys; nobody else gets one of them, whatever runs beside."""
        found: list[int] = await self.connection.fetchval(
            "SELECT array_agg(nextval(pg_get_serial_sequence($1, 'id'))) FROM generate_series(1, $2)", table, count
        )
        return found or []

    async def number(self, table: str, things: Sequence[Numbered]) -> None:
        """Give each its key, in order."""
        for thing, key in zip(things, await self.ids(table, len(things)), strict=True):
            thing.id = key

    async def copy(self, table: str, columns: Columns) -> int:
        """Load rows, with new keys where the columns have none; how many there were."""
        count = len(next(iter(columns.values())))
        if "id" not in columns:
            columns = {"id": await self.ids(table, count), **columns}
        records = zip(repeat(self.institution_id, count), *columns.values(), strict=True)
        await self.connection.copy_records_to_table(table, columns=("institution_id", *columns), records=records)
        self.counts[table] = self.counts.get(table, 0) + count
        return count

    @asynccontextmanager
    async def references_checked_at_end(self) -> AsyncIterator[None]:
        """Inside, foreign keys may rest; at the end they hold for all rows that were loaded, or BrokenReference."""
        if not await self.connection.fetchval("SELECT has_parameter_privilege('session_replication_role', 'SET')"):
            yield
            return
        await self.connection.execute("SET LOCAL session_replication_role = replica")
        yield
        await self.connection.execute("SET LOCAL session_replication_role = origin")
        await self.check_references()

    async def check_references(self) -> None:
        """Every foreign key of the loaded tables, for the rows of this institution."""
        # The planner knows nothing of the new rows yet: left to itself it looks them up one by one.
        await self.connection.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
        keys = await self.connection.fetch(FOREIGN_KEYS, list(self.counts))
        for key in keys:
            broken = await self.connection.fetchval(key["query"], self.institution_id)
            if broken:
                raise BrokenReference(f"{key['name']}: {broken} rows of {key['child']} refer to no row")


# For each foreign key the statement that counts the rows without a partner; a row with a null in the key needs none.
FOREIGN_KEYS = """
SELECT c.conname AS name, c.conrelid::regclass::text AS child,
       format('SELECT count(*) FROM %s c WHERE c.institution_id = $1 AND %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
              c.conrelid::regclass, string_agg(format('c.%I IS NOT NULL', child.attname), ' AND '),
              c.confrelid::regclass, string_agg(format('p.%I = c.%I', parent.attname, child.attname), ' AND ')) AS query
  FROM pg_constraint c
 CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS pair (child_number, parent_number)
  JOIN pg_attribute child ON child.attrelid = c.conrelid AND child.attnum = pair.child_number
  JOIN pg_attribute parent ON parent.attrelid = c.confrelid AND parent.attnum = pair.parent_number
 WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid = ANY ($1::text[]::regclass[])
 GROUP BY c.oid, c.conname, c.conrelid, c.confrelid
 ORDER BY 1
"""
