"""How students come into courses and leave them. Somebody who comes back gets another span: the first one stays."""

import datetime
from typing import Any

from models import Course, Enrollment, EnrollmentStatus
from resolvers.academics.enrollment_spans import (
    ENDS_TOO_EARLY,
    OVERLAPS,
    check_span,
    marked_days,
    semester_on,
    year_of,
)
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.lock_order import hold_course_of
from resolvers.writing.records import Records

RUNNING = frozenset({EnrollmentStatus.PENDING, EnrollmentStatus.ACTIVE})
ENDED_BY = {EnrollmentStatus.DROPPED: "dropEnrollment", EnrollmentStatus.COMPLETED: "completeEnrollment"}
ENDS_WITH_DROP = Rule(
    Invalid, "endDate", "is not the day of the drop: drop the enrolment again, or set its status back"
)
DROPPED_LATER = Rule(Invalid, "dropDate", "is in the future: set endDate for a planned end")
COMPLETED_LATER = Rule(Invalid, "endDate", "is in the future: complete the enrolment when it has ended")
NEVER_BEGAN = Rule(Conflict, "id", "is PENDING, so that nobody took part: set its status to ACTIVE, or delete it")
NOT_DROPPED = Rule(Invalid, "status", "goes with no drop")

keep(
    {
        "ck_enrollment_ends_after_begin": ENDS_TOO_EARLY,
        "ck_enrollment_drop_has_date_and_reason": ENDS_WITH_DROP,
        "ck_enrollment_drop_only": NOT_DROPPED,
        "ex_enrollment_span": OVERLAPS,
    }
)


async def _rules(change: Change, row: Enrollment, checks: Checks) -> None:
    if row.status is EnrollmentStatus.DROPPED and row.end_date != row.drop_date:
        checks.errors.append(ENDS_WITH_DROP.error(row.end_date))
        return
    await check_span(change, row, checks)


async def _leaving(change: Change, row: Enrollment, checks: Checks) -> None:
    _, latest = await marked_days(change, row)
    if latest is not None:
        text = f"id: the student was marked in it, last on {latest}: drop or complete the enrolment"
        checks.errors.append(Conflict(text, field="id"))


ENROLLMENTS = Records(Enrollment, rules=_rules, leaving=_leaving)


def check_status(status: EnrollmentStatus | None) -> None:
    """That a status is one that can be set as it is; raises Invalid."""
    if status in ENDED_BY:
        raise Invalid(f"status: {status.value} is set by {ENDED_BY[status]}", field="status")


async def _found(change: Change, key: int, version: int) -> Enrollment:
    """The enrolment, locked after its course, which must be in use."""
    await hold_course_of(change, Enrollment, key)
    row = await ENROLLMENTS.find(change, key, version)
    await change.seen(Course, row.course_id, field="course")
    return row


async def enroll_student(context: Context, *, status: EnrollmentStatus | None = None, **values: Any) -> int:
    """Have a student take part in a course; gives the key."""
    check_status(status)
    async with context.change("student.enroll") as change:
        row = await ENROLLMENTS.add(change, values if status is None else {**values, "status": status})
        change.details["id"] = row.id
    return row.id


def _taken_back(row: Enrollment, values: dict[str, Any]) -> dict[str, Any]:
    """The values that set an enrolment going again, if they do: it has no end then, unless one is given."""
    if values.get("status") not in RUNNING or row.status in RUNNING:
        return values
    return {"end_date": None, "drop_date": None, "drop_reason": None, "drop_semester": None, **values}


async def update_enrollment(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; gives the key."""
    async with context.change("enrollment.update", id=id) as change:
        row = await _found(change, id, version)
        if values.get("status") is not row.status:
            check_status(values.get("status"))
        if not await ENROLLMENTS.alter(change, row, _taken_back(row, values)):
            change.withdraw()
    return id


async def drop_enrollment(
    context: Context, *, id: int, version: int, drop_date: datetime.date, drop_reason: str
) -> int:
    """End an enrolment before its time, or correct when and why that was; gives the key."""
    async with context.change("enrollment.drop", id=id) as change:
        row = await _found(change, id, version)
        if drop_date > change.today:
            raise DROPPED_LATER.error(drop_date)
        values = {"status": EnrollmentStatus.DROPPED, "end_date": drop_date, "drop_date": drop_date}
        semester = await semester_on(change, row.course_id, drop_date)
        values |= {"drop_reason": drop_reason, "drop_semester": semester}
        if not await ENROLLMENTS.alter(change, row, values):
            change.withdraw()
    return id


async def complete_enrollment(context: Context, *, id: int, version: int, end_date: datetime.date | None = None) -> int:
    """End an enrolment because the student took part to the end; gives the key."""
    async with context.change("enrollment.complete", id=id) as change:
        row = await _found(change, id, version)
        if row.status is EnrollmentStatus.DROPPED:
            raise Conflict("id: the enrolment was dropped: set its status back first", field="id")
        if row.status is EnrollmentStatus.PENDING:
            raise NEVER_BEGAN.error()
        year = await year_of(change, row.course_id)
        last = end_date or row.end_date or min(change.today, year.end_date)
        if last > change.today:
            raise COMPLETED_LATER.error(last)
        if not await ENROLLMENTS.alter(change, row, {"status": EnrollmentStatus.COMPLETED, "end_date": last}):
            change.withdraw()
    return id
