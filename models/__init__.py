"""The tables. Every model is named here, since Alembic and the catalogue tests see only what is imported."""

from models.academics.assessment import Assessment
from models.academics.assessment_category import AssessmentCategory
from models.academics.attendance import Attendance, AttendanceSession
from models.academics.attendance_code import AttendanceCode, AttendanceStatus
from models.academics.attendance_taken import AttendanceTaken
from models.academics.calendar_day import CalendarDay, CalendarDayKind
from models.academics.course import ClassType, Course, MeetingSessions
from models.academics.course_subject import CourseSubject
from models.academics.course_teacher import CourseTeacher, TeacherRole
from models.academics.enrollment import Enrollment, EnrollmentStatus
from models.academics.grade import Grade, ScoreStatus
from models.academics.grade_entry_reopening import GradeEntryReopening
from models.academics.grade_level import GradeLevel
from models.academics.grading_scale import GradingScale, RoundingMode
from models.academics.grading_scale_band import GradingScaleBand
from models.academics.report_card import ReportCard, ReportCardState
from models.academics.report_card_comment import ReportCardComment, ReportCardCommentKind
from models.academics.rollover_line import RolloverDecision, RolloverLine, RolloverReason
from models.academics.rollover_plan import RolloverPlan, RolloverStatus
from models.academics.school_year import SchoolYear
from models.academics.semester import Semester, SemesterType
from models.academics.subject import Subject
from models.base import Base, Choice, Record, Retirable, Tenant
from models.identity.api_key import ApiKey
from models.identity.reset_token import ResetToken
from models.identity.session import Session
from models.identity.user import User, UserStatus
from models.identity.user_institution import UserInstitution
from models.identity.user_role import Role, UserRole
from models.institution.configuration_setting import ConfigurationSetting, SettingCategory, SettingType
from models.institution.institution import Institution, InstitutionStatus
from models.institution.number_counter import NumberCounter
from models.institution.school_profile import SchoolProfile
from models.institution.stored_file import StoredFile
from models.people.external_id import ExternalId
from models.people.family_info import FamilyInfo
from models.people.guardian import Guardian
from models.people.scholarship import Scholarship, ScholarshipStatus
from models.people.school_enrollment import EntryType, ExitReason, SchoolEnrollment
from models.people.student import Gender, Student, StudentStatus
from models.people.student_guardian import GuardianRelation, StudentGuardian
from models.trail.access_log import AccessEntry
from models.trail.acted import ActorKind
from models.trail.activity_log import ActivityEntry
from models.trail.audit_log import AuditEntry, AuditOperation
from models.trail.idempotency_key import IdempotencyKey
from models.trail.operation import Operation
from models.trail.outbox import Outbox

__all__ = [
    "AccessEntry",
    "ActivityEntry",
    "ActorKind",
    "ApiKey",
    "Assessment",
    "AssessmentCategory",
    "Attendance",
    "AttendanceCode",
    "AttendanceSession",
    "AttendanceStatus",
    "AttendanceTaken",
    "AuditEntry",
    "AuditOperation",
    "Base",
    "CalendarDay",
    "CalendarDayKind",
    "Choice",
    "ClassType",
    "ConfigurationSetting",
    "Course",
    "CourseSubject",
    "CourseTeacher",
    "Enrollment",
    "EnrollmentStatus",
    "EntryType",
    "ExitReason",
    "ExternalId",
    "FamilyInfo",
    "Gender",
    "Grade",
    "GradeEntryReopening",
    "GradeLevel",
    "GradingScale",
    "GradingScaleBand",
    "Guardian",
    "GuardianRelation",
    "IdempotencyKey",
    "Institution",
    "InstitutionStatus",
    "MeetingSessions",
    "NumberCounter",
    "Operation",
    "Outbox",
    "Record",
    "ReportCard",
    "ReportCardComment",
    "ReportCardCommentKind",
    "ReportCardState",
    "ResetToken",
    "Retirable",
    "Role",
    "RolloverDecision",
    "RolloverLine",
    "RolloverPlan",
    "RolloverReason",
    "RolloverStatus",
    "RoundingMode",
    "Scholarship",
    "ScholarshipStatus",
    "SchoolEnrollment",
    "SchoolProfile",
    "SchoolYear",
    "ScoreStatus",
    "Semester",
    "SemesterType",
    "Session",
    "SettingCategory",
    "SettingType",
    "StoredFile",
    "Student",
    "StudentGuardian",
    "StudentStatus",
    "Subject",
    "TeacherRole",
    "Tenant",
    "User",
    "UserInstitution",
    "UserRole",
    "UserStatus",
]
