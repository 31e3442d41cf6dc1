"""Statements that write whole sets of rows, and their audit with them: one statement, whatever the number of rows.

Values come as one array a column (`unnest`), since COPY is refused under row-level security. A row that has all values
already is not touched: neither its version nor the audit moves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, String, Table
from sqlalchemy.dialects.postgresql import JSONB, asyncpg

from resolvers.writing import audit_sql
from resolvers.writing.array_text import array_text
from resolvers.writing.bounds import bound_of
from resolvers.writing.content import is_tracked, tenant_column, untold
from resolvers.writing.json_values import as_json
from resolvers.writing.recording import Author

Rows = Sequence[Mapping[str, Any]]
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


@dataclass
class Writing:
    """One statement for the driver: its text is written while its values are collected."""

    table: Table
    author: Author
    institution_id: int
    values: list[Any] = field(default_factory=list)

    def value(self, value: Any, kind: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    @property
    def tenant(self) -> str:
        return self.value(self.institution_id, "bigint")

    @property
    def stamps(self) -> dict[str, str]:
        """SQL of the columns that say who changed a row and when."""
        found = {
            "updated_at": self.value(self.author.at, "timestamptz"),
            "updated_by": self.value(self.author.user_id, "bigint"),
        }
        return {name: sql for name, sql in found.items() if name in self.table.columns}

    def told(self, entries: Callable[[str, audit_sql.Author], str]) -> str:
        """The audit of the rows of `made`, as one more part of the statement."""
        if not is_tracked(self.table):
            return ""
        author = audit_sql.Author(
            self.tenant,
            self.value(self.author.kind.value, "text"),
            self.value(self.author.id, "bigint"),
            self.value(self.author.at, "timestamptz"),
            self.value(self.author.request_id, "text"),
        )
        return f", told AS ({entries(self.table.name, author)})"

    def source(self, names: Sequence[str], rows: Rows) -> str:
        """The rows as a table `i` with these columns and `_n`, their place."""
        arrays = [self._array(name, [row[name] for row in rows]) for name in names]
        return f"unnest({', '.join(arrays)}) WITH ORDINALITY AS i({', '.join(names)}, _n)"

    def _array(self, name: str, values: list[Any]) -> str:
        column = self.table.columns[name]
        # `unnest` takes arrays apart to their last level: a row would get a value, not an array.
        if isinstance(column.type, ARRAY):
            raise TypeError(f"{column} is an array, which sets of rows do not write")
        if (bound := bound_of(column)) is not None:
            for value in values:
                bound(value)
        # A cast to a limited type would cut what is too long.
        kind = "text" if isinstance(column.type, String) else column.type.compile(dialect=_DIALECT)
        if isinstance(column.type, JSONB):
            values = [None if value is None else as_json(value) for value in values]
        return self.value(array_text(values), f"text::{kind}[]")


def columns_of(rows: Rows) -> list[str]:
    """The columns of the rows, which must be the same in all of them."""
    names = list(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("all rows of a set must have the same columns")
    return names


def keys_of(table: Table) -> list[str]:
    """The primary key without the tenant: `id`, and the date where the table is partitioned by it."""
    return [column.name for column in table.primary_key if column.name != "institution_id"]


def _one_each(rows: Rows, keys: Sequence[str]) -> None:
    if len({tuple(row[key] for key in keys) for row in rows}) < len(rows):
        raise ValueError("a set must name each row once")


def insertion(writing: Writing, rows: Rows) -> str:
    """INSERT of the rows; gives their ids in the order of the rows."""
    table, names = writing.table, columns_of(rows)
    stamps = writing.stamps
    if stamps:
        stamps |= {"created_at": stamps["updated_at"], "created_by": stamps["updated_by"]}
    columns = ", ".join([tenant_column(table), *stamps, *names])
    values = ", ".join([writing.tenant, *stamps.values(), *(f"i.{name}" for name in names)])
    source = writing.source(names, rows)
    # Keys that are given by the database follow the rows; where they are given here, nothing has to.
    order = "" if "id" in names else " ORDER BY i._n"
    made = f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {source}{order} RETURNING *"
    told = writing.told(partial(audit_sql.inserted, given=names))
    return f"WITH made AS ({made}){told} SELECT id FROM made ORDER BY id"


def locking(writing: Writing, rows: Rows) -> str:
    """SELECT that locks the rows; gives `id` and `version` of those that exist."""
    table, keys = writing.table, keys_of(writing.table)
    _one_each(rows, keys)
    same = " AND ".join(f"t.{key} = i.{key}" for key in keys)
    version = "t.version" if is_tracked(table) else "NULL::integer"
    return (
        f"SELECT t.id, {version} AS version FROM {table.name} t, {writing.source(keys, rows)}"
        f" WHERE t.{tenant_column(table)} = {writing.tenant} AND {same} ORDER BY t.id FOR NO KEY UPDATE OF t"
    )


def updating(writing: Writing, rows: Rows) -> str:
    """UPDATE of the rows by their keys; gives the ids of those that changed."""
    table, names, keys = writing.table, columns_of(rows), keys_of(writing.table)
    set_to = {name: f"i.{name}" for name in names if name not in keys}
    now, then = ", ".join(f"t.{name}" for name in set_to), ", ".join(set_to.values())
    if is_tracked(table):
        set_to |= writing.stamps | {"version": "t.version + 1"}
    content = f"ARRAY[{', '.join(repr(name) for name in untold(table))}]::text[]"
    same = " AND ".join(f"t.{key} = i.{key} AND o.{key} = i.{key}" for key in keys)
    tenant = f"t.{tenant_column(table)} = {writing.tenant} AND o.{tenant_column(table)} = t.{tenant_column(table)}"
    made = (
        f"UPDATE {table.name} t SET {', '.join(f'{name} = {sql}' for name, sql in set_to.items())}"
        f" FROM {writing.source(names, rows)}, {table.name} o"
        f" WHERE {tenant} AND {same} AND ROW({now}) IS DISTINCT FROM ROW({then})"
        f" RETURNING t.id, to_jsonb(o) - {content} AS before, to_jsonb(t) - {content} AS after"
    )
    return f"WITH made AS ({made}){writing.told(audit_sql.updated)} SELECT id FROM made ORDER BY id"


def deletion(writing: Writing, rows: Rows) -> str:
    """DELETE of the rows by their keys; gives the ids of those that were there."""
    table, keys = writing.table, keys_of(writing.table)
    same = " AND ".join(f"t.{key} = i.{key}" for key in keys)
    made = (
        f"DELETE FROM {table.name} t USING {writing.source(keys, rows)}"
        f" WHERE t.{tenant_column(table)} = {writing.tenant} AND {same} RETURNING t.*"
    )
    return f"WITH made AS ({made}){writing.told(audit_sql.deleted)} SELECT id FROM made ORDER BY id"
