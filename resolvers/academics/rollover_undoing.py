"""A plan for the next school year taken back, while nothing depends on what it did.

Refused, with the students whom it is about, where one of its records has been changed since, where something was marked
or named in another system of what it made, and where students have been enrolled in the new year besides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models import (
    Base,
    Enrollment,
    Operation,
    RolloverDecision,
    RolloverPlan,
    RolloverStatus,
    SchoolEnrollment,
    SchoolYear,
    Student,
)
from resolvers.academics.rollover_checks import named
from resolvers.academics.rollover_locks import LOCKED_COURSES, LOCKED_STUDENTS
from resolvers.academics.rollover_planning import lines_of
from resolvers.academics.rollover_sql import rows_of
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.restoring import contents_before
from resolvers.writing.undoing import FIELD, Undone

# What an operation keeps: the records that it made, and those that it changed.
MADE: dict[str, type[Base]] = {"school_enrollments_begun": SchoolEnrollment, "enrollments_begun": Enrollment}
CHANGED: dict[str, type[Base]] = {
    "school_enrollments_ended": SchoolEnrollment,
    "enrollments_ended": Enrollment,
    "students_left": Student,
}
# In this order they are locked: see `resolvers.writing.lock_order`.
IN_ORDER = (
    "students_left",
    "school_enrollments_begun",
    "school_enrollments_ended",
    "enrollments_begun",
    "enrollments_ended",
)
WORDS: Mapping[type[Base], str] = {
    Student: "record",
    Enrollment: "course enrolment",
    SchoolEnrollment: "school enrolment",
}
_WHOSE = """
SELECT DISTINCT p.student_number FROM {table} t
JOIN student p ON p.institution_id = :tenant AND p.id = t.{student}
WHERE t.institution_id = :tenant AND t.id = ANY(:keys) ORDER BY 1"""
# What there would not be without the records that were made.
_DEPENDING = """
WITH made AS (
    SELECT n.id, n.student_id, n.course_id, n.begin_date, c.name
    FROM enrollment n JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id
    WHERE n.institution_id = :tenant AND n.id = ANY(:enrollments)
)
SELECT DISTINCT p.student_number, d.words
FROM (
    SELECT n.student_id, 'has marks in ' || n.name AS words FROM made n
    JOIN grade g ON g.institution_id = :tenant AND g.student_id = n.student_id AND g.course_id = n.course_id
        AND g.date >= n.begin_date
    UNION ALL
    SELECT n.student_id, 'has attendance in ' || n.name FROM made n
    JOIN attendance a ON a.institution_id = :tenant AND a.student_id = n.student_id AND a.course_id = n.course_id
        AND a.date >= n.begin_date
    UNION ALL
    SELECT n.student_id, 'has a report card of ' || n.name FROM made n
    JOIN report_card r ON r.institution_id = :tenant AND r.student_id = n.student_id AND r.course_id = n.course_id
    UNION ALL
    SELECT n.student_id, 'has been enrolled in ' || c.name
    FROM enrollment n JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id AND c.school_year_id = :to
    WHERE n.institution_id = :tenant AND n.student_id = ANY(:students) AND n.id > :last
    UNION ALL
    SELECT e.student_id, 'has come back to the school'
    FROM school_enrollment e JOIN school_year y ON y.institution_id = :tenant AND y.id = :from
    WHERE e.institution_id = :tenant AND e.student_id = ANY(:students) AND e.entry_date > y.end_date
        AND e.id <> ALL(:spans)
    UNION ALL
    SELECT n.student_id, 'has an enrolment that another system has a name for'
    FROM made n
    JOIN external_id x ON x.institution_id = :tenant AND x.entity = 'enrollment' AND x.record_id = n.id
    UNION ALL
    SELECT e.student_id, 'has a school enrolment that another system has a name for'
    FROM external_id x JOIN school_enrollment e ON e.institution_id = :tenant AND e.id = x.record_id
    WHERE x.institution_id = :tenant AND x.entity = 'school_enrollment' AND x.record_id = ANY(:spans)
) d
JOIN student p ON p.institution_id = :tenant AND p.id = d.student_id
ORDER BY p.student_number, d.words"""
Pairs = Sequence[tuple[int, int]]


async def take_rollover_back(change: Change, operation: Operation) -> Undone:
    """Remove what was made, and have what was ended go on."""
    summary = operation.summary
    plan = await change.one(RolloverPlan, summary["plan"], field=FIELD)
    await _check_only(change, plan)
    students = await _hold(change, plan, summary)
    await _check_nothing_depends(change, plan, summary, students)
    removed = restored = 0
    # Spans of a student must not overlap in between.
    for name, model in MADE.items():
        removed += len(await change.delete_rows(model, [{"id": key} for key, _ in summary[name]]))
    for name, model in CHANGED.items():
        before = await contents_before(change, model, [key for key, _ in summary[name]], field=FIELD)
        restored += len(await change.update_rows(model, before, locked=True))
    plan.status, plan.applied_at = RolloverStatus.PLANNED, None
    change.publish("rollover_plan", plan.id, {"action": "undo", "operation": operation.id})
    return Undone(removed, restored)


async def _check_only(change: Change, plan: RolloverPlan) -> None:
    """Two plans for the same years cannot both wait to be applied."""
    years = {"from_school_year_id": plan.from_school_year_id, "to_school_year_id": plan.to_school_year_id}
    others = select(RolloverPlan.id).filter_by(
        institution_id=change.institution_id, status=RolloverStatus.PLANNED, **years
    )
    if await change.session.scalar(others) is not None:
        raise Conflict(f"{FIELD}: there is another plan for the same years: delete it first", field=FIELD)


async def _hold(change: Change, plan: RolloverPlan, summary: Mapping[str, Any]) -> list[int]:
    """Lock all that the plan was about, in the order of whoever applies it; it must be as it was left.

    Gives the students who were moved.
    """
    years = {"from": plan.from_school_year_id, "to": plan.to_school_year_id}
    for year in years.values():
        await change.seen(SchoolYear, year, field=FIELD)
    lines = (await lines_of(change, plan)).values()
    students = [line.student_id for line in lines if line.decision != RolloverDecision.SKIP]
    await rows_of(change, LOCKED_COURSES, **years)
    await rows_of(change, LOCKED_STUDENTS, students=students)
    changed: list[str] = []
    for name in IN_ORDER:
        changed += await _changed(change, (MADE | CHANGED)[name], summary[name])
    if changed:
        raise Conflict(f"{FIELD}: these have been changed since: {named(sorted(set(changed)))}", field=FIELD)
    return students


async def _changed(change: Change, model: type[Base], left: Pairs) -> list[str]:
    """Whose records are not in the version that they were left in."""
    stands = await change.lock_rows(model, [{"id": key} for key, _ in left])
    keys = [key for key, version in left if stands.get(key) != version]
    if not keys:
        return []
    words, student = WORDS[model], "id" if model is Student else "student_id"
    rows = await rows_of(change, _WHOSE.format(table=model.__tablename__, student=student), keys=keys)
    found = [f"the {words} of {row['student_number']}" for row in rows]
    gone = sum(key not in stands for key in keys)
    return found + ([f"a {words} that is not there any more"] if gone else [])


async def _check_nothing_depends(
    change: Change, plan: RolloverPlan, summary: Mapping[str, Any], students: list[int]
) -> None:
    rows = await rows_of(
        change,
        _DEPENDING,
        **{"from": plan.from_school_year_id, "to": plan.to_school_year_id},
        students=students,
        last=summary["last"],
        spans=[key for key, _ in summary["school_enrollments_begun"]],
        enrollments=[key for key, _ in summary["enrollments_begun"]],
    )
    if rows:
        found = named([f"{row['student_number']} {row['words']}" for row in rows])
        raise Conflict(f"{FIELD}: something depends on it: {found}", field=FIELD)
