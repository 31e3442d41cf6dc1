"""Mutations of what is known about students' families."""

from decimal import Decimal

import strawberry

import models
from resolvers.people.family_info_changes import FAMILIES
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.FamilyInfo, "Where and how a student's family lives.")
class CreateFamilyInfoInput:
    student: strawberry.ID
    living_with: str | None
    living_condition: str | None
    own_house: bool | None
    religion: str | None
    church: str | None
    duration_in_district: str | None
    can_help_school: bool | None
    help_amount: Decimal | None
    help_frequency: str | None
    know_school_from: str | None
    organisation_help: str | None
    poverty_card: str | None


@known_record(models.FamilyInfo, "What to change about a student's family: what is left out stays as it is.")
class UpdateFamilyInfoInput:
    living_with: str | None
    living_condition: str | None
    own_house: bool | None
    religion: str | None
    church: str | None
    duration_in_district: str | None
    can_help_school: bool | None
    help_amount: Decimal | None
    help_frequency: str | None
    know_school_from: str | None
    organisation_help: str | None
    poverty_card: str | None


@known_record(models.FamilyInfo, "Which family's record to delete.")
class DeleteFamilyInfoInput:
    pass


@strawberry.type
class FamilyInfoMutation:
    create_family_info = mutation(
        FAMILIES.create,
        CreateFamilyInfoInput,
        models.FamilyInfo,
        "Say where and how a student's family lives; a student has one such record. For ADMIN and REGISTRAR.",
    )
    update_family_info = mutation(
        FAMILIES.update,
        UpdateFamilyInfoInput,
        models.FamilyInfo,
        "Change what is known about a student's family. For ADMIN and REGISTRAR.",
    )
    delete_family_info = mutation(
        FAMILIES.delete,
        DeleteFamilyInfoInput,
        models.FamilyInfo,
        "Delete what is known about a student's family. For ADMIN and REGISTRAR.",
    )
