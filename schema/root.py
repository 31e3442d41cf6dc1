"""The schema: the root fields of all entities put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.academics.assessment import AssessmentQuery
from schema.academics.assessment_category import AssessmentCategoryQuery
from schema.academics.assessment_category_changes import AssessmentCategoryMutation
from schema.academics.assessment_changes import AssessmentMutation
from schema.academics.attendance import AttendanceQuery
from schema.academics.attendance_changes import AttendanceMutation
from schema.academics.attendance_code import AttendanceCodeQuery
from schema.academics.attendance_code_changes import AttendanceCodeMutation
from schema.academics.attendance_taken import AttendanceTakenQuery
from schema.academics.calendar_changes import CalendarMutation
from schema.academics.calendar_day import CalendarDayQuery
from schema.academics.course import CourseQuery
from schema.academics.course_changes import CourseMutation
from schema.academics.course_subject import CourseSubjectQuery
from schema.academics.course_subject_changes import CourseSubjectMutation
from schema.academics.course_teacher import CourseTeacherQuery
from schema.academics.course_teacher_changes import CourseTeacherMutation
from schema.academics.enrollment import EnrollmentQuery
from schema.academics.enrollment_changes import EnrollmentMutation
from schema.academics.grade import GradeQuery
from schema.academics.grade_changes import GradeMutation
from schema.academics.grade_entry_changes import GradeEntryMutation
from schema.academics.grade_level import GradeLevelQuery
from schema.academics.grade_level_changes import GradeLevelMutation
from schema.academics.grading_scale import GradingScaleQuery
from schema.academics.grading_scale_band import GradingScaleBandQuery
from schema.academics.grading_scale_changes import GradingScaleMutation
from schema.academics.report_card import ReportCardQuery
from schema.academics.report_card_changes import ReportCardMutation
from schema.academics.report_card_comment import ReportCardCommentQuery
from schema.academics.report_card_comment_changes import ReportCardCommentMutation
from schema.academics.rollover_changes import RolloverMutation
from schema.academics.rollover_line import RolloverLineQuery
from schema.academics.rollover_plan import RolloverPlanQuery
from schema.academics.school_year import SchoolYearQuery
from schema.academics.school_year_changes import SchoolYearMutation
from schema.academics.semester import SemesterQuery
from schema.academics.semester_changes import SemesterMutation
from schema.academics.subject import SubjectQuery
from schema.academics.subject_changes import SubjectMutation
from schema.academics.undoing import UndoMutation
from schema.execution.executor import PlanningExecutor
from schema.identity.api_key import ApiKeyMutation, ApiKeyQuery
from schema.identity.login import LoginMutation
from schema.identity.reset import ResetMutation
from schema.identity.session import SessionMutation, SessionQuery
from schema.identity.user import UserQuery
from schema.identity.user_changes import UserMutation
from schema.identity.user_role import UserRoleQuery
from schema.identity.viewer import ViewerMutation, ViewerQuery
from schema.institution.configuration import ConfigurationQuery
from schema.institution.configuration_setting import ConfigurationSettingQuery
from schema.institution.institution import InstitutionQuery
from schema.institution.operating import OperatingMutation
from schema.institution.picture_changes import PictureMutation
from schema.institution.school_profile import SchoolProfileQuery
from schema.institution.setting_changes import SettingMutation
from schema.institution.stored_file import StoredFileQuery
from schema.people.external_id import ExternalIdQuery
from schema.people.external_id_changes import ExternalIdMutation
from schema.people.family_info import FamilyInfoQuery
from schema.people.family_info_changes import FamilyInfoMutation
from schema.people.guardian import GuardianQuery
from schema.people.guardian_changes import GuardianMutation
from schema.people.guardian_link_changes import GuardianLinkMutation
from schema.people.new_students import NewStudentMutation
from schema.people.scholarship import ScholarshipQuery
from schema.people.scholarship_changes import ScholarshipMutation
from schema.people.school_enrollment import SchoolEnrollmentQuery
from schema.people.school_enrollment_changes import SchoolEnrollmentMutation
from schema.people.student import StudentQuery
from schema.people.student_changes import StudentChangeMutation
from schema.people.student_guardian import StudentGuardianQuery
from schema.people.student_import import StudentImportMutation
from schema.privacy.erasure import ErasureMutation
from schema.privacy.export import ExportQuery
from schema.records import RecordQuery
from schema.reports.aggregate import AggregateQuery
from schema.reports.attendance import AttendanceSummaryQuery
from schema.reports.attendance_lists import AttendanceListsQuery
from schema.reports.attendance_report import AttendanceReportQuery
from schema.reports.marks import MarksQuery
from schema.reports.rosters import RostersQuery
from schema.scalars import SCALARS
from schema.trail.access_log import AccessEntryQuery
from schema.trail.activity_log import ActivityEntryQuery
from schema.trail.audit_log import AuditEntryQuery


@strawberry.type(description="What can be read. Everything is of the school that you are signed in to.")
class Query(
    ConfigurationQuery,
    ConfigurationSettingQuery,
    InstitutionQuery,
    SchoolProfileQuery,
    StoredFileQuery,
    ExternalIdQuery,
    FamilyInfoQuery,
    GuardianQuery,
    ScholarshipQuery,
    SchoolEnrollmentQuery,
    StudentQuery,
    StudentGuardianQuery,
    AssessmentQuery,
    AssessmentCategoryQuery,
    AttendanceQuery,
    AttendanceCodeQuery,
    AttendanceTakenQuery,
    CalendarDayQuery,
    CourseQuery,
    CourseSubjectQuery,
    CourseTeacherQuery,
    EnrollmentQuery,
    GradeQuery,
    GradeLevelQuery,
    GradingScaleQuery,
    GradingScaleBandQuery,
    ReportCardQuery,
    ReportCardCommentQuery,
    RolloverPlanQuery,
    RolloverLineQuery,
    SchoolYearQuery,
    SemesterQuery,
    SubjectQuery,
    UserQuery,
    UserRoleQuery,
    SessionQuery,
    ApiKeyQuery,
    ViewerQuery,
    AccessEntryQuery,
    ActivityEntryQuery,
    AuditEntryQuery,
    AggregateQuery,
    AttendanceSummaryQuery,
    AttendanceReportQuery,
    AttendanceListsQuery,
    ExportQuery,
    MarksQuery,
    RostersQuery,
    RecordQuery,
):
    pass


@strawberry.type(description="What can be changed.")
class Mutation(
    LoginMutation,
    SessionMutation,
    ApiKeyMutation,
    ResetMutation,
    ViewerMutation,
    UserMutation,
    AssessmentCategoryMutation,
    AttendanceCodeMutation,
    CourseMutation,
    CourseSubjectMutation,
    CourseTeacherMutation,
    EnrollmentMutation,
    AttendanceMutation,
    GradeEntryMutation,
    SettingMutation,
    PictureMutation,
    GradeMutation,
    UndoMutation,
    GradingScaleMutation,
    ReportCardMutation,
    ReportCardCommentMutation,
    AssessmentMutation,
    CalendarMutation,
    GradeLevelMutation,
    RolloverMutation,
    SchoolYearMutation,
    SemesterMutation,
    SubjectMutation,
    ExternalIdMutation,
    NewStudentMutation,
    StudentImportMutation,
    StudentChangeMutation,
    SchoolEnrollmentMutation,
    GuardianMutation,
    GuardianLinkMutation,
    FamilyInfoMutation,
    ScholarshipMutation,
    ErasureMutation,
    OperatingMutation,
):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    execution_context_class=PlanningExecutor,
    config=StrawberryConfig(scalar_map=SCALARS),
)
