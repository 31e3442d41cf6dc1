"""The one definition of which sessions are expected of whom, and what was marked of them, as SQL.

A row is half a day of one student in one course: a FULL session is two of them, so that whatever was marked, half days
or whole ones, is counted alike. The rule in words is in `resolvers.reports.attendance_rules`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Select,
    SmallInteger,
    SQLColumnExpression,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    column,
    extract,
    func,
    literal_column,
    or_,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import array

from models import (
    Attendance,
    AttendanceCode,
    AttendanceSession,
    AttendanceTaken,
    CalendarDay,
    CalendarDayKind,
    Course,
    Enrollment,
    EnrollmentStatus,
    MeetingSessions,
    Role,
    Student,
)
from models.computed import tenant
from resolvers.access import scope


@dataclass(frozen=True)
class Narrow:
    """Of whom sessions are asked for: of one student, of one course, of one in the other, or of all whom one sees."""

    roles: frozenset[Role]
    student: bool = False
    course: bool = False


def since() -> BindParameter[Any]:
    return bindparam("since", type_=Date())


def through() -> BindParameter[Any]:
    """The last day that counts: never after today."""
    return bindparam("through", type_=Date())


def asked_for(narrow: Narrow, source: Any) -> list[ColumnElement[bool]]:
    """The student and the course asked for, of a source with their keys."""
    conditions = [source.student_id == bindparam("student")] if narrow.student else []
    return conditions + ([source.course_id == bindparam("course")] if narrow.course else [])


def _halves(name: str) -> Any:
    """The two halves of a day."""
    return values(column("half", String), name=name, literal_binds=True).data([("AM",), ("PM",)])


def retired(source: Any) -> ColumnElement[Any]:
    """The day on which a record was retired, in the school's time zone; null while it is in use."""
    return cast(func.timezone(bindparam("zone", type_=Text()), source.deleted_at), Date)


def in_use(source: Any, day: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """That a record had not been retired by the day."""
    return or_(source.deleted_at.is_(None), day < retired(source))


def meets() -> list[ColumnElement[bool]]:
    """That a course meets on a day of the calendar, whatever part of it."""
    kind = CalendarDay.kind
    weekday = cast(extract("isodow", CalendarDay.date), SmallInteger)
    return [
        CalendarDay.institution_id == tenant(),
        CalendarDay.school_year_id == Course.school_year_id,
        CalendarDay.date.between(since(), through()),
        or_(kind == CalendarDayKind.INSTRUCTIONAL, kind == CalendarDayKind.MAKE_UP),
        or_(Course.meeting_days.is_(None), weekday == func.any(Course.meeting_days)),
        in_use(Course, CalendarDay.date),
    ]


def _in_half(half: Any) -> ColumnElement[bool]:
    """That a course meets in this half of its days."""
    meeting = Course.meeting_sessions
    return or_(meeting == MeetingSessions.FULL, meeting == MeetingSessions.AM_PM, cast(meeting, Text) == half)


def enrolled(day: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """That an enrolment is one on a day, its first and its last day included, of a student who is in use."""
    span = Enrollment
    return and_(
        span.institution_id == tenant(),
        span.status != EnrollmentStatus.PENDING,
        span.begin_date <= day,
        or_(span.end_date.is_(None), span.end_date >= day),
        in_use(Student, day),
    )


def of_student() -> ColumnElement[bool]:
    """That a student is the one of an enrolment."""
    return and_(Student.institution_id == tenant(), Student.id == Enrollment.student_id)


def _taken() -> Subquery:
    """The halves of days whose roster was taken: a FULL one is both."""
    half, roster = _halves("t"), AttendanceTaken
    found = select(roster.course_id, roster.date, half.c.half).distinct()
    found = found.join(half, or_(roster.session == AttendanceSession.FULL, cast(roster.session, Text) == half.c.half))
    return found.where(roster.institution_id == tenant(), roster.date.between(since(), through())).subquery("taken")


def _key(student: Any, course: Any, date: Any, half: Any) -> ColumnElement[Any]:
    """What a mark and an expected half day have in common, as one value.

    By the single columns the planner, which takes courses for independent of students, expects a hundredth of a
    student's marks in a course and goes through all of them for each half day.
    """
    number = date - literal_column("DATE '2000-01-01'", Date())
    return array([student, course, cast(number, BigInteger), cast(func.ascii(half), BigInteger)], type_=BigInteger())


def _marked(narrow: Narrow) -> Subquery:
    """The marks by half day: one at most of each, since FULL goes with neither AM nor PM. Days choose partitions."""
    half, mark = _halves("p"), Attendance
    key = _key(mark.student_id, mark.course_id, mark.date, half.c.half).label("key")
    found = select(mark.id, mark.status, mark.code, mark.reason, mark.minutes_late, key)
    found = found.join(half, or_(mark.session == AttendanceSession.FULL, cast(mark.session, Text) == half.c.half))
    return visible(found, narrow).subquery("mark")


def visible(found: Select[Any], narrow: Narrow) -> Select[Any]:
    """Of a select of marks those of these days and of whom one asks that the viewer sees."""
    found = found.where(Attendance.institution_id == tenant(), Attendance.date.between(since(), through()))
    return found.where(scope(Attendance, Attendance, narrow.roles), *asked_for(narrow, Attendance))


def expected(narrow: Narrow, *more: ColumnElement[bool]) -> Subquery:
    """Each expected half day that the viewer may see figures of, with its mark if there is one, and `taken`.

    Who sees marks sees figures of them: the scope is that of attendance. `more` are conditions on the enrolment.
    Parameters: `since`, `through`, `zone`.
    """
    half, taken, mark = _halves("h"), _taken(), _marked(narrow)
    at = taken.c.course_id == Course.id, taken.c.date == CalendarDay.date, taken.c.half == half.c.half
    marked = mark.c.key == _key(Enrollment.student_id, Enrollment.course_id, CalendarDay.date, half.c.half)
    code = AttendanceCode.institution_id == tenant(), AttendanceCode.code == mark.c.code
    rows = (
        select(*_columns(half, taken, mark))
        .select_from(Course)
        .join(CalendarDay, CalendarDay.institution_id == Course.institution_id)
        .join(half, and_(_in_half(half.c.half), *meets()))
        .join(Enrollment, Enrollment.course_id == Course.id)
        .join(Student, of_student())
        .outerjoin(taken, and_(*at))
        .outerjoin(mark, marked)
        .outerjoin(AttendanceCode, and_(*code))
    )
    rows = rows.where(Course.institution_id == tenant(), enrolled(CalendarDay.date))
    rows = rows.where(scope(Attendance, Enrollment, narrow.roles))
    return rows.where(*asked_for(narrow, Enrollment), *more).subquery("s")


def _columns(half: Any, taken: Subquery, mark: Subquery) -> list[ColumnElement[Any]]:
    named = (mark.c.status, mark.c.code, mark.c.reason, mark.c.minutes_late)
    course = (Course.meeting_sessions, Course.grade_level_id, Course.section, Course.name)
    return [
        Enrollment.student_id,
        Enrollment.course_id,
        CalendarDay.date,
        half.c.half,
        mark.c.id.label("mark_id"),
        *named,
        AttendanceCode.present_value,
        taken.c.half.is_not(None).label("taken"),
        Student.first_name,
        Student.last_name,
        *course,
    ]


def marks(narrow: Narrow) -> Select[Any]:
    """All marks that the viewer sees in these days, expected or not."""
    return visible(select(Attendance), narrow)
