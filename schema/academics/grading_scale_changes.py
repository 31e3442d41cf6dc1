"""Mutations of grading scales with their letters."""

from decimal import Decimal

import strawberry

import models
from resolvers.academics.grading_scale_changes import SCALES, create_grading_scale, update_grading_scale
from schema.inputs import optional
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record

WHOLE = "the lowest begins at the lowest mark, each ends where the next one begins."


@new_record(models.GradingScaleBand, "A letter of a grading scale.")
class GradingScaleBandInput:
    letter: str
    lower_bound: Decimal
    points: Decimal | None


@new_record(models.GradingScale, "A new grading scale.")
class CreateGradingScaleInput:
    name: str
    min_score: Decimal
    max_score: Decimal
    pass_mark: Decimal
    rounding_mode: models.RoundingMode | None
    decimals: int | None
    school_default: bool | None
    bands: list[GradingScaleBandInput] | None = optional(f"Its letters: {WHOLE} Left out: none.")


@known_record(models.GradingScale, "What to change about a grading scale: what is left out stays as it is.")
class UpdateGradingScaleInput:
    name: str
    min_score: Decimal
    max_score: Decimal
    pass_mark: Decimal
    rounding_mode: models.RoundingMode
    decimals: int
    school_default: bool
    bands: strawberry.Maybe[list[GradingScaleBandInput] | None] = strawberry.field(
        description=f"All its letters instead of those that it has: {WHOLE} Never null."
    )


@known_record(models.GradingScale, "Which grading scale to delete.")
class DeleteGradingScaleInput:
    pass


@strawberry.type
class GradingScaleMutation:
    create_grading_scale = mutation(
        create_grading_scale,
        CreateGradingScaleInput,
        models.GradingScale,
        "Add a grading scale with its letters. One that is the school's takes the place of the last one. For ADMIN.",
    )
    update_grading_scale = mutation(
        update_grading_scale,
        UpdateGradingScaleInput,
        models.GradingScale,
        "Change a grading scale, its letters as a whole; marks that were given by it stay on it. For ADMIN.",
    )
    delete_grading_scale = mutation(
        SCALES.delete,
        DeleteGradingScaleInput,
        models.GradingScale,
        "Delete a grading scale that no course uses, with its letters. For ADMIN.",
    )
