"""The audit of what an import writes: set-based, in the form of all audit entries."""

from collections.abc import Sequence

from resolvers.writing import audit_sql
from resolvers.writing.audit_sql import object_of

IMPORT = audit_sql.Author(":school", "'IMPORT'", "NULL::bigint", "now()", ":run")


def inserted(table: str, made: str) -> str:
    """The audit of the rows of `made`: an INSERT … RETURNING * into the table, or a SELECT of rows just made."""
    return f"WITH made AS ({made}) {audit_sql.inserted(table, IMPORT)}"


def deleted(table: str, condition: str) -> str:
    """Delete the rows `t` of the institution that meet a condition, with their audit."""
    made = f"DELETE FROM {table} t WHERE t.institution_id = :school AND ({condition}) RETURNING t.*"
    return f"WITH made AS ({made}) {audit_sql.deleted(table, IMPORT)}"


def updated(table: str, assignments: dict[str, str], source: str, condition: str, keys: Sequence[str] = ("id",)) -> str:
    """Set the columns of the rows `t` that differ to expressions over `t` and `i`, a row of the source with its keys.

    A row that has all values already is not touched: neither its version nor the audit moves.
    """
    columns = list(assignments)
    sets = ", ".join(f"{name} = {value}" for name, value in assignments.items())
    now, then = ", ".join(f"t.{name}" for name in columns), ", ".join(assignments.values())
    joined = " AND ".join(f"o.{key} = i.{key} AND t.{key} = i.{key}" for key in keys)
    made = (
        f"UPDATE {table} t SET {sets}, version = t.version + 1, updated_at = now(), updated_by = NULL"
        f" FROM {source} i, {table} o WHERE t.institution_id = :school AND o.institution_id = :school AND {joined}"
        f" AND ({condition}) AND ROW({now}) IS DISTINCT FROM ROW({then})"
        f" RETURNING t.id, {object_of('o', columns)} AS before, {object_of('t', columns)} AS after"
    )
    return f"WITH made AS ({made}) {audit_sql.updated(table, IMPORT)}"
