"""The audit of what an import writes: set-based, one entry a row, changed columns only, secrets masked."""

from collections.abc import Sequence

from models import Base

# Not the row's content: keys, stamps, and what the database derives.
UNTOLD = {"institution_id", "id", "created_at", "updated_at", "created_by", "updated_by", "version"}
SECRETS = {
    "app_user": ("password_hash",),
    "student": ("national_id_sealed", "national_id_index", "health_sealed", "identifying_marks_sealed"),
}
MASK = "'\"***\"'::jsonb"
ENTRY = (
    "INSERT INTO audit_log (institution_id, table_name, record_id, operation, before, after, actor_kind, request_id)"
)


def _array(names: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def untold(table: str) -> list[str]:
    derived = {column.name for column in Base.metadata.tables[table].columns if column.computed is not None}
    return sorted(UNTOLD | derived)


def whole_row(table: str, alias: str) -> str:
    """The content of a row as JSON: its columns that are not null, secrets masked."""
    content = f"jsonb_strip_nulls(to_jsonb({alias}) - {_array(untold(table))})"
    for secret in SECRETS.get(table, ()):
        masked = f"jsonb_build_object('{secret}', {MASK})"
        content = f"({content} || CASE WHEN {alias}.{secret} IS NULL THEN '{{}}' ELSE {masked} END)"
    return content


def object_of(table: str, alias: str, columns: Sequence[str]) -> str:
    hidden = SECRETS.get(table, ())
    pairs = (f"'{name}', " + (MASK if name in hidden else f"{alias}.{name}") for name in columns)
    return f"jsonb_build_object({', '.join(pairs)})"


def inserted(table: str, made: str) -> str:
    """The audit of the rows of `made`: an INSERT … RETURNING * into the table, or a SELECT of rows just made."""
    return (
        f"WITH made AS ({made}) {ENTRY} SELECT :school, '{table}', made.id, 'INSERT', NULL,"
        f" {whole_row(table, 'made')}, 'IMPORT', :run FROM made"
    )


def deleted(table: str, condition: str) -> str:
    """Delete the rows `t` of the institution that meet a condition, with their audit."""
    return (
        f"WITH made AS (DELETE FROM {table} t WHERE t.institution_id = :school AND ({condition}) RETURNING t.*) {ENTRY}"
        f" SELECT :school, '{table}', made.id, 'DELETE', {whole_row(table, 'made')}, NULL, 'IMPORT', :run FROM made"
    )


def _changed(side: str, other: str) -> str:
    return (
        f"(SELECT jsonb_object_agg(key, value) FROM jsonb_each(made.{side})"
        f" WHERE value IS DISTINCT FROM made.{other} -> key)"
    )


def updated(table: str, assignments: dict[str, str], source: str, condition: str, keys: Sequence[str] = ("id",)) -> str:
    """Set the columns of the rows `t` that differ to expressions over `t` and `i`, a row of the source with its keys.

    A row that has all values already is not touched: neither its version nor the audit moves.
    """
    columns = list(assignments)
    sets = ", ".join(f"{name} = {value}" for name, value in assignments.items())
    now, then = ", ".join(f"t.{name}" for name in columns), ", ".join(assignments.values())
    joined = " AND ".join(f"o.{key} = i.{key} AND t.{key} = i.{key}" for key in keys)
    return (
        f"WITH made AS (UPDATE {table} t SET {sets}, version = t.version + 1, updated_at = now(), updated_by = NULL"
        f" FROM {source} i, {table} o WHERE t.institution_id = :school AND o.institution_id = :school AND {joined}"
        f" AND ({condition}) AND ROW({now}) IS DISTINCT FROM ROW({then})"
        f" RETURNING t.id, {object_of(table, 'o', columns)} AS before, {object_of(table, 't', columns)} AS after)"
        f" {ENTRY} SELECT :school, '{table}', made.id, 'UPDATE', {_changed('before', 'after')},"
        f" {_changed('after', 'before')}, 'IMPORT', :run FROM made"
    )
