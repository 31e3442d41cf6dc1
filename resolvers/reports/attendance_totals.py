"""Attendance of a whole school in sums: what was expected and what was marked, each added up before they meet.

`resolvers.reports.attendance_sessions` has a row for each half day that was expected, which is what an account day by
day needs; a school has millions of them. Sums come to the same with far fewer rows:

    spans     who is in which course from when to when, as far as it counts: a row for each enrolment
    lessons   which courses meet on which days: a row for each course and day, with its halves, and those taken
    expected  most students of a course share a span, so that its lessons are added up once for all of them
    marked    each mark is looked up in its span and in its lesson, and counts the halves that both expect

Marks are what there are millions of. They are joined to what they may or may not find, so that the planner cannot take
them for few, and reads them as they lie, by several processes where there are. Days are those of the parameters `since`
and `through`, both included.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from models import (
    Attendance,
    AttendanceCode,
    AttendanceSession,
    AttendanceStatus,
    AttendanceTaken,
    CalendarDay,
    Course,
    Enrollment,
    EnrollmentStatus,
    MeetingSessions,
    Student,
)
from models.computed import tenant
from resolvers.access import scope
from resolvers.reports.attendance_figures import HALF, exact
from resolvers.reports.attendance_rules import AttendancePolicy
from resolvers.reports.attendance_sessions import Narrow, asked_for, meets, retired, since, through, visible

ZERO: ColumnElement[Any] = literal_column("0::bigint", BigInteger())
# Keeps a subquery's columns from being worked out again for each row that is joined to it. It has to be a constant of
# the very type that OFFSET takes: over anything else PostgreSQL leaves all of the statement to one process.
APART: ColumnElement[Any] = literal_column("bigint '0'", BigInteger())


def spans(narrow: Narrow) -> Select[Any]:
    """A row for each enrolment whose attendance the viewer sees: student, course, `first` and `last` day, which may be
    before it."""
    span = Enrollment
    first = func.greatest(span.begin_date, since())
    # LEAST leaves nulls out: an open end, and whoever has not been retired.
    last = func.least(span.end_date, retired(Student) - 1, through())
    days = cast(first, Date).label("first"), cast(last, Date).label("last")
    columns: list[Any] = [span.student_id, span.course_id, *days]
    rows = select(*columns)
    rows = rows.join(Student, and_(Student.institution_id == tenant(), Student.id == span.student_id))
    rows = rows.where(span.institution_id == tenant(), span.status != EnrollmentStatus.PENDING)
    return rows.where(scope(Attendance, span, narrow.roles), *asked_for(narrow, span))


def _rosters() -> Subquery:
    """The days on which a course's rosters were taken, and which of its halves, as 1 or 0."""
    roster = AttendanceTaken
    am, pm = (
        func.max(case((roster.session != other, 1), else_=0)).label(name)
        for name, other in (("am", AttendanceSession.PM), ("pm", AttendanceSession.AM))
    )
    rows = select(roster.course_id, roster.date, am, pm)
    rows = rows.where(roster.institution_id == tenant(), roster.date.between(since(), through()))
    return rows.group_by(roster.course_id, roster.date).subquery()


def lessons() -> Select[Any]:
    """A row for each course and day on which it meets: `am` and `pm` are 1 where it meets then, `am_taken` and
    `pm_taken` where that roster was taken too, else 0."""
    roster = _rosters()
    am = case((Course.meeting_sessions != MeetingSessions.PM, 1), else_=0)
    pm = case((Course.meeting_sessions != MeetingSessions.AM, 1), else_=0)
    taken = [func.coalesce(am * roster.c.am, 0).label("am_taken"), func.coalesce(pm * roster.c.pm, 0).label("pm_taken")]
    rows = select(Course.id.label("course_id"), CalendarDay.date, am.label("am"), pm.label("pm"), *taken)
    at = and_(roster.c.course_id == Course.id, roster.c.date == CalendarDay.date)
    rows = rows.join(CalendarDay, and_(*meets()))
    return rows.outerjoin(roster, at).where(Course.institution_id == tenant())


def _expected(narrow: Narrow) -> Select[Any]:
    """A row for each span with a lesson: student, course, its halves, and those taken."""
    span, lesson = spans(narrow).cte("span"), lessons().subquery("l")
    same = span.c.course_id, span.c.first, span.c.last
    alike = select(*same).distinct().subquery("alike")
    held = and_(lesson.c.course_id == alike.c.course_id, lesson.c.date.between(alike.c.first, alike.c.last))
    halves = func.sum(lesson.c.am + lesson.c.pm).label("halves")
    taken = func.sum(lesson.c.am_taken + lesson.c.pm_taken).label("taken")
    sums = select(*alike.c, halves, taken).join(lesson, held).group_by(*alike.c).subquery("sums")
    found = and_(*(each == sums.c[each.name] for each in same))
    return select(span.c.student_id, span.c.course_id, sums.c.halves, sums.c.taken).join(sums, found)


def _marked(narrow: Narrow, key: Any) -> Select[Any]:
    """A row for each value of a column of marks and code: how many halves were marked so, and those of them taken."""
    mark, span = Attendance, spans(narrow).offset(APART).subquery("s")
    lesson = lessons().offset(APART).subquery("l")
    enrolled = and_(span.c.student_id == mark.student_id, span.c.course_id == mark.course_id)
    enrolled = and_(enrolled, mark.date.between(span.c.first, span.c.last))
    held = and_(lesson.c.course_id == mark.course_id, lesson.c.date == mark.date)
    halves, taken = (
        func.sum(
            case(
                (mark.session == AttendanceSession.FULL, lesson.c[am] + lesson.c[pm]),
                (mark.session == AttendanceSession.AM, lesson.c[am]),
                else_=lesson.c[pm],
            )
        ).filter(span.c.student_id.is_not(None))
        for am, pm in (("am", "pm"), ("am_taken", "pm_taken"))
    )
    columns: list[Any] = [key, mark.code, halves.label("marked"), taken.label("marked_taken")]
    rows = select(*columns).outerjoin(span, enrolled).outerjoin(lesson, held)
    return visible(rows, narrow).group_by(key, mark.code)


def _added(narrow: Narrow, key: Any) -> Select[Any]:
    """Rows to be added up: `halves` expected and `taken` of a student in a course, and `marked` and `marked_taken`
    halves of a status under a `key`, with its present value. Where a row has none of one it has null or 0."""
    expected, marked = _expected(narrow).subquery("e"), _marked(narrow, key).subquery("m")
    keys = [marked.c[name] if name == key.name else cast(null(), BigInteger) for name in ("student_id", "course_id")]
    no_code = cast(null(), Text)
    parts = union_all(
        select(*expected.c, no_code.label("code"), ZERO.label("marked"), ZERO.label("marked_taken")),
        select(*keys, ZERO, ZERO, marked.c.code, marked.c.marked, marked.c.marked_taken),
    ).subquery("p")
    code = and_(AttendanceCode.institution_id == tenant(), AttendanceCode.code == parts.c.code)
    rows = select(*parts.c, AttendanceCode.status, AttendanceCode.present_value)
    return rows.select_from(parts).outerjoin(AttendanceCode, code)


def of_courses(narrow: Narrow) -> Subquery:
    """Rows to be added up, each of a course, with its grade level and section."""
    parts = _added(narrow, Attendance.course_id).subquery("c")
    course = and_(Course.institution_id == tenant(), Course.id == parts.c.course_id)
    return select(*parts.c, Course.grade_level_id, Course.section).join(Course, course).subquery("t")


def of_students(narrow: Narrow) -> Subquery:
    """Rows to be added up, each of a student; of marks it is not known in which course."""
    return _added(narrow, Attendance.student_id).subquery("t")


def _days(halves: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    total = func.sum(halves)
    return func.coalesce(total.filter(and_(*conditions)) if conditions else total, 0) * HALF


def counted(source: Any, policy: AttendancePolicy) -> ColumnElement[Any]:
    """What the percentage is of, in days."""
    names = {AttendancePolicy.TAKEN: "taken", AttendancePolicy.MARKED: "marked", AttendancePolicy.EXPECTED: "halves"}
    return _days(source.c[names[policy]])


def present_value(source: Any, policy: AttendancePolicy) -> ColumnElement[Any]:
    """The sum of the present values of what counts, in days."""
    values = source.c.marked_taken if policy is AttendancePolicy.TAKEN else source.c.marked
    return _days(values * source.c.present_value)


def figures(source: Any, policy: AttendancePolicy) -> list[ColumnElement[Any]]:
    """The figures of `resolvers.reports.attendance_figures`, of rows that are to be added up."""
    expected, taken = _days(source.c.halves), _days(source.c.taken)
    marked, marked_taken = _days(source.c.marked), _days(source.c.marked_taken)
    total, present = counted(source, policy), present_value(source, policy)
    return [
        exact(expected, "expected"),
        *(exact(_days(source.c.marked, source.c.status == each), each.value.lower()) for each in AttendanceStatus),
        exact(taken - marked_taken, "unmarked"),
        exact(expected - taken - (marked - marked_taken), "not_taken"),
        exact(total, "counted"),
        exact(present, "present_value"),
        exact(func.round(100 * present / func.nullif(total, 0), 2), "percentage"),
    ]
