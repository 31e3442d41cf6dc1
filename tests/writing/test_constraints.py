"""A rule that the database finds broken gives the refusal that the check in Python gives."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Assessment,
    AssessmentCategory,
    Attendance,
    AttendanceCode,
    AttendanceTaken,
    CalendarDay,
    ConfigurationSetting,
    Course,
    CourseSubject,
    CourseTeacher,
    Enrollment,
    ExternalId,
    FamilyInfo,
    Grade,
    GradeEntryReopening,
    GradeLevel,
    GradingScale,
    GradingScaleBand,
    Guardian,
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
    Student,
    StudentGuardian,
    Subject,
    User,
    UserRole,
)
from resolvers.constraints import Rule, keep, kept, stored
from resolvers.context import Context
from resolvers.errors import Conflict, DomainError, NotFound
from resolvers.unit_of_work import UnitOfWork
from resolvers.writing.content import table_of
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, create_school_year, create_user, gid, give_role, teach
from tests.mutating import mutate

# Tables that mutations write, each with the rules that no input can break.
WRITTEN: dict[type[Any], set[str]] = {
    User: {"ck_app_user_failed_logins_positive", "ck_app_user_preferences_size", "ck_app_user_user_status"},
    UserRole: {"ck_user_role_role"},
    Assessment: set(),
    AssessmentCategory: set(),
    Attendance: {"ck_attendance_attendance_session", "ck_attendance_attendance_status"},
    Grade: {"ck_grade_score_status"},
    AttendanceTaken: {"ck_attendance_taken_attendance_session"},
    # Whoever breaks the second breaks the first.
    AttendanceCode: {"ck_attendance_code_attendance_status", "uq_attendance_code_institution_id_code_status"},
    Enrollment: {"ck_enrollment_enrollment_status"},
    # The kind is the server's own word.
    ExternalId: {"ck_external_id_entity_format"},
    FamilyInfo: set(),
    CalendarDay: {"ck_calendar_day_calendar_day_kind"},
    ConfigurationSetting: {
        "ck_configuration_setting_setting_category",
        "ck_configuration_setting_setting_type",
    },
    Course: {"ck_course_class_type", "ck_course_meeting_sessions"},
    CourseSubject: set(),
    CourseTeacher: {"ck_course_teacher_teacher_role"},
    GradeEntryReopening: set(),
    GradeLevel: set(),
    # What a card says, and when, is the server's own; who publishes at the same time waits.
    ReportCard: {
        "ck_report_card_edition_positive",
        "ck_report_card_published_is_frozen",
        "ck_report_card_reopened_has_reason",
        "ck_report_card_report_card_state",
        "ix_report_card_institution_id_student_id_course_id_semester_id",
    },
    ReportCardComment: {"ck_report_card_comment_report_card_comment_kind"},
    RolloverPlan: {"ck_rollover_plan_rollover_status", "ck_rollover_plan_applied_has_instant"},
    RolloverLine: {
        "ck_rollover_line_rollover_decision",
        "ck_rollover_line_rollover_reason",
        "ck_rollover_line_exit_reason",
    },
    GradingScale: {"ck_grading_scale_rounding_mode"},
    GradingScaleBand: set(),
    Guardian: set(),
    Scholarship: {"ck_scholarship_scholarship_status"},
    SchoolEnrollment: {"ck_school_enrollment_entry_type", "ck_school_enrollment_exit_reason"},
    SchoolProfile: {"uq_school_profile_institution_id"},
    SchoolYear: set(),
    Semester: {"ck_semester_semester_type"},
    # The number and what is sealed are the server's own.
    Student: {
        "ck_student_gender",
        "ck_student_student_status",
        "ck_student_national_id_index_length",
        "ck_student_national_id_last4_format",
        "ck_student_national_id_whole",
        "ck_student_sealed_format",
        "uq_student_institution_id_student_number",
    },
    StudentGuardian: {"ck_student_guardian_guardian_relation"},
    Subject: set(),
}


def rules(table: Table) -> set[str]:
    """Names of what the database itself keeps of a table, keys of the rows aside."""
    kinds = (CheckConstraint, UniqueConstraint, ExcludeConstraint)
    found = {stored(str(each.name)) for each in table.constraints if isinstance(each, kinds)}
    return found | {stored(str(each.name)) for each in table.indexes if isinstance(each, Index) and each.unique}


def test_long_names_are_cut_as_the_database_cuts_them() -> None:
    long = "uq_course_institution_id_school_year_id_grade_level_id_section_name_deleted_at"
    assert stored(long) == "uq_course_institution_id_school_year_id_grade_level_id__1c28"
    assert stored("ck_user_role_role") == "ck_user_role_role"


@pytest.mark.parametrize("model", WRITTEN)
def test_every_rule_of_a_written_table_is_known(model: type[Any]) -> None:
    found = rules(table_of(model))
    assert WRITTEN[model] <= found
    assert found - kept() == WRITTEN[model]


Write = Callable[[Context, School, User], Awaitable[None]]


def changed(**values: Any) -> Write:
    async def write(context: Context, _: School, user: User) -> None:
        async with context.change("user.update") as change:
            seen = await change.one(User, user.id)
            for name, value in values.items():
                setattr(seen, name, value)

    return write


def given(**values: Any) -> Write:
    async def write(context: Context, school: School, user: User) -> None:
        async with context.change("role.grant") as change:
            change.session.add(UserRole(institution_id=school.id, user_id=user.id, **values))

    return write


BROKEN: list[tuple[Write, str, dict[str, Any]]] = [
    (changed(username="me era"), "updateUser", {"username": "me era"}),
    (changed(username="TAKEN"), "updateUser", {"username": "TAKEN"}),
    (changed(username=None), "updateUser", {"username": None}),
    (changed(email="nobody"), "updateUser", {"email": "nobody"}),
    (changed(email="Taken@example.org"), "updateUser", {"email": "Taken@example.org"}),
    (changed(first_name="x" * 51), "updateUser", {"firstName": "x" * 51}),
    (given(role=Role.TEACHER), "grantRole", {"role": "TEACHER"}),
]


@pytest.mark.parametrize(("write", "name", "input"), BROKEN)
async def test_both_give_the_same_refusal(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    write: Write,
    name: str,
    input: dict[str, Any],
) -> None:
    await create_user(session, school, username="Taken", email="taken@example.org")
    user = await create_user(session, school)
    await give_role(session, user, Role.TEACHER)
    context = Context(connections, school.admin, now=NOW, timeout=60)
    async with audited(connections, school, nothing=True):
        with pytest.raises(DomainError) as refused:
            await write(context, school, user)
        place = {"user": gid(user)} if name == "grantRole" else {"id": gid(user), "version": 1}
        (error,) = (await mutate(execute, name, "__typename", **place, **input))["errors"]
    found = refused.value
    assert found.field is not None
    assert (found.code, found.field.split("."), found.message) == (error["code"], error["field"], error["message"])


async def test_what_does_not_exist_cannot_be_referred_to(
    connections: OneConnection, session: AsyncSession, school: School
) -> None:
    context = Context(connections, school.admin, now=NOW, timeout=60)
    with pytest.raises(NotFound, match="user: there is none with this id") as refused:
        async with context.change("role.grant") as change:
            await change.insert_rows(UserRole, [{"user_id": 999_999_999, "role": Role.TEACHER}])
    assert refused.value.field == "user"


async def test_what_is_in_use_cannot_be_removed(
    connections: OneConnection, session: AsyncSession, school: School
) -> None:
    user = await create_user(session, school)
    await teach(session, await create_course(session, await create_school_year(session, school)), user)
    context = Context(connections, school.admin, now=NOW, timeout=60)
    with pytest.raises(Conflict, match="still in use"):
        async with context.change("user.remove") as change:
            await change.delete_rows(User, [{"id": user.id}])


async def test_a_rule_that_nobody_named_is_our_fault(
    connections: OneConnection, session: AsyncSession, school: School
) -> None:
    user = await create_user(session, school)
    context = Context(connections, school.admin, now=NOW, timeout=60)
    with pytest.raises(IntegrityError, match="ck_app_user_failed_logins_positive"):
        async with context.change("user.update") as change:
            await change.count(User, user.id, failed_logins=-1)


async def test_what_must_be_given(connections: OneConnection, school: School) -> None:
    context = Context(connections, school.admin, now=NOW, timeout=60)
    with pytest.raises(DomainError, match="studentNumber: must be given"):
        async with context.change("student.create") as change:
            change.session.add(Student(institution_id=school.id))


async def test_an_index_of_a_partition_is_known_by_its_parents_name(
    connections: OneConnection, session: AsyncSession, school: School
) -> None:
    driver = await connections.driver()
    children = await driver.fetch(
        "SELECT c.relname AS child, p.relname AS parent FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
        " JOIN pg_class p ON p.oid = inhparent WHERE c.relkind = 'i'"
    )
    assert children
    unit = UnitOfWork(session, school.id, Context(connections, school.admin, now=NOW).author)
    for child in children:
        assert await unit.parent_index(child["child"]) == child["parent"]
    assert await unit.parent_index("ix_app_user_institution_id_status") is None


def test_a_constraint_has_one_rule() -> None:
    name = "ix_app_user_institution_id_username_folded"
    with pytest.raises(ValueError, match=name):
        keep({name: Rule(Conflict, "username", "is taken")})
