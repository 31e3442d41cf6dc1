"""Mutations of assessment categories."""

from decimal import Decimal

import strawberry

import models
from resolvers.academics.assessment_category_changes import ASSESSMENT_CATEGORIES
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.AssessmentCategory, "A new assessment category.")
class CreateAssessmentCategoryInput:
    name: str
    weight: Decimal | None


@known_record(
    models.AssessmentCategory, "What to change about an assessment category: what is left out stays as it is."
)
class UpdateAssessmentCategoryInput:
    name: str
    weight: Decimal | None


@known_record(models.AssessmentCategory, "Which assessment category to delete.")
class DeleteAssessmentCategoryInput:
    pass


@strawberry.type
class AssessmentCategoryMutation:
    create_assessment_category = mutation(
        ASSESSMENT_CATEGORIES.create,
        CreateAssessmentCategoryInput,
        models.AssessmentCategory,
        "Add an assessment category. For ADMIN.",
    )
    update_assessment_category = mutation(
        ASSESSMENT_CATEGORIES.update,
        UpdateAssessmentCategoryInput,
        models.AssessmentCategory,
        "Change an assessment category. For ADMIN.",
    )
    delete_assessment_category = mutation(
        ASSESSMENT_CATEGORIES.delete,
        DeleteAssessmentCategoryInput,
        models.AssessmentCategory,
        "Delete an assessment category of which there is no assessment. For ADMIN.",
    )
