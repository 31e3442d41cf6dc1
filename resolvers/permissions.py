"""Who may call which mutation: the one table. A mutation without a line fails the suite.

Which rows a caller may change is another question, asked row by row: see `resolvers.access`.
"""

from collections.abc import Mapping
from enum import Enum

from models import Role
from resolvers.errors import Forbidden, Unauthenticated
from resolvers.viewer import Viewer


class Anyone(Enum):
    """Callers who are not told by their roles."""

    PUBLIC = "whoever, signed in or not"
    SELF = "whoever is signed in, about the own account"
    SEEN = "whoever is signed in, about what they see"


Rule = frozenset[Role] | Anyone
ADMINS = frozenset({Role.SUPERADMIN, Role.ADMIN})
OFFICE = ADMINS | {Role.REGISTRAR}
OPERATORS = frozenset({Role.SUPERADMIN})
# Of a course that they do not teach they are told what they are told of one that is not there.
MARKERS = OFFICE | {Role.TEACHER}

MUTATIONS: Mapping[str, Rule] = {
    "login": Anyone.PUBLIC,
    "logout": Anyone.PUBLIC,
    "requestPasswordReset": Anyone.PUBLIC,
    "setPassword": Anyone.PUBLIC,
    "resetPassword": ADMINS,
    "revokeSession": Anyone.SEEN,
    "revokeSessions": Anyone.SELF,
    "actIn": OPERATORS,
    "createApiKey": ADMINS,
    "revokeApiKey": ADMINS,
    "changePassword": Anyone.SELF,
    "createUser": ADMINS,
    "updateUser": ADMINS,
    "unlockUser": ADMINS,
    "retireUser": ADMINS,
    "restoreUser": ADMINS,
    "grantRole": ADMINS,
    "revokeRole": ADMINS,
    "eraseSubject": ADMINS,
    "createAssessmentCategory": ADMINS,
    "updateAssessmentCategory": ADMINS,
    "deleteAssessmentCategory": ADMINS,
    "createAttendanceCode": ADMINS,
    "updateAttendanceCode": ADMINS,
    "deleteAttendanceCode": ADMINS,
    "createGradeLevel": OFFICE,
    "updateGradeLevel": OFFICE,
    "deleteGradeLevel": OFFICE,
    "createSchoolYear": OFFICE,
    "updateSchoolYear": OFFICE,
    "deleteSchoolYear": OFFICE,
    "setCurrentSchoolYear": ADMINS,
    "planRollover": OFFICE,
    "updateRolloverLine": OFFICE,
    "deleteRolloverPlan": OFFICE,
    "applyRollover": ADMINS,
    "createSemester": OFFICE,
    "updateSemester": OFFICE,
    "deleteSemester": OFFICE,
    "createStudent": OFFICE,
    "importStudents": OFFICE,
    "updateStudent": OFFICE,
    "retireStudent": OFFICE,
    "restoreStudent": OFFICE,
    "setStudentPhoto": OFFICE,
    "clearStudentPhoto": OFFICE,
    "setUserPhoto": ADMINS,
    "clearUserPhoto": ADMINS,
    "setSchoolLogo": ADMINS,
    "clearSchoolLogo": ADMINS,
    "enrollInSchool": OFFICE,
    "leaveSchool": OFFICE,
    "returnToSchool": OFFICE,
    "updateSchoolEnrollment": OFFICE,
    "deleteSchoolEnrollment": OFFICE,
    "setExternalId": OFFICE,
    "removeExternalId": OFFICE,
    "createGuardian": OFFICE,
    "updateGuardian": OFFICE,
    "retireGuardian": OFFICE,
    "restoreGuardian": OFFICE,
    "linkGuardian": OFFICE,
    "updateGuardianLink": OFFICE,
    "unlinkGuardian": OFFICE,
    "createFamilyInfo": OFFICE,
    "updateFamilyInfo": OFFICE,
    "deleteFamilyInfo": OFFICE,
    "awardScholarship": OFFICE,
    "updateScholarship": OFFICE,
    "deleteScholarship": OFFICE,
    "createSubject": OFFICE,
    "updateSubject": OFFICE,
    "deleteSubject": OFFICE,
    "createCourse": OFFICE,
    "updateCourse": OFFICE,
    "retireCourse": OFFICE,
    "restoreCourse": OFFICE,
    "addCourseSubject": OFFICE,
    "updateCourseSubject": OFFICE,
    "removeCourseSubject": OFFICE,
    "assignTeacher": OFFICE,
    "updateCourseTeacher": OFFICE,
    "unassignTeacher": OFFICE,
    "enrollStudent": OFFICE,
    "enrollStudents": OFFICE,
    "updateEnrollment": OFFICE,
    "dropEnrollment": OFFICE,
    "completeEnrollment": OFFICE,
    "deleteEnrollment": OFFICE,
    "recordAttendance": MARKERS,
    "updateAttendance": MARKERS,
    "deleteAttendance": MARKERS,
    "deleteAttendanceTaken": MARKERS,
    "openGradeEntry": OFFICE,
    "closeGradeEntry": OFFICE,
    "reopenGradeEntry": ADMINS,
    "setSetting": ADMINS,
    "removeSetting": ADMINS,
    "updateSchoolProfile": ADMINS,
    "recordGrades": MARKERS,
    "updateGrade": MARKERS,
    "deleteGrade": MARKERS,
    "undo": MARKERS,
    "prepareReportCards": MARKERS,
    "publishReportCards": OFFICE,
    "reopenReportCards": ADMINS,
    "reopenReportCard": ADMINS,
    "deleteReportCard": OFFICE,
    "createTeacherComment": MARKERS,
    "updateTeacherComment": MARKERS,
    "deleteTeacherComment": MARKERS,
    "setTeacherComments": MARKERS,
    "createHeadComment": ADMINS,
    "setHeadComments": ADMINS,
    "updateHeadComment": ADMINS,
    "deleteHeadComment": ADMINS,
    "createGradingScale": ADMINS,
    "updateGradingScale": ADMINS,
    "deleteGradingScale": ADMINS,
    "createAssessment": MARKERS,
    "updateAssessment": MARKERS,
    "deleteAssessment": MARKERS,
    "generateCalendar": OFFICE,
    "setCalendarDays": OFFICE,
    "updateCalendarDay": OFFICE,
    "deleteCalendarDay": OFFICE,
    "createInstitution": OPERATORS,
    "suspendInstitution": OPERATORS,
    "resumeInstitution": OPERATORS,
}

# All that somebody may do who must choose a new password first.
BEFORE_PASSWORD = frozenset({"changePassword", "logout", "me", "viewer"})


def refused_root(viewer: Viewer | None, name: str) -> Forbidden | None:
    """Why a viewer may not use a root field before choosing a new password; None where they may."""
    if viewer is None or not viewer.must_change_password or name in BEFORE_PASSWORD:
        return None
    return Forbidden("Choose a new password first: call `changePassword`")


def permit(name: str, viewer: Viewer | None) -> None:
    """Raise Unauthenticated or Forbidden unless the viewer may call the mutation."""
    rule = MUTATIONS[name]
    if rule is Anyone.PUBLIC:
        return
    if viewer is None:
        raise Unauthenticated("Sign in first: send `Authorization: Bearer` with the token that `login` gives")
    if refusal := refused_root(viewer, name):
        raise refusal
    if isinstance(rule, frozenset) and not rule & viewer.roles:
        raise Forbidden(f"{name} is for {' and '.join(sorted(rule))}")


def acting(name: str, viewer: Viewer) -> frozenset[Role]:
    """The roles by which a viewer may call the mutation: the rows that it changes are those seen as such.

    A guardian who teaches elsewhere does not mark the own child.
    """
    rule = MUTATIONS[name]
    return rule & viewer.roles if isinstance(rule, frozenset) else viewer.roles
