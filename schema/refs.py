"""Types by name, so that entity files need not import each other: `refs.Guardian` is found when the schema is built.

The only file that knows about circular types. A new entity is added to the imports below; where it lives follows
from its model: `models/people/guardian.py` is shown by `schema/people/guardian.py`.
"""

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ForwardRef

from strawberry.types.lazy_type import LazyType, StrawberryLazyReference

import models

if TYPE_CHECKING:
    from schema.academics.assessment import Assessment as Assessment
    from schema.academics.assessment_category import AssessmentCategory as AssessmentCategory
    from schema.academics.attendance import Attendance as Attendance
    from schema.academics.attendance_code import AttendanceCode as AttendanceCode
    from schema.academics.attendance_taken import AttendanceTaken as AttendanceTaken
    from schema.academics.calendar_day import CalendarDay as CalendarDay
    from schema.academics.course import Course as Course
    from schema.academics.course_subject import CourseSubject as CourseSubject
    from schema.academics.course_teacher import CourseTeacher as CourseTeacher
    from schema.academics.enrollment import Enrollment as Enrollment
    from schema.academics.grade import Grade as Grade
    from schema.academics.grade_level import GradeLevel as GradeLevel
    from schema.academics.grading_scale import GradingScale as GradingScale
    from schema.academics.grading_scale_band import GradingScaleBand as GradingScaleBand
    from schema.academics.report_card import ReportCard as ReportCard
    from schema.academics.report_card_comment import ReportCardComment as ReportCardComment
    from schema.academics.rollover_line import RolloverLine as RolloverLine
    from schema.academics.rollover_plan import RolloverPlan as RolloverPlan
    from schema.academics.school_year import SchoolYear as SchoolYear
    from schema.academics.semester import Semester as Semester
    from schema.academics.subject import Subject as Subject
    from schema.identity.api_key import ApiKey as ApiKey
    from schema.identity.session import Session as Session
    from schema.identity.user import User as User
    from schema.identity.user_role import UserRole as UserRole
    from schema.institution.stored_file import StoredFile as StoredFile
    from schema.people.external_id import ExternalId as ExternalId
    from schema.people.family_info import FamilyInfo as FamilyInfo
    from schema.people.guardian import Guardian as Guardian
    from schema.people.scholarship import Scholarship as Scholarship
    from schema.people.school_enrollment import SchoolEnrollment as SchoolEnrollment
    from schema.people.student import Student as Student
    from schema.people.student_guardian import StudentGuardian as StudentGuardian
    from schema.trail.access_log import AccessEntry as AccessEntry
    from schema.trail.activity_log import ActivityEntry as ActivityEntry
    from schema.trail.audit_log import AuditEntry as AuditEntry


class _Found(LazyType[Any, Any]):
    """A type by name that is looked up once. Strawberry asks with every argument, and asks the file system too."""

    resolve_type = cache(LazyType.resolve_type)


class _Reference(StrawberryLazyReference):
    def resolve_forward_ref(self, forward_ref: ForwardRef) -> LazyType[Any, Any]:
        return _Found(forward_ref.__forward_arg__, self.module, self.package)


def schema_module(model: type[models.Base]) -> str:
    return model.__module__.replace("models.", "schema.", 1)


def reference(model: type[models.Base], suffix: str = "") -> Any:
    """The type of `model`, or its `Where` or `Order` input, found when the schema is built."""
    return Annotated[ForwardRef(f"{model.__name__}{suffix}"), _Reference(schema_module(model))]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        model = getattr(models, name, None)
        if not (isinstance(model, type) and issubclass(model, models.Base)):
            raise AttributeError(f"no model is called {name}")
        return reference(model)
