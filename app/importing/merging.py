"""Brings a set of rows into a table: new ones are inserted, differing ones updated, equal ones left alone.

Which record a row is follows from its sourcedId by the external ids, else from its natural key: a record that was made
by hand and has no sourcedId yet is adopted.
"""

from dataclasses import dataclass
from enum import Enum

from app.importing.auditing import inserted, updated
from app.importing.run import SYSTEM, Run, known
from models import Base

# A table that grows by more than this part is analyzed.
GROWN = 0.1


class Mode(Enum):
    """How a column of an existing record follows the file."""

    SET = "the file decides, also where its cell is empty"
    KEEP = "an empty cell leaves what is there"
    NEW = "set when the record is made, then left to the school"


@dataclass(frozen=True)
class Field:
    """A column of the table. `given_by` is the column of the package that gives it (`users.sms`): without that column
    an existing record keeps what it has. `default` is the SQL for a new record whose cell is empty.
    """

    name: str
    mode: Mode = Mode.SET
    given_by: str | None = None
    default: str | None = None


def put(name: str, given_by: str | None = None, default: str | None = None) -> Field:
    return Field(name, Mode.SET, given_by, default)


def keep(name: str, given_by: str | None = None, default: str | None = None) -> Field:
    return Field(name, Mode.KEEP, given_by, default)


def new(name: str, default: str | None = None) -> Field:
    return Field(name, Mode.NEW, None, default)


@dataclass(frozen=True)
class Merge:
    """`source` is a SELECT that gives `line`, `source` (the sourcedId or NULL) and the fields, one row a record.

    New records are numbered by line; `order` are columns that put those of one line in order.
    `natural` are columns that tell a record apart; NULL in one of them finds nothing. `keys` are those of the primary
    key without the institution. `name` sets apart two merges into one table.
    """

    table: str
    source: str
    fields: tuple[Field, ...]
    natural: tuple[str, ...] = ()
    external: bool = True
    insert: bool = True
    keys: tuple[str, ...] = ("id",)
    name: str = ""
    order: tuple[str, ...] = ()

    @property
    def incoming(self) -> str:
        return f"in_{self.name or self.table}"


def _in_use(table: str) -> str:
    return " AND t.deleted_at IS NULL" if "deleted_at" in Base.metadata.tables[table].columns else ""


def _existing(merge: Merge) -> tuple[str, str]:
    """The joins that find existing records, and the SQL of the id they give."""
    joins, ids = [], []
    if merge.external:
        joins.append(f"LEFT JOIN {known(merge.table)} e ON e.value = s.source")
        ids.append("e.record_id")
    if merge.natural:
        same = " AND ".join(f"n.{column} = s.{column}" for column in merge.natural)
        linked, joined = "false", ""
        if merge.external:
            same += " AND e.record_id IS NULL AND (s.source IS NULL OR NOT n.linked)"
            linked, joined = "k.record_id IS NOT NULL", f" LEFT JOIN {known(merge.table)} k ON k.record_id = t.id"
        columns = ", ".join(f"t.{column}" for column in ("id", *merge.natural))
        joins.append(
            f"LEFT JOIN (SELECT {columns}, {linked} AS linked FROM {merge.table} t{joined}"
            f" WHERE t.institution_id = :school{_in_use(merge.table)}) n ON {same}"
        )
        ids.append("n.id")
    return " ".join(joins), f"coalesce({', '.join(ids)})" if ids else "NULL::bigint"


async def prepare(run: Run, merge: Merge) -> str:
    """Put the incoming rows into a temporary table with the id of their record, new or known; returns its name."""
    joins, found = _existing(merge)
    sequence = await run.value(f"SELECT pg_get_serial_sequence('{merge.table}', 'id')")
    condition = "" if merge.insert else f" WHERE {found} IS NOT NULL"
    order = ", ".join(f"s.{column}" for column in ("line", "source", *merge.order, *merge.natural))
    # Sorted before they are numbered: else the planner's choice of joins would decide which record comes first.
    await run.execute(
        f"CREATE TEMP TABLE {merge.incoming} ON COMMIT DROP AS SELECT s.*, s.found IS NULL AS fresh,"
        f" coalesce(s.found, nextval('{sequence}')) AS id FROM"
        f" (SELECT s.*, {found} AS found FROM ({merge.source}) s {joins}{condition} ORDER BY {order}) s"
    )
    await run.execute(f"CREATE INDEX ON {merge.incoming} (id); ANALYZE {merge.incoming}")
    return merge.incoming


def _assignments(run: Run, merge: Merge) -> dict[str, str]:
    given = [f for f in merge.fields if f.mode is not Mode.NEW and (f.given_by is None or f.given_by in run.present)]
    given = [field for field in given if field.name not in merge.keys]
    return {f.name: f"i.{f.name}" if f.mode is Mode.SET else f"coalesce(i.{f.name}, t.{f.name})" for f in given}


async def _link(run: Run, merge: Merge) -> None:
    """Keep the sourcedIds of the records that have none yet."""
    run.counts["external_id"].inserted += await run.execute(
        inserted(
            "external_id",
            "INSERT INTO external_id (institution_id, entity, record_id, system, value)"
            f" SELECT :school, '{merge.table}', i.id, '{SYSTEM}', i.source FROM {merge.incoming} i"
            f" LEFT JOIN {known(merge.table)} k ON k.value = i.source"
            " WHERE k.value IS NULL AND i.source IS NOT NULL ORDER BY i.line RETURNING *",
        )
    )


async def _analyze(run: Run, table: str, made: int) -> None:
    """Without its own statistics the planner takes the tables for as empty as they were before."""
    for each in (table, "external_id", "audit_log"):
        if made > GROWN * await run.value(
            f"SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = '{each}'::regclass"
        ):
            await run.execute(f"ANALYZE {each}")


async def write(run: Run, merge: Merge) -> None:
    """Update and insert what `prepare` has put into the temporary table, after whatever was changed in there."""
    assignments = _assignments(run, merge)
    if assignments:
        changes = updated(merge.table, assignments, merge.incoming, "NOT i.fresh", merge.keys)
        run.counts[merge.table].updated += await run.execute(changes)
    names = [field.name for field in merge.fields]
    values = [f"coalesce(i.{f.name}, {f.default})" if f.default else f"i.{f.name}" for f in merge.fields]
    rows = (
        f"INSERT INTO {merge.table} (institution_id, id, {', '.join(names)})"
        f" SELECT :school, i.id, {', '.join(values)} FROM {merge.incoming} i"
        " WHERE i.fresh ORDER BY i.line, i.id RETURNING *"
    )
    made = await run.execute(inserted(merge.table, rows))
    run.counts[merge.table].inserted += made
    if merge.external:
        await _link(run, merge)
    await _analyze(run, merge.table, made)


async def merge_rows(run: Run, merge: Merge) -> None:
    """`prepare` and `write`, where nothing has to be looked at between."""
    await prepare(run, merge)
    await write(run, merge)


async def drop_incoming(run: Run, merge: Merge) -> None:
    await run.execute(f"DROP TABLE {merge.incoming}")
