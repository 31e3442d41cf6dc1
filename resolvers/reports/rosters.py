"""Who was in which course on a day.

day         one of the course's school year; a course that had been retired by then has no roster
students    those enrolled in it that day, first and last day of a span included, whatever the enrolment's status is
            by now, since a drop ends the span that day; but not PENDING ones, nor who had been retired by then
seen        the courses that the viewer sees, and of each the enrolments that the viewer sees
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from sqlalchemy import BigInteger, Date, Subquery, and_, bindparam, select

from models import Course, Enrollment, GradeLevel, Role, SchoolYear, Student
from models.computed import tenant
from resolvers.access import scope
from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.reports.attendance_sessions import enrolled, in_use, of_student
from resolvers.reports.courses import having
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows

MOST_ROWS = 10_000
DAY = bindparam("day", type_=Date())


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A student on a roster, by the enrolment that they are on it by."""

    student_id: int
    enrollment_id: int
    begin_date: datetime.date
    end_date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """A course on a day, with whom the viewer sees of its students."""

    course_id: int
    as_of: datetime.date
    students: Sequence[RosterEntry]


_ENTRY = tuple(each.name for each in fields(RosterEntry))


def _entries(roles: frozenset[Role]) -> Subquery:
    span = Enrollment
    columns = span.student_id, span.id.label("enrollment_id"), span.begin_date, span.end_date
    rows = select(span.course_id, *columns, Student.first_name, Student.last_name).join(Student, of_student())
    return rows.where(enrolled(DAY), scope(Enrollment, Enrollment, roles)).subquery("e")


@lru_cache(maxsize=128)
def _statement(roles: frozenset[Role], names: tuple[str, ...]) -> Statement:
    """A row for each student of a course, and one for a course without students."""
    entry, level = _entries(roles), GradeLevel
    year = and_(SchoolYear.institution_id == tenant(), SchoolYear.id == Course.school_year_id)
    of_course = and_(level.institution_id == tenant(), level.id == Course.grade_level_id)
    rows = select(Course.id.label("course_id"), *(entry.c[name] for name in _ENTRY)).join(SchoolYear, year)
    rows = rows.outerjoin(level, of_course).outerjoin(entry, entry.c.course_id == Course.id)
    rows = rows.where(Course.institution_id == tenant(), DAY.between(SchoolYear.start_date, SchoolYear.end_date))
    rows = rows.where(in_use(Course, DAY), scope(Course, Course, roles))
    rows = rows.where(*having(names))
    course = level.sequence.nulls_last(), Course.section, Course.name, Course.id
    rows = rows.order_by(*course, entry.c.first_name, entry.c.last_name, entry.c.student_id)
    rows = rows.limit(bindparam("first", type_=BigInteger()))
    return compiled(rows, Enrollment, subjects=of_rows(rows, "student_id"))


async def rosters(context: Context, day: datetime.date, given: Mapping[str, int | str]) -> list[Roster]:
    """The rosters of a day, of the courses that have what is `given` by column; one statement.

    By grade level, section and name, and on each by first and last name. Raises Invalid where they are too long.
    """
    zone = context.viewer.time_zone.key
    statement = _statement(context.viewer.roles, tuple(given))
    rows = await context.fetch(statement, day=day, zone=zone, first=MOST_ROWS + 1, **given)
    if len(rows) > MOST_ROWS:
        message = f"gradeLevel: name one, a section or a course; {day} has more than {MOST_ROWS} students and courses"
        raise Invalid(message, field="gradeLevel")
    found = []
    for course, group in groupby(rows, attrgetter("course_id")):
        entries = [RosterEntry(*row[1:]) for row in group if row["student_id"] is not None]
        found.append(Roster(course, day, entries))
    return found
