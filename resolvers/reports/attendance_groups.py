"""Attendance of many: by grade level and section, who misses much, and which rosters nobody took.

Grade levels are joined to the few groups, not to the many sessions that these are made of.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Numeric, Select, Text, and_, bindparam, case, cast, func, select

from models import Attendance, AttendanceTaken, Enrollment, GradeLevel, Student
from models.computed import tenant
from resolvers.access import scope
from resolvers.reports import attendance_totals
from resolvers.reports.attendance_figures import exact
from resolvers.reports.attendance_rules import AttendancePolicy
from resolvers.reports.attendance_sessions import Narrow, expected
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows


def _by_level(groups: Select[Any], *order: str) -> Select[Any]:
    """The groups in the order of their levels, then of the columns named; without a level last."""
    group, level = groups.subquery("g"), GradeLevel
    named = and_(level.institution_id == tenant(), level.id == group.c.grade_level_id)
    rows = select(*group.c).select_from(group).outerjoin(level, named)
    return rows.order_by(level.sequence.nulls_last(), *(group.c[name] for name in order))


@lru_cache(maxsize=64)
def by_section(narrow: Narrow, policy: AttendancePolicy) -> Statement:
    """A row for each grade level and section of which something was expected."""
    source = attendance_totals.of_courses(narrow)
    students = func.count(source.c.student_id.distinct()).label("students")
    group = source.c.grade_level_id, source.c.section
    groups = select(*group, students, *attendance_totals.figures(source, policy)).group_by(*group)
    rows = _by_level(groups.having(func.sum(source.c.halves) > 0), "section")
    return compiled(rows, Attendance, subjects=None, afresh=True)


@lru_cache(maxsize=64)
def chronic(narrow: Narrow, policy: AttendancePolicy) -> Statement:
    """A row for each student who missed `threshold` percent of at least `least` counted days, the most missed first.

    All courses and enrolments of the student count together. `first` rows at most.
    """
    source = attendance_totals.of_students(narrow)
    total = attendance_totals.counted(source, policy)
    missed = total - attendance_totals.present_value(source, policy)
    share = 100 * missed / func.nullif(total, 0)
    columns = exact(missed, "missed"), exact(func.round(share, 2), "missed_percentage")
    found = select(source.c.student_id, *attendance_totals.figures(source, policy), *columns, share.label("share"))
    enough = total >= bindparam("least", type_=Numeric()), total > 0
    found = found.having(*enough, 100 * missed >= bindparam("threshold", type_=Numeric()) * total)
    sums = found.group_by(source.c.student_id).subquery("g")
    who = and_(Student.institution_id == tenant(), Student.id == sums.c.student_id)
    rows = select(*list(sums.c)[:-1]).join(Student, who).limit(bindparam("first", type_=BigInteger()))
    rows = rows.order_by(sums.c.share.desc(), Student.first_name, Student.last_name, sums.c.student_id)
    return compiled(rows, Attendance, subjects=of_rows(rows, "student_id"), afresh=True)


@lru_cache(maxsize=64)
def missing(narrow: Narrow) -> Statement:
    """A row for each roster with somebody on it that was not taken, by level, section and name of the course.

    A whole day is one row where neither half was taken, unless the course marks its halves apart. Those see it who see
    whether rosters are taken.
    """
    source = expected(narrow, scope(AttendanceTaken, Enrollment, narrow.roles))
    apart = case((cast(source.c.meeting_sessions, Text) == "AM_PM", source.c.half), else_="")
    session = case((func.count(source.c.half.distinct()) == 2, "FULL"), else_=func.min(source.c.half)).label("session")
    students = func.count(source.c.student_id.distinct())
    marked = students.filter(source.c.status.is_not(None)).label("marked")
    course = source.c.course_id, source.c.grade_level_id, source.c.section, source.c.name
    groups = select(*course, session, students.label("students"), marked).where(~source.c.taken)
    rows = _by_level(groups.group_by(*course, apart), "section", "name", "course_id", "session")
    return compiled(rows, Attendance, subjects=None, afresh=True)
