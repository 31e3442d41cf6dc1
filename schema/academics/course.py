"""A taught class."""

import datetime

import strawberry

import models
import resolvers.academics.course as resolve
from schema import refs
from schema.connection import Connection, searched_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.Course,
    subjects=resolve.subjects,
    teachers=resolve.teachers,
    enrollments=resolve.enrollments,
    assessments=resolve.assessments,
    grades=resolve.grades,
    attendance=resolve.attendance,
    attendance_taken=resolve.attendance_taken,
    external_ids=resolve.course_external_ids,
)
class CourseWhere:
    id: IDFilter | None
    school_year: IDFilter | None
    grade_level: IDFilter | None
    subject: IDFilter | None
    name: StringFilter | None
    section: StringFilter | None
    class_type: EnumFilter[models.ClassType] | None
    updated_at: DateTimeFilter | None


CourseOrder = ordering(models.Course, "school_year_id", "grade_level_id", "section", "name", "updated_at")


@entity(models.Course, prefix="crs")
class Course(Node):
    section: str
    name: str
    class_type: models.ClassType
    meeting_days: list[int] | None
    meeting_sessions: models.MeetingSessions
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    school_year: refs.SchoolYear | None = relation(resolve.school_year, "School year in which it is taught.")
    grade_level: refs.GradeLevel | None = relation(resolve.grade_level, "Grade level of its students.")
    subject: refs.Subject | None = relation(resolve.subject, "Its one subject, where it has only one.")
    grading_scale: refs.GradingScale | None = relation(resolve.grading_scale, "Scale of its marks; null: the school's.")
    lead_teacher: refs.User | None = relation(resolve.lead_teacher, "Its teacher of record, the first by position.")
    subjects: list[refs.CourseSubject] = relation(resolve.subjects, "Subjects it teaches, each with its weight.")
    teachers: list[refs.CourseTeacher] = relation(resolve.teachers, "Its teachers in order, at most three.")
    enrollments: list[refs.Enrollment] = relation(
        resolve.enrollments, "Spans of students in it, dropped ones included."
    )
    assessments: list[refs.Assessment] = relation(resolve.assessments, "Its assessments; the earliest first.")
    grades: list[refs.Grade] = relation(resolve.grades, "Marks in it; the earliest first.")
    attendance: list[refs.Attendance] = relation(resolve.attendance, "Attendance marks in it; the earliest day first.")
    attendance_taken: list[refs.AttendanceTaken] = relation(
        resolve.attendance_taken, "Which rosters were taken; the earliest first."
    )
    external_ids: list[refs.ExternalId] = relation(resolve.course_external_ids, "What other systems call the course.")


@strawberry.type
class CourseQuery:
    course: Course | None = lookup(models.Course, "A course by id; null where there is none that you may see.")
    courses: Connection[Course] = searched_connection(
        models.Course, "Courses that are in use, by name where no order is asked for.", default=("name", "section")
    )
