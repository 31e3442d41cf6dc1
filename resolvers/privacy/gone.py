"""What the trail alone tells of a person: records that are there no more, such as those of an import taken back."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import orjson

from resolvers.privacy.found import People
from resolvers.rows import Row
from resolvers.writing.once import BLOTTED

_STUDENT = """
SELECT before::text FROM audit_log
WHERE institution_id = $1 AND table_name = 'student' AND record_id = $2 AND operation = 'DELETE'
"""
# Guardians who were linked to the student.
_GUARDIANS = """
SELECT DISTINCT (coalesce(t.after, t.before) ->> 'guardian_id')::bigint AS id FROM audit_log t
WHERE t.institution_id = $1 AND t.table_name = 'student_guardian'
  AND coalesce(t.after, t.before) ->> 'student_id' = ANY($2::bigint[]::text[])
  AND NOT EXISTS (SELECT FROM guardian g WHERE g.institution_id = $1
                  AND g.id = (coalesce(t.after, t.before) ->> 'guardian_id')::bigint)
"""
# Comments on the student's cards: they name the card, and only the card names the student.
_COMMENTS = """
SELECT DISTINCT t.record_id AS id FROM audit_log t
WHERE t.institution_id = $1 AND t.table_name = 'report_card_comment'
  AND coalesce(t.after, t.before) ->> 'report_card_id' IN (
      SELECT c.record_id::text FROM audit_log c
      WHERE c.institution_id = $1 AND c.table_name = 'report_card'
        AND coalesce(c.after, c.before) ->> 'student_id' = ANY($2::bigint[]::text[]))
"""
# Names in other systems.
_NAMES = """
SELECT DISTINCT t.record_id AS id FROM audit_log t
WHERE t.institution_id = $1 AND t.table_name = 'external_id'
  AND coalesce(t.after, t.before) ->> 'entity' = 'student'
  AND coalesce(t.after, t.before) ->> 'record_id' = ANY($2::bigint[]::text[])
"""
_LAST = """
SELECT record_id AS id, before::text FROM audit_log
WHERE institution_id = $1 AND table_name = $2 AND record_id = ANY($3::bigint[]) AND operation = 'DELETE'
ORDER BY id
"""
_OF = {"guardian": _GUARDIANS, "report_card_comment": _COMMENTS, "external_id": _NAMES}


async def gone_student(
    driver: "asyncpg.Connection[Row]", institution_id: int, student: int
) -> Mapping[str, Any] | None:
    """The columns of a student who has been removed, as far as the audit tells them; None: there was none."""
    told = await driver.fetchval(_STUDENT, institution_id, student)
    if told is None:
        return None
    return {name: value for name, value in orjson.loads(told).items() if value != BLOTTED}


async def gone_records(driver: "asyncpg.Connection[Row]", who: People) -> dict[str, list[int]]:
    """Keys of records of the person's that are in no table any more, by table; students are all that are asked for."""
    found = {
        table: [row["id"] for row in await driver.fetch(sql, who.institution_id, who.students)]
        for table, sql in _OF.items()
    }
    return found | {"student": who.students}


async def gone_rows(driver: "asyncpg.Connection[Row]", who: People, table: str) -> list[dict[str, Any]]:
    """The person's rows of a table that are there no more, each as it was when it went."""
    keys = (await gone_records(driver, who)).get(table, [])
    found = await driver.fetch(_LAST, who.institution_id, table, keys)
    return [{**orjson.loads(row["before"]), "id": row["id"]} for row in found]
