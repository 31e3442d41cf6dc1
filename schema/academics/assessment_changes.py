"""Mutations of assessments."""

import datetime
from decimal import Decimal

import strawberry

import models
from resolvers.academics.assessment_changes import ASSESSMENTS, update_assessment
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.Assessment, "A new task or exam that marks are given for.")
class CreateAssessmentInput:
    course: strawberry.ID
    subject: strawberry.ID | None
    semester: strawberry.ID | None
    category: strawberry.ID | None
    title: str
    description: str | None
    date: datetime.date | None
    min_score: Decimal | None
    max_score: Decimal | None


@known_record(models.Assessment, "What to change about an assessment: what is left out stays as it is.")
class UpdateAssessmentInput:
    subject: strawberry.ID | None
    semester: strawberry.ID | None
    category: strawberry.ID | None
    title: str
    description: str | None
    date: datetime.date | None
    min_score: Decimal | None
    max_score: Decimal | None


@known_record(models.Assessment, "Which assessment to delete.")
class DeleteAssessmentInput:
    pass


@strawberry.type
class AssessmentMutation:
    create_assessment = mutation(
        ASSESSMENTS.create,
        CreateAssessmentInput,
        models.Assessment,
        "Add an assessment of a subject that the course teaches, in its school year. For ADMIN, REGISTRAR, and TEACHER"
        " in courses taught.",
    )
    update_assessment = mutation(
        update_assessment,
        UpdateAssessmentInput,
        models.Assessment,
        "Change an assessment; once marks have been given for it, its subject and semester stay, and its bounds go"
        " around them. For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    delete_assessment = mutation(
        ASSESSMENTS.delete,
        DeleteAssessmentInput,
        models.Assessment,
        "Delete an assessment that no marks have been given for. For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
