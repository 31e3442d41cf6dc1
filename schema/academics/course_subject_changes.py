"""Mutations of the subjects that courses teach."""

from decimal import Decimal

import strawberry

import models
from resolvers.academics.course_subject_changes import COURSE_SUBJECTS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.CourseSubject, "One more subject of a course.")
class AddCourseSubjectInput:
    course: strawberry.ID
    subject: strawberry.ID
    coefficient: Decimal | None
    credits: Decimal | None


@known_record(models.CourseSubject, "What to change about a subject of a course: what is left out stays as it is.")
class UpdateCourseSubjectInput:
    coefficient: Decimal
    credits: Decimal | None


@known_record(models.CourseSubject, "Which subject of a course to take from it.")
class RemoveCourseSubjectInput:
    pass


@strawberry.type
class CourseSubjectMutation:
    add_course_subject = mutation(
        COURSE_SUBJECTS.create,
        AddCourseSubjectInput,
        models.CourseSubject,
        "Have a course teach a subject. For ADMIN and REGISTRAR.",
    )
    update_course_subject = mutation(
        COURSE_SUBJECTS.update,
        UpdateCourseSubjectInput,
        models.CourseSubject,
        "Change weight and credits of a subject of a course. For ADMIN and REGISTRAR.",
    )
    remove_course_subject = mutation(
        COURSE_SUBJECTS.delete,
        RemoveCourseSubjectInput,
        models.CourseSubject,
        "Take a subject without marks from a course. For ADMIN and REGISTRAR.",
    )
