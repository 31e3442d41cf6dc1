"""Questions to PostgreSQL's own catalogue."""

from typing import Any

import asyncpg

# Alembic's own table says only how far the migrations are.
TABLES = """
    SELECT c.oid, c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND c.relname <> 'alembic_version'
"""
COLUMNS = f"""
    SELECT t.name AS "table", a.attname AS name, format_type(a.atttypid, NULL) AS type, a.atttypmod AS modifier,
           a.attnotnull AS required, a.attgenerated <> '' AS generated, a.attidentity AS identity,
           a.attcollation AS collation, col_description(t.oid, a.attnum) AS comment, t.oid AS table_oid, a.attnum
    FROM ({TABLES}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
"""


def _names(keys: str, table: str) -> str:
    """SQL for the names of the columns of `table` that stand in the array `keys`, in its order."""
    return f"""coalesce((
        SELECT array_agg(attname::text ORDER BY k.n)
        FROM unnest({keys}) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.attnum
    ), '{{}}')"""


CONSTRAINTS = f"""
    SELECT t.name AS "table", c.conname AS name, c.contype::text AS kind, c.confdeltype::text AS on_delete,
           c.confupdtype::text AS on_update, c.confrelid::regclass::text AS target, pg_get_constraintdef(c.oid) AS text,
           {_names("c.conkey", "c.conrelid")} AS columns, {_names("c.confkey", "c.confrelid")} AS target_columns
    FROM ({TABLES}) t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype <> 'n' AND c.conparentid = 0
"""
INDEXES = f"""
    SELECT t.name AS "table", i.indexrelid::regclass::text AS name, i.indisunique AS "unique",
           pg_get_expr(i.indpred, i.indrelid) AS condition, am.amname AS method,
           {_names("(i.indkey::int2[])[0:i.indnkeyatts - 1]", "i.indrelid")} AS columns
    FROM ({TABLES}) t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_am am ON am.oid = x.relam
"""


class Catalogue:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self.connection.fetch(sql, *arguments)

    async def names(self, sql: str, *arguments: Any) -> list[Any]:
        """The first column of what is found."""
        return [row[0] for row in await self.rows(sql, *arguments)]

    async def tables(self) -> set[str]:
        return set(await self.names(f"SELECT name FROM ({TABLES}) t"))

    async def columns(self) -> list[asyncpg.Record]:
        return await self.rows(COLUMNS)

    async def constraints(self, *kinds: str) -> list[asyncpg.Record]:
        """p primary key, u unique, x exclusion, f foreign key, c check; all where no kind is named."""
        return [row for row in await self.rows(CONSTRAINTS) if not kinds or row["kind"] in kinds]

    async def indexes(self) -> list[asyncpg.Record]:
        return await self.rows(INDEXES)
