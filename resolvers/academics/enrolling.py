"""Many students into one course at once, by a number of statements that does not depend on how many they are."""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from models import Enrollment, EnrollmentStatus, Operation, Student
from resolvers.academics.enrollment_changes import check_status
from resolvers.academics.enrollment_spans import check_days, marked_among, spans_in_the_way
from resolvers.academics.roster import hold_course
from resolvers.academics.undo_checks import check_unnamed, check_unreported
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, DomainError, Invalid, NotFound
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, Outcome, RowOutcome, carry_out, check_number, repeated
from resolvers.writing.operations import Touched
from resolvers.writing.undoing import FIELD as UNDOING
from resolvers.writing.undoing import Undone, hold_left

FIELD = "students"
Values = Mapping[str, Any]


async def enroll_students(
    context: Context,
    *,
    course: int,
    students: Sequence[int],
    begin_date: datetime.date,
    end_date: datetime.date | None = None,
    status: EnrollmentStatus = EnrollmentStatus.ACTIVE,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Have students take part in a course for the same days; gives the outcome of each.

    Raises NotFound and Invalid about the call, and RowsRefused where students are refused and all must be enrolled.
    """
    check_status(status)
    check_number(len(students), FIELD)
    values = {"course_id": course, "begin_date": begin_date, "end_date": end_date, "status": status}
    work = partial(_enroll, students=students, values=values)
    return await carry_out(context, "enrollment.record", Options(mode, dry_run), work)


async def _enroll(change: Change, *, students: Sequence[int], values: Values) -> Answer:
    course = await hold_course(change, values["course_id"])
    checks = Checks()
    await check_days(change, Enrollment(institution_id=change.institution_id, **values), checks)
    rows = [Outcome(place, key) for place, key in enumerate(students)]
    for row, before in repeated(rows):
        _refuse(row, Invalid, f"is the same as in {FIELD}.{before}")
    await _admit(change, rows)
    if checks.errors:
        checks.errors += [error for row in rows for error in row.errors]
        checks.done()
    await _settle(change, rows, values)
    return Answer(rows, partial(_write, values=values), course=course.id)


def _refuse(row: Outcome, kind: type[DomainError], words: str, **more: Any) -> None:
    field = f"{FIELD}.{row.place}"
    row.errors.append(kind(f"{field}: {words}", field=field, **more))
    row.outcome = RowOutcome.REFUSED


async def _admit(change: Change, rows: Sequence[Outcome]) -> None:
    """Refuse students whom the viewer does not see or who have been retired; the others stay as they are."""
    among = Student.id == func.any(bindparam("keys", [row.student for row in rows], type_=ARRAY(BigInteger)))
    seen = select(Student.id, Student.deleted_at).where(among).order_by(Student.id)
    locked = seen.with_for_update(read=True, of=Student)
    retired = {row.id: row.deleted_at is not None for row in await change.among_seen(Student, locked)}
    for row in rows:
        if row.errors:
            continue
        if row.student not in retired:
            _refuse(row, NotFound, "there is no Student with this id")
        elif retired[row.student]:
            _refuse(row, Invalid, "the Student has been retired: bring it back first")


async def _settle(change: Change, rows: Sequence[Outcome], values: Values) -> None:
    """Who is to be enrolled; who is in the course for these very days already stays so."""
    keys, days = [row.student for row in rows], (values["begin_date"], values["end_date"])
    standing: dict[int, Any] = {}
    for span in await spans_in_the_way(change, values["course_id"], keys, *days):
        standing.setdefault(span.student_id, span)
    for row in rows:
        span = standing.get(row.student)
        if row.errors:
            continue
        if span is None:
            row.outcome = RowOutcome.CREATED
            continue
        row.record = span.id
        if any(getattr(span, name) != value for name, value in values.items()):
            until = "on" if span.end_date is None else f"to {span.end_date}"
            said = f"is in the course already, from {span.begin_date} {until}, {span.status.value}"
            _refuse(row, Conflict, said, record=span.id, version=span.version)


async def _write(change: Change, answer: Answer, *, values: Values) -> None:
    new = [row for row in answer.results if row.outcome is RowOutcome.CREATED]
    if not new:
        change.withdraw()
        return
    keys = await change.insert_rows(Enrollment, [{"student_id": row.student, **values} for row in new])
    for row, key in zip(new, keys, strict=True):
        row.record = key
    about = {"course": answer.course, "begin_date": values["begin_date"], "end_date": values["end_date"]}
    change.details |= about
    change.operation = Touched(answer.course, [(key, 1) for key in keys], []).summary()
    change.publish("course", answer.course, {"action": "enroll", "ids": keys, **about, **answer.counts})


async def take_enrollments_back(change: Change, operation: Operation) -> Undone:
    """Remove the enrolments, as long as nobody was marked in one, or has a report card or a name elsewhere for it."""
    touched = Touched.read(operation.summary)
    await hold_course(change, touched.course, field=UNDOING)
    await hold_left(change, Enrollment, touched.left)
    keys = [key for key, _ in touched.made]
    if marked := await marked_among(change, keys):
        said = f"in {marked} of its {len(keys)} enrolments the student has been marked since"
        raise Conflict(f"{UNDOING}: {said}", field=UNDOING)
    await check_unreported(change, keys)
    await check_unnamed(change, Enrollment, keys, "an enrolment")
    removed = await change.delete_rows(Enrollment, [touched.key(key) for key in keys])
    change.publish("course", touched.course, {"action": "undo", "operation": operation.id})
    return Undone(len(removed), 0)
