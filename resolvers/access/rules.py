"""Which rows of each model each role sees: one line a model and role, and what has no line is hidden.

`ANYONE` is everybody who has signed in, whatever the role; it stands beside the roles that somebody holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, true

from models import (
    AccessEntry,
    ActivityEntry,
    ApiKey,
    Assessment,
    AssessmentCategory,
    Attendance,
    AttendanceCode,
    AttendanceTaken,
    AuditEntry,
    Base,
    CalendarDay,
    ConfigurationSetting,
    Course,
    CourseSubject,
    CourseTeacher,
    Enrollment,
    ExternalId,
    FamilyInfo,
    Grade,
    GradeLevel,
    GradingScale,
    GradingScaleBand,
    Guardian,
    Institution,
    Role,
    Scholarship,
    SchoolEnrollment,
    SchoolProfile,
    SchoolYear,
    Semester,
    Session,
    Student,
    StudentGuardian,
    Subject,
    User,
    UserRole,
)
from models.computed import now
from resolvers.access import sets
from resolvers.access.sets import Keys, among, met, viewer

ANYONE: Final = "ANYONE"


# Keys of which somebody may have so many that it is dear to gather them.
MANY: Final = frozenset({sets.taught_students, sets.taught_guardians})


@dataclass(frozen=True)
class Rule:
    """Rows that somebody sees; `about` says which, as clients read it.

    `condition(source, found)`: whether a row is one, `found` where the rows are found by other keys in any case.
    """

    about: str
    condition: Callable[[Any, bool], ColumnElement[bool]]


def _among(about: str, **columns: Callable[..., Keys]) -> Rule:
    """Rows whose columns are each among their keys."""

    def condition(source: Any, found: bool) -> ColumnElement[bool]:
        return and_(*(_is_one(getattr(source, name), keys, found) for name, keys in columns.items()))

    return Rule(about, condition)


def _is_one(column: Any, keys: Callable[..., Keys], found: bool) -> ColumnElement[bool]:
    return met(column, keys(met)) if found and keys in MANY else among(column, keys())


def _own(about: str, column: str) -> Rule:
    """Rows in which the viewer stands, and which are in use."""

    def condition(source: Any, _: bool) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = getattr(source, column) == viewer()
        return and_(mine, source.deleted_at.is_(None)) if hasattr(source, "deleted_at") else mine

    return Rule(about, condition)


def _open(rule: Rule, about: str) -> Rule:
    """Of the sessions of a rule those that are open: one that nobody has used for too long has ended by itself."""
    return Rule(about, lambda source, found: and_(rule.condition(source, found), source.expires_at > now()))


EVERY_ROW = Rule("all of them", lambda source, found: true())
STAFF: Mapping[str, Rule] = dict.fromkeys((Role.ADMIN, Role.REGISTRAR, Role.REPORTER), EVERY_ROW)
ADMIN_ONLY: Mapping[str, Rule] = {Role.ADMIN: EVERY_ROW}
OPEN: Mapping[str, Rule] = {**STAFF, ANYONE: EVERY_ROW}


def _by_role(
    *, teacher: Rule | None = None, guardian: Rule | None = None, student: Rule | None = None
) -> dict[str, Rule]:
    given = {Role.TEACHER: teacher, Role.GUARDIAN: guardian, Role.STUDENT: student}
    return {**STAFF, **{role: rule for role, rule in given.items() if rule is not None}}


def _of_student(*, teacher: Rule | None) -> dict[str, Rule]:
    """Rows about a student."""
    return _by_role(
        teacher=teacher,
        guardian=_among("those of own children", student_id=sets.children),
        student=_among("the own ones", student_id=sets.oneself),
    )


def _of_course(key: str) -> dict[str, Rule]:
    """Rows about a course, `key` its column."""
    return _by_role(
        teacher=_among("those of courses taught", **{key: sets.taught_courses}),
        guardian=_among("those of courses that own children attend", **{key: sets.courses_of_children}),
        student=_among("those of courses attended", **{key: sets.attended_courses}),
    )


_TAUGHT = _among("those of students taught", student_id=sets.taught_students)
_TAUGHT_THERE = _among("those of courses taught", course_id=sets.taught_courses, student_id=sets.taught_students)

RULES: Mapping[type[Base], Mapping[str, Rule]] = {
    # The school itself, its years, subjects, scales and codes.
    **dict.fromkeys(
        (
            Institution,
            SchoolProfile,
            SchoolYear,
            Semester,
            GradeLevel,
            CalendarDay,
            Subject,
            GradingScale,
            GradingScaleBand,
            AttendanceCode,
            AssessmentCategory,
        ),
        OPEN,
    ),
    ConfigurationSetting: _by_role(teacher=EVERY_ROW),
    # People.
    Student: _by_role(
        teacher=_among("students with an enrolment in a course taught", id=sets.taught_students),
        guardian=_among("own children whose records they may access", id=sets.children),
        student=_own("the own record", "user_id"),
    ),
    Guardian: _by_role(
        teacher=_among("guardians of students taught", id=sets.taught_guardians),
        guardian=_own("the own record", "user_id"),
        student=_among("the own guardians", id=sets.own_guardians),
    ),
    StudentGuardian: _by_role(
        teacher=_TAUGHT,
        guardian=_among("the own links to children whose records they may access", id=sets.links_to_children),
        student=_among("the own links", student_id=sets.oneself),
    ),
    SchoolEnrollment: _of_student(teacher=_TAUGHT),
    Scholarship: _of_student(teacher=None),
    FamilyInfo: _by_role(guardian=_among("those of own children", student_id=sets.children)),
    ExternalId: STAFF,
    # Courses.
    Course: _of_course("id"),
    CourseSubject: _of_course("course_id"),
    CourseTeacher: _of_course("course_id"),
    Assessment: _of_course("course_id"),
    AttendanceTaken: _by_role(teacher=_among("those of courses taught", course_id=sets.taught_courses)),
    Enrollment: _of_student(teacher=_among("those in courses taught", course_id=sets.taught_courses)),
    Grade: _of_student(teacher=_TAUGHT_THERE),
    Attendance: _of_student(teacher=_TAUGHT_THERE),
    # Accounts.
    User: {
        **_by_role(
            teacher=_among("teachers of courses taught", id=sets.fellow_teachers),
            guardian=_among("teachers of own children", id=sets.teachers_of_children),
            student=_among("the own teachers", id=sets.own_teachers),
        ),
        ANYONE: _own("the own account", "id"),
    },
    UserRole: {**STAFF, ANYONE: _own("the own ones", "user_id")},
    Session: {
        Role.ADMIN: _open(EVERY_ROW, "those that are open"),
        ANYONE: _open(_own("the own ones", "user_id"), "the own ones that are open"),
    },
    ApiKey: {Role.ADMIN: EVERY_ROW},
    # The trail. Who looked at a student is not for the student's family: it would tell of the school's own doubts.
    AuditEntry: ADMIN_ONLY,
    ActivityEntry: ADMIN_ONLY,
    AccessEntry: ADMIN_ONLY,
}
