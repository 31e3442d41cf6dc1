"""Bulk marking taken back: records that it made are removed, and those that it changed say again what they said.

Only as a whole, and while every record is as the operation left it. What the records said is read from their audit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import Attendance, AttendanceTaken, Base, Grade, Operation, Role
from resolvers.academics.grade_changes import bounds_of
from resolvers.academics.grade_entry import check_grade_entry_open
from resolvers.academics.roster import hold_course
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid, NotFound, shown
from resolvers.unit_of_work import Change
from resolvers.writing.content import content, table_of
from resolvers.writing.operations import Touched
from resolvers.writing.sets import keys_of

FIELD = "operation"
MODELS: Mapping[str, type[Base]] = {"attendance.record": Attendance, "grade.record": Grade}
_ID = re.compile(r"op_([1-9][0-9]{0,17})")
# The last change of each record is the operation's, since the version is the one that it left.
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
# The first of the later operations that made or changed marks in the session whose roster was taken answers for it now.
_HAND_OVER = """
UPDATE operation SET summary = summary || jsonb_build_object('taken', $2::bigint)
WHERE institution_id = $1 AND id = (
    SELECT min(o.id) FROM operation o
    CROSS JOIN LATERAL jsonb_array_elements((o.summary -> 'made') || (o.summary -> 'changed')) AS pair
    JOIN attendance_taken t ON t.institution_id = $1 AND t.id = $2
    JOIN attendance a ON a.institution_id = $1 AND a.id = (pair ->> 0)::bigint
        AND a.course_id = t.course_id AND a.date = t.date AND a.session = t.session
    WHERE o.institution_id = $1 AND o.id > $3 AND o.action = 'attendance.record' AND o.undone_at IS NULL
) RETURNING id
"""


@dataclass(frozen=True)
class Undone:
    """How many records were removed, and how many say again what they said."""

    removed: int
    restored: int


def operation_id(key: int | None) -> str | None:
    """How clients know an operation."""
    return None if key is None else f"op_{key}"


def _key(text: str) -> int:
    match = _ID.fullmatch(text)
    if match is None:
        raise Invalid(f"{FIELD}: {shown(text)} is not the id of an operation", field=FIELD)
    return int(match[1])


async def undo(context: Context, *, operation: str) -> Undone:
    """Take a bulk marking back. Raises NotFound, and Conflict where something has been changed since."""
    key = _key(operation)
    async with context.change("operation.undo", id=key) as change:
        found = await _found(change, key)
        touched = Touched.read(found.summary)
        await _hold(change, found, touched)
        model = MODELS[found.action]
        if touched.taken is not None:
            await _remove_taken(change, touched.taken, key)
        before = await _before(change, model, touched)
        if model is Grade and before:
            await _check_scores(change, touched.course, before)
        removed = await change.delete_rows(model, [touched.key(each) for each, _ in touched.made])
        restored = await change.update_rows(model, before, locked=True)
        found.undone_at = change.author.at
        answer = Undone(len(removed), len(restored))
        change.details |= {"action": found.action, "removed": answer.removed, "restored": answer.restored}
        change.publish(found.action.partition(".")[0], touched.course, {"action": "undo", "operation": key})
    return answer


async def _found(change: Change, key: int) -> Operation:
    """The operation, locked; others than the office find their own only."""
    statement = select(Operation).where(Operation.institution_id == change.institution_id, Operation.id == key)
    statement = statement.where(Operation.action.in_(MODELS))
    view = change.unit.view
    if view is not None and not view.roles & {Role.SUPERADMIN, Role.ADMIN, Role.REGISTRAR}:
        statement = statement.where(Operation.actor_kind == change.author.kind, Operation.actor_id == change.author.id)
    found = await change.session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound(f"{FIELD}: there is no operation with this id that can be undone", field=FIELD)
    if found.undone_at is not None:
        raise Conflict(f"{FIELD}: has been undone already", field=FIELD)
    return found


async def _hold(change: Change, found: Operation, touched: Touched) -> None:
    """Lock the course and the records, which must be as the operation left them."""
    await hold_course(change, touched.course, field=FIELD)
    if touched.semester is not None:
        await check_grade_entry_open(change, touched.semester, touched.course, field=FIELD)
    left = dict((*touched.made, *touched.changed))
    stands = await change.lock_rows(MODELS[found.action], [touched.key(each) for each in left])
    if other := sum(stands.get(each) != version for each, version in left.items()):
        raise Conflict(f"{FIELD}: {other} of its {len(left)} records have been changed since", field=FIELD)


async def _remove_taken(change: Change, key: int, operation: int) -> None:
    """The roster is not taken any more, unless that has been changed since or a later operation has marked in it."""
    if (await change.lock_rows(AttendanceTaken, [{"id": key}])).get(key) != 1:
        return
    driver = await change.unit.driver()
    if await driver.fetchval(_HAND_OVER, change.institution_id, key, operation) is None:
        await change.delete_rows(AttendanceTaken, [{"id": key}])


async def _before(change: Change, model: type[Base], touched: Touched) -> Sequence[Mapping[str, Any]]:
    """The changed records as they were."""
    keys = [each for each, _ in touched.changed]
    if not keys:
        return []
    table = table_of(model)
    dated = "t.date = $4" if touched.date is not None else "$4::date IS NULL"
    sql = _BEFORE.format(table=table.name, dated=dated)
    driver = await change.unit.driver()
    rows = await driver.fetch(sql, change.institution_id, table.name, keys, touched.date)
    if len(rows) < len(keys) or any(row["erased"] for row in rows):
        raise Conflict(f"{FIELD}: what its records said has been erased since", field=FIELD)
    names = {*keys_of(table), *content(table)}
    return [{name: row[name] for name in names} for row in rows]


async def _check_scores(change: Change, course: int, before: Sequence[Mapping[str, Any]]) -> None:
    """That scores which would be given again, all of them for one thing, lie within the bounds of today."""
    bounds = await bounds_of(change, course, before[0]["assessment_id"], field=FIELD)
    scores = [row["score"] for row in before if row["score"] is not None]
    if other := sum(not bounds.lowest <= score <= bounds.highest for score in scores):
        span = f"{bounds.lowest.normalize():f} to {bounds.highest.normalize():f}"
        text = f"{FIELD}: {other} of its {len(before)} former marks are outside of the bounds, now {span}"
        raise Conflict(text, field=FIELD)
