"""Mutations of scholarships."""

import datetime
from decimal import Decimal

import strawberry

import models
from resolvers.people.scholarship_changes import SCHOLARSHIPS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(
    models.Scholarship, "Aid that a student is to receive; an amount without a currency is in the school's own."
)
class AwardScholarshipInput:
    student: strawberry.ID
    name: str
    provider: str | None
    basis: str | None
    amount: Decimal | None
    currency: str | None
    status: models.ScholarshipStatus | None
    start_date: datetime.date
    end_date: datetime.date | None


@known_record(models.Scholarship, "What to change about a scholarship: what is left out stays as it is.")
class UpdateScholarshipInput:
    name: str
    provider: str | None
    basis: str | None
    amount: Decimal | None
    currency: str | None
    status: models.ScholarshipStatus
    start_date: datetime.date
    end_date: datetime.date | None


@known_record(models.Scholarship, "Which scholarship to delete.")
class DeleteScholarshipInput:
    pass


@strawberry.type
class ScholarshipMutation:
    award_scholarship = mutation(
        SCHOLARSHIPS.create,
        AwardScholarshipInput,
        models.Scholarship,
        "Give a student a scholarship. For ADMIN and REGISTRAR.",
    )
    update_scholarship = mutation(
        SCHOLARSHIPS.update,
        UpdateScholarshipInput,
        models.Scholarship,
        "Change a scholarship, for example its status where it has ended or is taken back. For ADMIN and REGISTRAR.",
    )
    delete_scholarship = mutation(
        SCHOLARSHIPS.delete,
        DeleteScholarshipInput,
        models.Scholarship,
        "Delete a scholarship that was entered by mistake. For ADMIN and REGISTRAR.",
    )
