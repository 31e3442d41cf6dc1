"""Which rows of each model each role sees: one line a model and role, and what has no line is hidden.

`ANYONE` is everybody who has signed in, whatever the role; it stands beside the roles that somebody holds.
"""

from collections.abc import Mapping
from typing import Final

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
    ReportCard,
    ReportCardComment,
    Role,
    RolloverLine,
    RolloverPlan,
    Scholarship,
    SchoolEnrollment,
    SchoolProfile,
    SchoolYear,
    Semester,
    Session,
    StoredFile,
    Student,
    StudentGuardian,
    Subject,
    User,
    UserRole,
)
from resolvers.access import sets
from resolvers.access.rule import EVERY_ROW, Rule, among_keys, handed_out, own, still_open

ANYONE: Final = "ANYONE"


STAFF: Mapping[str, Rule] = dict.fromkeys((Role.ADMIN, Role.REGISTRAR, Role.REPORTER), EVERY_ROW)
ADMIN_ONLY: Mapping[str, Rule] = {Role.ADMIN: EVERY_ROW}
OPEN: Mapping[str, Rule] = {**STAFF, ANYONE: EVERY_ROW}


def _by_role(
    *, teacher: Rule | None = None, guardian: Rule | None = None, student: Rule | None = None
) -> dict[str, Rule]:
    given = {Role.TEACHER: teacher, Role.GUARDIAN: guardian, Role.STUDENT: student}
    return {**STAFF, **{role: rule for role, rule in given.items() if rule is not None}}


_OF_CHILDREN = among_keys("those of own children", student_id=sets.children)
_OF_ONESELF = among_keys("the own ones", student_id=sets.oneself)


def _of_student(*, teacher: Rule | None) -> dict[str, Rule]:
    """Rows about a student."""
    return _by_role(teacher=teacher, guardian=_OF_CHILDREN, student=_OF_ONESELF)


def _of_course(key: str) -> dict[str, Rule]:
    """Rows about a course, `key` its column."""
    return _by_role(
        teacher=among_keys("those of courses taught", **{key: sets.taught_courses}),
        guardian=among_keys("those of courses that own children attend", **{key: sets.courses_of_children}),
        student=among_keys("those of courses attended", **{key: sets.attended_courses}),
    )


_TAUGHT = among_keys("those of students taught", student_id=sets.taught_students)
_TAUGHT_THERE = among_keys("those of courses taught", course_id=sets.taught_courses, student_id=sets.taught_students)

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
        teacher=among_keys("students with an enrolment in a course taught", id=sets.taught_students),
        guardian=among_keys("own children whose records they may access", id=sets.children),
        student=own("the own record", "user_id").proving(id=sets.oneself),
    ),
    Guardian: _by_role(
        teacher=among_keys("guardians of students taught", id=sets.taught_guardians),
        guardian=own("the own record", "user_id"),
        student=among_keys("the own guardians", id=sets.own_guardians),
    ),
    StudentGuardian: _by_role(
        teacher=_TAUGHT.proving(guardian_id=sets.taught_guardians),
        guardian=among_keys(
            "the own links to children whose records they may access", id=sets.links_to_children
        ).proving(student_id=sets.children),
        student=among_keys("the own links", student_id=sets.oneself).proving(guardian_id=sets.own_guardians),
    ),
    SchoolEnrollment: _of_student(teacher=_TAUGHT),
    Scholarship: _of_student(teacher=None),
    FamilyInfo: _by_role(guardian=_OF_CHILDREN),
    ExternalId: STAFF,
    # Courses.
    Course: _of_course("id"),
    CourseSubject: _of_course("course_id"),
    CourseTeacher: _of_course("course_id"),
    Assessment: _of_course("course_id"),
    AttendanceTaken: _by_role(teacher=among_keys("those of courses taught", course_id=sets.taught_courses)),
    Enrollment: _by_role(
        teacher=among_keys("those in courses taught", course_id=sets.taught_courses).proving(
            student_id=sets.taught_students
        ),
        guardian=_OF_CHILDREN.proving(course_id=sets.courses_of_children),
        student=_OF_ONESELF.proving(course_id=sets.attended_courses),
    ),
    RolloverPlan: STAFF,
    RolloverLine: STAFF,
    Grade: _of_student(teacher=_TAUGHT_THERE),
    Attendance: _of_student(teacher=_TAUGHT_THERE),
    # Of a card that was taken back or replaced a family must not go on relying on what it says.
    ReportCard: _by_role(
        teacher=_TAUGHT_THERE,
        guardian=handed_out(_OF_CHILDREN, "published ones of own children"),
        student=handed_out(_OF_ONESELF, "the own published ones"),
    ),
    ReportCardComment: _by_role(
        teacher=among_keys("those on cards of courses taught", report_card_id=sets.cards_taught)
    ),
    # Accounts.
    User: {
        **_by_role(
            teacher=among_keys("teachers of courses taught", id=sets.fellow_teachers),
            guardian=among_keys("teachers of own children", id=sets.teachers_of_children),
            student=among_keys("the own teachers", id=sets.own_teachers),
        ),
        ANYONE: own("the own account", "id"),
    },
    UserRole: {**STAFF, ANYONE: own("the own ones", "user_id")},
    Session: {
        Role.ADMIN: still_open(EVERY_ROW, "those that are open"),
        ANYONE: still_open(own("the own ones", "user_id"), "the own ones that are open"),
    },
    ApiKey: {Role.ADMIN: EVERY_ROW},
    # Pictures: those of whoever is seen.
    StoredFile: {
        **_by_role(
            teacher=among_keys("photos of students taught and of their teachers", id=sets.shown_to_teachers),
            guardian=among_keys("photos of own children and of their teachers", id=sets.shown_to_guardians),
            student=among_keys("the own photo and those of the own teachers", id=sets.shown_to_students),
        ),
        ANYONE: among_keys("the school's logo and the photo of the own account", id=sets.shown_to_everybody),
    },
    # The trail. Who looked at a student is not for the student's family: it would tell of the school's own doubts.
    AuditEntry: ADMIN_ONLY,
    ActivityEntry: ADMIN_ONLY,
    AccessEntry: ADMIN_ONLY,
}
