"""Bulk marking taken back: records that it made are removed, and those that it changed say again what they said.

Only as a whole, and while every record is as the operation left it. What the records said is read from their audit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models import Attendance, AttendanceTaken, Base, Grade, Operation
from resolvers.academics.grade_changes import bounds_of
from resolvers.academics.grade_entry import check_grade_entry_open
from resolvers.academics.roster import hold_course
from resolvers.academics.undo_checks import check_unnamed
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.operations import Touched
from resolvers.writing.restoring import contents_before
from resolvers.writing.undoing import FIELD, Undone, hold_left

MODELS: Mapping[str, type[Base]] = {"attendance.record": Attendance, "grade.record": Grade}
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


async def take_marks_back(change: Change, operation: Operation) -> Undone:
    """Remove the marks that were made, and have those that were changed say again what they said."""
    model, touched = MODELS[operation.action], Touched.read(operation.summary)
    await _hold(change, model, touched)
    await check_unnamed(change, model, [each for each, _ in touched.made], "a mark")
    if touched.taken is not None:
        await _remove_taken(change, touched.taken, operation.id)
    keys = [each for each, _ in touched.changed]
    before = await contents_before(change, model, keys, date=touched.date, field=FIELD)
    if model is Grade and before:
        await _check_scores(change, touched.course, before)
    removed = await change.delete_rows(model, [touched.key(each) for each, _ in touched.made])
    restored = await change.update_rows(model, before, locked=True)
    change.publish("course", touched.course, {"action": "undo", "operation": operation.id})
    return Undone(len(removed), len(restored))


async def _hold(change: Change, model: type[Base], touched: Touched) -> None:
    """Lock the course and the records, which must be as the operation left them."""
    await hold_course(change, touched.course, field=FIELD)
    if touched.semester is not None:
        await check_grade_entry_open(change, touched.semester, touched.course, field=FIELD)
    await hold_left(change, model, touched.left)


async def _remove_taken(change: Change, key: int, operation: int) -> None:
    """The roster is not taken any more, unless that has been changed since or a later operation has marked in it."""
    if (await change.lock_rows(AttendanceTaken, [{"id": key}])).get(key) != 1:
        return
    driver = await change.unit.driver()
    if await driver.fetchval(_HAND_OVER, change.institution_id, key, operation) is None:
        await change.delete_rows(AttendanceTaken, [{"id": key}])


async def _check_scores(change: Change, course: int, before: Sequence[Mapping[str, Any]]) -> None:
    """That scores which would be given again, all of them for one thing, lie within the bounds of today."""
    bounds = await bounds_of(change, course, before[0]["assessment_id"], field=FIELD)
    scores = [row["score"] for row in before if row["score"] is not None]
    if other := sum(not bounds.lowest <= score <= bounds.highest for score in scores):
        span = f"{bounds.lowest.normalize():f} to {bounds.highest.normalize():f}"
        text = f"{FIELD}: {other} of its {len(before)} former marks are outside of the bounds, now {span}"
        raise Conflict(text, field=FIELD)
