"""What an import takes away, and what it brings back: only what an import has taken away before.

The audit tells who did it. What people of the school have retired, linked or dropped stays as they left it.
"""

from app.importing.auditing import deleted, updated
from app.importing.merging import Merge
from app.importing.run import SYSTEM, Run
from models import Base

RETIRED = "a.after ? 'deleted_at'"


def by_import(table: str, alias: str, changed: str) -> str:
    """Whether the last change of the row `alias` that meets a condition on its audit entry `a` was an import's."""
    return (
        f"coalesce((SELECT a.actor_kind = 'IMPORT' FROM audit_log a WHERE a.institution_id = :school"
        f" AND a.table_name = '{table}' AND a.record_id = {alias}.id AND {changed} ORDER BY a.id DESC LIMIT 1), false)"
    )


async def leave_retired(run: Run, merge: Merge, file: str) -> None:
    """Records that people have retired are left out of the merge; those that an import has retired come back."""
    rows = await run.fetch(
        f"DELETE FROM {merge.incoming} i USING {merge.table} t WHERE t.institution_id = :school AND t.id = i.id"
        f" AND t.deleted_at IS NOT NULL AND NOT {by_import(merge.table, 't', RETIRED)}"
        " RETURNING i.line, i.source"
    )
    if rows:
        lines = ", ".join(f"({row['line']}, NULL::text)" for row in rows)
        reason = "was retired at the school, and is left as it is"
        await run.warn("retired", reason, file, "sourcedId", f"SELECT * FROM (VALUES {lines}) v ORDER BY 1")


async def retire(run: Run, table: str, chosen: str) -> None:
    """Retire the records whose ids the statement `chosen` gives and that are in use."""
    change = updated(table, {"deleted_at": "now()"}, f"({chosen})", "t.deleted_at IS NULL")
    run.counts[table].updated += await run.execute(change)


async def remove(run: Run, table: str, chosen: str) -> None:
    """Delete the records whose ids the statement `chosen` gives, and their external ids."""
    run.counts[table].deleted += await run.execute(deleted(table, f"t.id IN ({chosen})"))
    gone = (
        f"t.entity = '{table}' AND t.system = '{SYSTEM}' AND NOT EXISTS"
        f" (SELECT FROM {table} x WHERE x.institution_id = :school AND x.id = t.record_id)"
    )
    run.counts["external_id"].deleted += await run.execute(deleted("external_id", gone))


def unused(table: str, alias: str) -> str:
    """The condition that no row of the institution refers to the row `alias`."""
    conditions = []
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_key_constraints:
            columns = [element.parent.name for element in key.elements]
            if key.referred_table.name == table and len(columns) == 2 and columns[0] == "institution_id":
                conditions.append(
                    f"NOT EXISTS (SELECT FROM {other.name} r WHERE r.institution_id = :school"
                    f" AND r.{columns[1]} = {alias}.id)"
                )
    return " AND ".join(conditions)
