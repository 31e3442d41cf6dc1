"""Mutations of courses."""

import strawberry

import models
from resolvers.academics.course_changes import COURSES
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.Course, "A new course.")
class CreateCourseInput:
    school_year: strawberry.ID
    grade_level: strawberry.ID | None
    section: str | None
    name: str
    class_type: models.ClassType | None
    subject: strawberry.ID | None
    meeting_days: list[int] | None
    meeting_sessions: models.MeetingSessions | None
    grading_scale: strawberry.ID | None


@known_record(models.Course, "What to change about a course: what is left out stays as it is.")
class UpdateCourseInput:
    grade_level: strawberry.ID | None
    section: str
    name: str
    class_type: models.ClassType
    subject: strawberry.ID | None
    meeting_days: list[int] | None
    meeting_sessions: models.MeetingSessions
    grading_scale: strawberry.ID | None


@known_record(models.Course, "Which course to retire.")
class RetireCourseInput:
    pass


@known_record(models.Course, "Which course to bring back.")
class RestoreCourseInput:
    pass


@strawberry.type
class CourseMutation:
    create_course = mutation(
        COURSES.create, CreateCourseInput, models.Course, "Add a course to a school year. For ADMIN and REGISTRAR."
    )
    update_course = mutation(
        COURSES.update,
        UpdateCourseInput,
        models.Course,
        "Change a course; it stays in its school year, and its marks within its scale. For ADMIN and REGISTRAR.",
    )
    retire_course = mutation(
        COURSES.retire,
        RetireCourseInput,
        models.Course,
        "Take a course out of use, once its enrolments have ended; marks and attendance stay. For ADMIN and REGISTRAR.",
    )
    restore_course = mutation(
        COURSES.restore, RestoreCourseInput, models.Course, "Bring a retired course back. For ADMIN and REGISTRAR."
    )
