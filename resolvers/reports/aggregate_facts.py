"""What aggregates add up: for each student and part of the year one row of sums, of what the viewer sees.

A part is what is never added up with another one: a subject and semester of marks, a currency of scholarships. Rows
have the keys of the part, `n`, the number of what is counted, and the sums of `MEASURES`.
"""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, func, select, text
from sqlalchemy import column as named

from models import Course, Enrollment, EnrollmentStatus, Grade, Role, Scholarship
from models.computed import tenant
from resolvers.access import scope
from resolvers.reports.aggregate_groups import AggregateOf, awarded, year
from resolvers.reports.arithmetic import quotient
from resolvers.reports.attendance_sessions import Narrow
from resolvers.reports.attendance_totals import of_students
from resolvers.reports.figures import COUNTS, SCALES

PARTS: dict[AggregateOf, tuple[str, ...]] = {
    AggregateOf.GRADES: ("subject_id", "semester_id"),
    AggregateOf.ATTENDANCE: (),
    AggregateOf.ENROLLMENTS: (),
    AggregateOf.SCHOLARSHIPS: ("currency",),
}
MEASURES: dict[AggregateOf, tuple[str, ...]] = {
    AggregateOf.GRADES: ("percent",),
    AggregateOf.ATTENDANCE: ("counted", "present"),
    AggregateOf.ENROLLMENTS: ("dropped",),
    AggregateOf.SCHOLARSHIPS: ("amount",),
}

_LOW, _HIGH = "coalesce(t.min_score, s.min_score)", "coalesce(t.max_score, s.max_score)"
_MARKS = f"""
WITH asked AS (
    SELECT id AS course_id FROM course WHERE institution_id = :tenant AND school_year_id = :year AND deleted_at IS NULL
),{SCALES}
SELECT g.student_id, g.course_id, g.subject_id, coalesce(g.semester_id, t.semester_id) AS semester_id,
    {quotient(f"100 * (g.score - {_LOW})", f"({_HIGH} - {_LOW})")} AS percent
FROM asked JOIN scale s USING (course_id)
JOIN grade g ON g.institution_id = :tenant AND g.course_id = asked.course_id
LEFT JOIN assessment t ON t.institution_id = :tenant AND t.id = g.assessment_id
WHERE {COUNTS} AND {_HIGH} > {_LOW}"""
_COLUMNS = ("student_id", "course_id", *PARTS[AggregateOf.GRADES])


def _grades(roles: frozenset[Role]) -> Select[Any]:
    given = text(_MARKS).bindparams(year(), tenant())
    rows = given.columns(*(named(name, BigInteger()) for name in _COLUMNS), named("percent")).subquery("f")
    source = SimpleNamespace(student_id=rows.c.student_id, course_id=rows.c.course_id)
    keys = (rows.c.student_id, rows.c.subject_id, rows.c.semester_id)
    sums = func.count().label("n"), func.sum(rows.c.percent).label("percent")
    return select(*keys, *sums).where(scope(Grade, source, roles)).group_by(*keys)


def _attendance(roles: frozenset[Role]) -> Select[Any]:
    """In half days."""
    source = of_students(Narrow(roles))
    halves, counted = func.sum(source.c.halves), func.sum(source.c.taken).label("counted")
    present = func.coalesce(func.sum(source.c.marked_taken * source.c.present_value), 0).label("present")
    rows = select(source.c.student_id, halves.label("n"), counted, present)
    return rows.group_by(source.c.student_id).having(halves > 0)


def _enrollments(roles: frozenset[Role]) -> Select[Any]:
    of_course = (Course.institution_id == Enrollment.institution_id) & (Course.id == Enrollment.course_id)
    dropped = func.count().filter(Enrollment.status == EnrollmentStatus.DROPPED).label("dropped")
    columns: list[ColumnElement[Any]] = [func.count().label("n"), dropped]
    rows = select(Enrollment.student_id, *columns).join(Course, of_course)
    rows = rows.where(Enrollment.institution_id == tenant(), Enrollment.status != EnrollmentStatus.PENDING)
    rows = rows.where(Course.school_year_id == year(), Course.deleted_at.is_(None))
    return rows.where(scope(Enrollment, Enrollment, roles)).group_by(Enrollment.student_id)


def _scholarships(roles: frozenset[Role]) -> Select[Any]:
    keys: tuple[Any, ...] = (Scholarship.student_id, Scholarship.currency)
    rows = select(*keys, func.count().label("n"), func.sum(Scholarship.amount).label("amount"))
    return rows.where(*awarded(), scope(Scholarship, Scholarship, roles)).group_by(*keys)


_FACTS = {
    AggregateOf.GRADES: _grades,
    AggregateOf.ATTENDANCE: _attendance,
    AggregateOf.ENROLLMENTS: _enrollments,
    AggregateOf.SCHOLARSHIPS: _scholarships,
}


def facts(of: AggregateOf, roles: frozenset[Role]) -> Subquery:
    """One row for each student and part. Parameters: `year`; of ATTENDANCE `since`, `through` and `zone` too."""
    return _FACTS[of](roles).subquery("x")
