"""What records said before the last change of theirs, read from their audit."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from models import Base
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.content import content, table_of
from resolvers.writing.sets import keys_of

_BEFORE = """
SELECT p.*, e.before::text LIKE '%[erased]%' AS erased
FROM {table} t
JOIN unnest($3::bigint[]) AS wanted(id) ON wanted.id = t.id
CROSS JOIN LATERAL (
    SELECT a.before FROM audit_log a
    WHERE a.institution_id = $1 AND a.table_name = $2 AND a.record_id = t.id AND a.operation = 'UPDATE'
    ORDER BY a.id DESC LIMIT 1
) AS e
CROSS JOIN LATERAL jsonb_populate_record(t, e.before) AS p
WHERE t.institution_id = $1 AND {dated}
ORDER BY t.id
"""


async def contents_before(
    change: Change, model: type[Base], keys: Sequence[int], *, date: datetime.date | None = None, field: str
) -> Sequence[Mapping[str, Any]]:
    """The records as they were, with their keys; the last change must be the one that is taken back.

    `date` is part of the keys of attendance. Raises Conflict where something of it has been erased.
    """
    if not keys:
        return []
    table = table_of(model)
    dated = "t.date = $4" if date is not None else "$4::date IS NULL"
    driver = await change.unit.driver()
    sql = _BEFORE.format(table=table.name, dated=dated)
    rows = await driver.fetch(sql, change.institution_id, table.name, keys, date)
    if len(rows) < len(keys) or any(row["erased"] for row in rows):
        raise Conflict(f"{field}: what its records said has been erased since", field=field)
    names = {*keys_of(table), *content(table)}
    return [{name: row[name] for name in names} for row in rows]
