"""What must be true after a storm: nothing acknowledged is lost or doubled, and the audit tells of every difference."""

from collections import Counter
from typing import Any

import asyncpg

from app.urls import Urls, asyncpg_url
from tests.audited import _json, compare, tracked
from tests.writing.storm import Storm

ENTRIES = "SELECT table_name, record_id, operation, before::text, after::text, request_id FROM audit_log ORDER BY id"
DONE = "SELECT request_id FROM activity_log WHERE action LIKE '%.record' OR action IN ({others})"
OTHERS = "'enrollment.drop', 'operation.undo'"
# Two marks for one thing: the database forbids what a row can tell of this.
TWICE = """
SELECT count(*) FROM (
    SELECT FROM grade GROUP BY student_id, course_id, subject_id, semester_id, assessment_id, date HAVING count(*) > 1
    UNION ALL
    SELECT FROM attendance GROUP BY student_id, course_id, date, session HAVING count(*) > 1
    UNION ALL
    SELECT FROM enrollment a JOIN enrollment b ON a.student_id = b.student_id AND a.course_id = b.course_id
        AND a.id < b.id AND daterange(a.begin_date, a.end_date, '[]') && daterange(b.begin_date, b.end_date, '[]')
) AS found"""
HOW = {"CREATED": "INSERT", "UPDATED": "UPDATE"}


async def rows_of(urls: Urls) -> dict[tuple[str, int], Any]:
    """Every row that the audit tells of."""
    owner, found = await asyncpg.connect(asyncpg_url(urls.owner or "")), {}
    for table in tracked():
        for record in await owner.fetch(f"SELECT t.id, to_jsonb(t)::text AS row FROM {table.name} t"):
            found[table.name, record["id"]] = _json(record["row"])
    await owner.close()
    return found


async def check(storm: Storm, before: dict[tuple[str, int], Any]) -> None:
    """Fail unless all that was acknowledged was done exactly once, and audit and rows agree."""
    urls = storm.place.site.urls
    owner = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    entries = await owner.fetch(ENTRIES)
    done = Counter(record["request_id"] for record in await owner.fetch(DONE.format(others=OTHERS)))
    assert await owner.fetchval(TWICE) == 0
    await owner.close()
    compare(before, await rows_of(urls), list(entries))
    _check_done(storm, done)
    _check_rows(storm, entries)


def _check_done(storm: Storm, done: Counter[str]) -> None:
    """Each acknowledged call has one entry, and there are no others but of calls whose answer was lost."""
    assert max(done.values()) == 1
    written = {key for key, answer in storm.told.items() if answer["done"]}
    assert written <= set(done), written - set(done)
    assert set(done) <= written | storm.unsure, set(done) - written - storm.unsure


def _check_rows(storm: Storm, entries: list[Any]) -> None:
    """Each row of an answer stands in the audit under the request's key, as it was told, and no other does."""
    audited: dict[str, Counter[tuple[str, int]]] = {}
    for entry in entries:
        if entry["table_name"] in ("attendance", "grade", "enrollment"):
            audited.setdefault(entry["request_id"], Counter())[entry["operation"], entry["record_id"]] += 1
    for key, answer in storm.told.items():
        if not answer["rows"]:
            continue
        found = audited.get(key, Counter())
        assert len(answer["rows"]) == sum(found.values()), key
        # A mark that was taken back since is shown no more.
        told = {(HOW[outcome], int(row.rsplit("_", 1)[1])) for outcome, row in answer["rows"] if row is not None}
        assert told <= set(found), key
