"""Mutations of grade levels."""

import strawberry

import models
from resolvers.academics.grade_level_changes import GRADE_LEVELS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.GradeLevel, "A new grade level.")
class CreateGradeLevelInput:
    code: str
    name: str
    sequence: int
    next_level: strawberry.ID | None
    leaves_after: bool | None


@known_record(models.GradeLevel, "What to change about a grade level: what is left out stays as it is.")
class UpdateGradeLevelInput:
    code: str
    name: str
    sequence: int
    next_level: strawberry.ID | None
    leaves_after: bool


@known_record(models.GradeLevel, "Which grade level to delete.")
class DeleteGradeLevelInput:
    pass


@strawberry.type
class GradeLevelMutation:
    create_grade_level = mutation(
        GRADE_LEVELS.create, CreateGradeLevelInput, models.GradeLevel, "Add a grade level. For ADMIN and REGISTRAR."
    )
    update_grade_level = mutation(
        GRADE_LEVELS.update, UpdateGradeLevelInput, models.GradeLevel, "Change a grade level. For ADMIN and REGISTRAR."
    )
    delete_grade_level = mutation(
        GRADE_LEVELS.delete,
        DeleteGradeLevelInput,
        models.GradeLevel,
        "Delete a grade level that nothing belongs to. For ADMIN and REGISTRAR.",
    )
