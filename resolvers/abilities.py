"""What a viewer may do with a record: by `resolvers.permissions`, on the rows that the permitted roles see.

A mutation is about the type that its name ends in: `updateUser` is the ability `update` of a User. Somebody who is a
TEACHER and a GUARDIAN may change what teachers may change, on the rows seen as a teacher, not on those of the children.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, inspect

import models
from models import Base, Role
from resolvers.access import audiences, rows_of
from resolvers.access.rules import ANYONE, RULES
from resolvers.permissions import MUTATIONS, Anyone

# Under these names rows carry whether an ability is there.
PREFIX = "able_"
# Mutations whose names do not say it.
OTHERWISE: Mapping[str, tuple[type[Base], str]] = {
    "addCourseSubject": (models.Course, "add_subject"),
    "applyRollover": (models.RolloverPlan, "apply"),
    "assignTeacher": (models.Course, "assign_teacher"),
    "awardScholarship": (models.Student, "award_scholarship"),
    "changePassword": (models.User, "change_password"),
    "clearSchoolLogo": (models.SchoolProfile, "clear_logo"),
    "clearStudentPhoto": (models.Student, "clear_photo"),
    "clearUserPhoto": (models.User, "clear_photo"),
    "closeGradeEntry": (models.Semester, "close_grade_entry"),
    "enrollStudents": (models.Course, "enroll_students"),
    "enrollInSchool": (models.Student, "enroll_in_school"),
    "createHeadComment": (models.ReportCard, "comment_as_head"),
    "createTeacherComment": (models.ReportCard, "comment_as_teacher"),
    "deleteHeadComment": (models.ReportCardComment, "delete_head_comment"),
    "deleteTeacherComment": (models.ReportCardComment, "delete_teacher_comment"),
    "eraseSubject": (models.Student, "erase"),
    "generateCalendar": (models.SchoolYear, "generate_calendar"),
    "grantRole": (models.User, "grant_role"),
    "leaveSchool": (models.SchoolEnrollment, "leave"),
    "linkGuardian": (models.Student, "link_guardian"),
    "openGradeEntry": (models.Semester, "open_grade_entry"),
    "prepareReportCards": (models.Course, "prepare_report_cards"),
    "publishReportCards": (models.Course, "publish_report_cards"),
    "planRollover": (models.SchoolYear, "plan_rollover"),
    "recordAttendance": (models.Course, "record_attendance"),
    "recordGrades": (models.Course, "record_grades"),
    "removeSetting": (models.ConfigurationSetting, "remove"),
    "reopenReportCards": (models.Course, "reopen_report_cards"),
    "reopenGradeEntry": (models.Semester, "reopen_grade_entry"),
    "resetPassword": (models.User, "reset_password"),
    "returnToSchool": (models.Student, "return_to_school"),
    "revokeRole": (models.UserRole, "revoke"),
    "setCalendarDays": (models.SchoolYear, "set_calendar_days"),
    "setCurrentSchoolYear": (models.SchoolYear, "set_current"),
    "setHeadComments": (models.Course, "comment_on_report_cards_as_head"),
    "setSchoolLogo": (models.SchoolProfile, "set_logo"),
    "setSetting": (models.ConfigurationSetting, "set"),
    "setStudentPhoto": (models.Student, "set_photo"),
    "setTeacherComments": (models.Course, "comment_on_report_cards_as_teacher"),
    "setUserPhoto": (models.User, "set_photo"),
    "unassignTeacher": (models.CourseTeacher, "unassign"),
    "unlinkGuardian": (models.StudentGuardian, "unlink"),
    "updateGuardianLink": (models.StudentGuardian, "update"),
    "updateHeadComment": (models.ReportCardComment, "update_head_comment"),
    "updateTeacherComment": (models.ReportCardComment, "update_teacher_comment"),
}
_NAME = re.compile(r"([a-z]+)([A-Z]\w*)")


def _about(mutation: str) -> tuple[type[Base], str] | None:
    """The model and the ability that a mutation is; None where it is about no record that is there before."""
    if mutation in OTHERWISE:
        return OTHERWISE[mutation]
    match = _NAME.fullmatch(mutation)
    model: type[Base] | None = getattr(models, match[2], None) if match else None
    if match is None or model is None or model not in RULES or match[1] == "create":
        return None
    return model, match[1]


@lru_cache(maxsize=1)
def _by_model() -> Mapping[type[Base], Mapping[str, str]]:
    found: dict[type[Base], dict[str, str]] = {}
    for mutation in MUTATIONS:
        about = _about(mutation)
        if about is not None:
            found.setdefault(about[0], {})[about[1]] = mutation
    return found


def abilities(model: type[Base]) -> Mapping[str, str]:
    """What there is to do with records of a model, each with its mutation."""
    return _by_model().get(model, {})


def able_as(model: type[Base], mutation: str, roles: frozenset[Role]) -> frozenset[str]:
    """As whom somebody with these roles may call a mutation about rows of a model, which are the rows seen as such."""
    rule, seen_as = MUTATIONS[mutation], audiences(model, roles)
    if not isinstance(rule, frozenset):
        return seen_as & {ANYONE} if rule is Anyone.SELF else seen_as
    operating = {Role.ADMIN} if Role.SUPERADMIN in rule & roles else set[Role]()
    return seen_as & {*rule, *operating}


def able(source: Any, name: str, roles: frozenset[Role]) -> ColumnElement[bool]:
    """Whether somebody with these roles has the ability on a row; `name` is the one that rows carry it under."""
    model = inspect(source).mapper.class_
    held = able_as(model, abilities(model)[name.removeprefix(PREFIX)], roles)
    return rows_of(model, source, held) if held else false()
