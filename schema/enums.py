"""The models' closed sets as GraphQL enums, each value with its description."""

import strawberry

import models
from models import Choice
from resolvers.academics.calendar_generating import DayChange
from resolvers.people.student_duplicates import DuplicateReason
from resolvers.reports.aggregate_groups import AggregateBy, AggregateOf
from resolvers.reports.attendance_rules import AttendanceOutcome, AttendancePolicy
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import Completeness
from resolvers.writing.bulk import BulkMode, RowOutcome

ENUMS: dict[type[Choice], str] = {
    DuplicateReason: "Why a student may be the same as another one.",
    AggregateBy: "What students are grouped by. Each of them is in one group of each of these in a school year.",
    AggregateOf: "What is counted in groups of students.",
    models.ActorKind: "What kind of actor did something.",
    AttendanceOutcome: "What became of a session that was expected of a student.",
    AttendancePolicy: "What a percentage of attendance is of.",
    models.AttendanceSession: "Part of a day that attendance is marked for.",
    models.AttendanceStatus: "What an attendance mark says; a school's own codes each stand for one of these.",
    models.AuditOperation: "What happened to a record.",
    models.CalendarDayKind: "Kind of a day in the school's calendar.",
    models.ClassType: "Kind of a course.",
    DayChange: "What generating a calendar does to a day.",
    Completeness: "How far the marks of a subject are there.",
    models.EnrollmentStatus: "Where an enrolment in a course stands.",
    models.EntryType: "How a student came to the school.",
    models.ExitReason: "Why a student left the school.",
    models.Gender: "Gender as recorded by the school.",
    models.GuardianRelation: "What a guardian is to a student.",
    models.InstitutionStatus: "Whether a school is in use.",
    models.MeetingSessions: "Sessions of a day in which a course meets.",
    RankMethod: "How equal averages are ranked.",
    models.ReportCardCommentKind: "In which capacity a comment on a report card is written.",
    models.ReportCardState: "Where a report card stands.",
    models.Role: "What a user may see and do.",
    models.RolloverDecision: "What becomes of a student in the next school year.",
    models.RolloverReason: "Why a plan decides so about a student.",
    models.RolloverStatus: "Where a plan for the next school year stands.",
    models.RoundingMode: "How averages are rounded.",
    models.ScholarshipStatus: "Where a scholarship stands.",
    models.ScoreStatus: "How far the marking of a piece of work is.",
    models.SemesterType: "Kind of a part of the school year.",
    models.SettingCategory: "Which part of the school a setting configures.",
    models.SettingType: "How a setting's value is to be read.",
    models.StudentStatus: "Whether a student attends at present.",
    models.TeacherRole: "What a teacher does in a course.",
    BulkMode: "What a call of many rows does where some of them are refused.",
    RowOutcome: "What became of one row of a call.",
    models.UserStatus: "Whether a user may sign in.",
}


def _register(kind: type[Choice], description: str) -> None:
    definition = strawberry.enum(kind, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    for value, member in zip(definition.values, kind, strict=True):
        value.description = member.description


for _kind, _description in ENUMS.items():
    _register(_kind, _description)
