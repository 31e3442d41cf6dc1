"""Marks of a whole course for one thing, by a number of statements that does not depend on how many they are.

A student has one mark for an assessment in a subject, whatever day it is given again; without an assessment, one in a
subject for a day and a semester.
"""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement

from models import Grade
from resolvers.academics.grade_ledger import Asked, Ledger, ledger_of
from resolvers.academics.grade_values import grade_values
from resolvers.academics.roster import admit_rows, hold_course
from resolvers.context import Context
from resolvers.errors import Checks, Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, Outcome, carry_out, refuse, rows_of
from resolvers.writing.content import table_of
from resolvers.writing.mark_rows import MarkRows, check_version, standing
from resolvers.writing.operations import Touched

Row = Mapping[str, Any]


async def record_grades(
    context: Context,
    *,
    course: int,
    marks: Sequence[Row],
    subject: int | None = None,
    semester: int | None = None,
    assessment: int | None = None,
    date: datetime.date | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Mark students of a course for one assessment, or in a subject on a day; gives the outcome of each mark.

    Raises NotFound, Invalid and Conflict about the call, and RowsRefused where marks are refused and all must be done.
    """
    work = partial(_record, key=course, asked=Asked(semester, subject, assessment, date), marks=marks)
    return await carry_out(context, "grade.record", Options(mode, dry_run), work)


async def _record(change: Change, *, key: int, asked: Asked, marks: Sequence[Row]) -> Answer:
    course = await hold_course(change, key)
    rows = rows_of(marks)
    ledger = await ledger_of(change, course, asked)
    await admit_rows(change, course.id, ledger.date, rows)
    before = await standing(change, Grade, course.id, [row.student for row in rows], *_alike(ledger))
    writing = MarkRows(Grade, {"graded_by_id": ledger.marker, "last_edited_at": change.author.at})
    for row, mark in zip(rows, marks, strict=True):
        stands = _standing(row, before[row.student], ledger)
        values = _settled(row, mark, stands, ledger)
        if not row.errors:
            fixed = {"student_id": row.student, "course_id": course.id, **ledger.columns}
            writing.put(row, stands, values, fixed)
    return Answer(rows, partial(_write, course=course.id, ledger=ledger, rows=writing), course=course.id)


def _alike(ledger: Ledger) -> list[ColumnElement[bool]]:
    """Which marks a call is about: of an assessment those of all days and semesters."""
    columns = table_of(Grade).c
    names = ledger.columns if ledger.assessment_id is None else ("subject_id", "assessment_id")
    return [columns[name].is_not_distinct_from(ledger.columns[name]) for name in names]


def _standing(row: Outcome, found: Sequence[Row], ledger: Ledger) -> Row | None:
    """The mark that the row is about, whose day stays; refuses the row where the call does not fit what stands."""
    if not found:
        return None
    before, said = found[0], None
    if len(found) > 1:
        said = f"has {len(found)} marks for the assessment: delete all but one"
    elif before["semester_id"] != ledger.semester_id:
        said = "has been marked for the assessment in another semester: change that mark itself"
    elif ledger.day_given and before["date"] != ledger.date:
        said = f"has been marked for the assessment on {before['date']}: leave the date out to change that mark"
    if said and not row.errors:
        refuse(row, Conflict(f"student: {said}", field="student", record=before["id"], version=before["version"]))
    return before


def _settled(row: Outcome, mark: Row, before: Row | None, ledger: Ledger) -> dict[str, Any]:
    """What the mark will say; refuses the row where it cannot."""
    row.record = before["id"] if before else None
    checks = Checks()
    with checks:
        check_version(mark.get("version"), before)
    values = grade_values(mark, before, ledger.bounds, checks)
    if checks.errors and not row.errors:
        refuse(row, *checks.errors)
    return values


async def _write(change: Change, answer: Answer, *, course: int, ledger: Ledger, rows: MarkRows) -> None:
    if not await rows.write(change):
        change.withdraw()
        return
    about = {"course": course, **{name.removesuffix("_id"): value for name, value in ledger.columns.items()}}
    change.details |= about
    touched = Touched(course, rows.made, rows.changed, semester=ledger.semester_id)
    change.operation = touched.summary()
    change.publish("course", course, {"action": "record_grades", **about, **answer.counts})
