"""SQL that writes audit entries set-based: one for each row, changed columns only, secrets masked.

The form of an entry: INSERT has in `after` the row's content that is not null, DELETE the same in `before`, UPDATE in
both what differs. Values are as PostgreSQL's `to_jsonb` writes them. `resolvers.writing.recording` makes the same form
of what an ORM session flushes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import JSONB

from models import Base
from resolvers.writing.content import MASK, content, secrets, untold

ENTRY = (
    "INSERT INTO audit_log (institution_id, table_name, record_id, operation, before, after,"
    " actor_kind, actor_id, at, request_id)"
)


@dataclass(frozen=True)
class Author:
    """SQL of who writes the entries and when: literals, parameters or expressions."""

    institution: str
    kind: str
    actor: str
    at: str
    request: str

    @property
    def stamp(self) -> str:
        return f"{self.kind}, {self.actor}, {self.at}, {self.request}"


def _array(names: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def _masked(table: str) -> str:
    """The value of an entry's key, or the mask where the key is secret and has a value."""
    hidden = secrets(Base.metadata.tables[table])
    if not hidden:
        return "e.value"
    return (
        f"CASE WHEN e.key = ANY({_array(hidden)}) AND e.value <> 'null' THEN to_jsonb('{MASK}'::text) ELSE e.value END"
    )


# Arguments that a function may have, by two.
_MOST_PAIRS = 50


def whole_row(table: str, alias: str, given: Collection[str] | None = None) -> str:
    """The content of a row as JSON: its columns that are not null, secrets masked.

    `given` are the columns that a statement writes which makes the row: those that are null then are not looked at.
    """
    found = Base.metadata.tables[table]
    names, hidden = content(found), secrets(found)
    if given is not None:
        names = tuple(name for name in names if name in given or found.columns[name].server_default is not None)
    if any(isinstance(found.columns[name].type, JSONB) for name in names):
        # A null inside a document is part of it.
        return _row_of_documents(table, alias)
    pairs = [f"'{name}', {_shown(f'{alias}.{name}', name in hidden)}" for name in names]
    parts = [", ".join(pairs[n : n + _MOST_PAIRS]) for n in range(0, len(pairs), _MOST_PAIRS)]
    return f"jsonb_strip_nulls({' || '.join(f'jsonb_build_object({part})' for part in parts)})"


def _shown(value: str, hidden: bool) -> str:
    return f"CASE WHEN {value} IS NOT NULL THEN '{MASK}' END" if hidden else value


def _row_of_documents(table: str, alias: str) -> str:
    told = f"to_jsonb({alias}) - {_array(untold(Base.metadata.tables[table]))}"
    return (
        f"(SELECT coalesce(jsonb_object_agg(e.key, {_masked(table)}), '{{}}')"
        f" FROM jsonb_each({told}) e WHERE e.value <> 'null')"
    )


def difference(table: str, side: str, other: str) -> str:
    """What differs of two JSON objects of the same columns, as it is on `side`."""
    return (
        f"(SELECT jsonb_object_agg(e.key, {_masked(table)}) FROM jsonb_each({side}) e"
        f" WHERE e.value IS DISTINCT FROM {other} -> e.key)"
    )


def entries(table: str, operation: str, before: str, after: str, author: Author, made: str = "made") -> str:
    """The INSERT of an entry for each row of `made`, which has the column `id`."""
    return (
        f"{ENTRY} SELECT {author.institution}, '{table}', {made}.id, '{operation}', {before}, {after},"
        f" {author.stamp} FROM {made}"
    )


def object_of(alias: str, columns: Iterable[str]) -> str:
    return f"jsonb_build_object({', '.join(f'{name!r}, {alias}.{name}' for name in columns)})"


def inserted(table: str, author: Author, given: Collection[str] | None = None) -> str:
    """The entries of the rows of `made`, which have all columns of the table; see `whole_row` for the `given`."""
    return entries(table, "INSERT", "NULL", whole_row(table, "made", given), author)


def deleted(table: str, author: Author) -> str:
    """The entries of the rows of `made` that are no more; they have all columns of the table."""
    return entries(table, "DELETE", whole_row(table, "made"), "NULL", author)


def updated(table: str, author: Author) -> str:
    """The entries of the rows of `made`, which have `id`, and what was and what is as JSON in `before` and `after`."""
    before = difference(table, "made.before", "made.after")
    after = difference(table, "made.after", "made.before")
    return entries(table, "UPDATE", before, after, author)
