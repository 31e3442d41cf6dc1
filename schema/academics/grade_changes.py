"""Mutations of marks: a whole course for one thing, or one mark."""

import datetime
from decimal import Decimal

import strawberry

import models
from resolvers.academics.grade_changes import delete_grade, update_grade
from resolvers.academics.grade_recording import record_grades
from schema.bulk import VERSION, options, result_of, results
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload
from schema.record_inputs import known_record

GradeResult = result_of(models.Grade, "What became of one mark.")


@strawberry.input(description="What to mark of one student; what is left out stays as it is.")
class GradeMarkInput:
    student: strawberry.ID = key(
        models.Student, "The student, who must be enrolled in the course that day, other than PENDING."
    )
    score: strawberry.Maybe[Decimal | None] = strawberry.field(
        description="The mark, at most 4 decimals, within the bounds of the assessment, else of the course's scale,"
        " else of the school's, else of the settings GRADE_SCALE_MIN and GRADE_SCALE_MAX; null: none."
    )
    score_status: models.ScoreStatus | None = optional(
        "How far the marking is. Left out: FULLY_GRADED where the score is new, else as it is."
    )
    comment: strawberry.Maybe[str | None] = strawberry.field(
        description="Comment of the teacher, at most 2000 characters; null: none."
    )
    version: int | None = optional(VERSION)


@strawberry.input(description="Marks of a course for one thing: at most 1000, each student once.")
@options
class RecordGradesInput:
    course: strawberry.ID = key(models.Course, "The course.")
    subject: strawberry.ID | None = key(
        models.Subject,
        "The subject, taught in the course. Left out: the assessment's, else the course's.",
        default=None,
    )
    semester: strawberry.ID | None = key(
        models.Semester,
        "The semester that the marks count for, of the course's school year, whose marks can be entered now. Left out:"
        " the assessment's, else that of the date; of overlapping ones the shortest.",
        default=None,
    )
    assessment: strawberry.ID | None = key(models.Assessment, "What the marks are for, of the course.", default=None)
    date: datetime.date | None = optional(
        "Day of the marks, not in the future, in the school's time zone. Left out: the assessment's, else today; a mark"
        " that stands for the assessment keeps its own day, and is a CONFLICT with another one given here."
    )
    marks: list[GradeMarkInput] = strawberry.field(description="The marks; students left out are not marked.")


@payload("What became of each mark, or why nothing was marked.")
@results(GradeResult)
class RecordGradesPayload:
    pass


@known_record(models.Grade, "What to change about a mark: what is left out stays as it is.")
class UpdateGradeInput:
    score: Decimal | None
    score_status: models.ScoreStatus
    comment: str | None


@known_record(models.Grade, "Which mark to delete.")
class DeleteGradeInput:
    pass


@strawberry.type
class GradeMutation:
    record_grades = mutation(
        record_grades,
        RecordGradesInput,
        RecordGradesPayload,
        "Mark the students of a course for one assessment, or in a subject on a day. A second mark of a student for the"
        " same replaces the first: for an assessment in the same subject, on whatever day. For ADMIN,"
        " REGISTRAR, and TEACHER in courses taught.",
    )
    update_grade = mutation(
        update_grade,
        UpdateGradeInput,
        models.Grade,
        "Change a mark, while marks of its semester can be entered. For ADMIN, REGISTRAR, and TEACHER in courses"
        " taught.",
    )
    delete_grade = mutation(
        delete_grade,
        DeleteGradeInput,
        models.Grade,
        "Delete a mark, while marks of its semester can be entered. For ADMIN, REGISTRAR, and TEACHER in courses"
        " taught.",
    )
