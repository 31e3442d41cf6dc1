"""Mutations of plans for the next school year: made, decided about student by student, applied."""

from typing import Any

import strawberry

import models
from resolvers.academics.rollover_applying import apply_rollover
from resolvers.academics.rollover_deciding import update_rollover_line
from resolvers.academics.rollover_planning import delete_rollover_plan, plan_rollover
from resolvers.undoing import operation_id
from schema import refs
from schema.inputs import IDEMPOTENCY_KEY, key, optional
from schema.mutation import mutation
from schema.payload import payload, record
from schema.record_inputs import known_record


def _operation(root: Any) -> strawberry.ID | None:
    found = operation_id(root.operation)
    return None if found is None else strawberry.ID(found)


@strawberry.input(description="From which school year to which.")
class PlanRolloverInput:
    from_school_year: strawberry.ID = key(models.SchoolYear, "The school year that ends.")
    to_school_year: strawberry.ID | None = key(
        models.SchoolYear, "The school year that begins. Left out: the next one.", default=None
    )
    by_marks: bool | None = optional(
        "Whether students whose average of the year is below the pass mark are to repeat the grade level. Left out:"
        " yes, or as the plan that there is has it."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@known_record(models.RolloverLine, "What to decide about a student: what is left out stays or follows.")
class UpdateRolloverLineInput:
    decision: models.RolloverDecision
    to_grade_level: strawberry.ID | None
    to_course: strawberry.ID | None
    exit_reason: models.ExitReason
    note: str | None


@known_record(models.RolloverPlan, "Which plan to apply.")
class ApplyRolloverInput:
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@known_record(models.RolloverPlan, "Which plan to throw away.")
class DeleteRolloverPlanInput:
    pass


@payload("What applying a plan did, or why it did nothing.")
class ApplyRolloverPayload:
    rollover_plan: refs.RolloverPlan | None = record(models.RolloverPlan, "The plan as it is now.")
    operation: strawberry.ID | None = strawberry.field(
        resolver=_operation, description="What to give `undo`; null where nothing was done."
    )
    school_enrollments_ended: int | None = strawberry.field(description="How many school enrolments were ended.")
    school_enrollments_begun: int | None = strawberry.field(description="How many school enrolments were begun.")
    enrollments_ended: int | None = strawberry.field(description="How many enrolments in courses were ended.")
    enrollments_begun: int | None = strawberry.field(description="How many enrolments in courses were begun.")


@strawberry.type
class RolloverMutation:
    plan_rollover = mutation(
        plan_rollover,
        PlanRolloverInput,
        models.RolloverPlan,
        "Plan the next school year: for every student who belongs to the school on the last day of the one that ends,"
        " promotion, repetition or leaving, and why. Where there is such a plan that has not been applied it is brought"
        " up to date; what persons have decided stays. For ADMIN and REGISTRAR.",
    )
    update_rollover_line = mutation(
        update_rollover_line,
        UpdateRolloverLineInput,
        models.RolloverLine,
        "Decide about a student of a plan that has not been applied. With PROMOTE and RETAIN the grade level and the"
        " class follow where they are left out; LEAVE needs a reason. The version of the plan moves too. For ADMIN and"
        " REGISTRAR.",
    )
    apply_rollover = mutation(
        apply_rollover,
        ApplyRolloverInput,
        ApplyRolloverPayload,
        "Do what a plan says, all of it or nothing: school and course enrolments of the old year end on its last day,"
        " those of the new one begin on its first, and who leaves becomes INACTIVE. Refused before that last day, while"
        " something is undecided, and where what the plan went by has changed since. Which school year is the current"
        " one stays. `undo` takes it back while nothing depends on it. For ADMIN.",
    )
    delete_rollover_plan = mutation(
        delete_rollover_plan,
        DeleteRolloverPlanInput,
        models.RolloverPlan,
        "Throw a plan away that has not been applied. For ADMIN and REGISTRAR.",
    )
