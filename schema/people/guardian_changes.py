"""Mutations of guardians."""

from decimal import Decimal

import strawberry

import models
from resolvers.people.guardian_changes import GUARDIANS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.Guardian, "A new guardian: with first and last name, or with a single name.")
class CreateGuardianInput:
    first_name: str | None
    last_name: str | None
    single_name: str | None
    mobile: str | None
    phone: str | None
    email: str | None
    occupation: str | None
    income: Decimal | None
    house_number: str | None
    street: str | None
    village: str | None
    commune: str | None
    district: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    country: str | None
    birth_district: str | None
    church: str | None
    believer: bool | None
    number_of_children: int | None
    user: strawberry.ID | None


@known_record(models.Guardian, "What to change about a guardian: what is left out stays as it is.")
class UpdateGuardianInput:
    first_name: str | None
    last_name: str | None
    single_name: str | None
    mobile: str | None
    phone: str | None
    email: str | None
    occupation: str | None
    income: Decimal | None
    house_number: str | None
    street: str | None
    village: str | None
    commune: str | None
    district: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    country: str | None
    birth_district: str | None
    church: str | None
    believer: bool | None
    number_of_children: int | None
    user: strawberry.ID | None


@known_record(models.Guardian, "Which guardian to retire.")
class RetireGuardianInput:
    pass


@known_record(models.Guardian, "Which guardian to bring back.")
class RestoreGuardianInput:
    pass


@strawberry.type
class GuardianMutation:
    create_guardian = mutation(
        GUARDIANS.create, CreateGuardianInput, models.Guardian, "Add a guardian. For ADMIN and REGISTRAR."
    )
    update_guardian = mutation(
        GUARDIANS.update, UpdateGuardianInput, models.Guardian, "Change a guardian. For ADMIN and REGISTRAR."
    )
    retire_guardian = mutation(
        GUARDIANS.retire,
        RetireGuardianInput,
        models.Guardian,
        "Take a guardian out of use: the links to students stay, and count again once the guardian is brought back."
        " For ADMIN and REGISTRAR.",
    )
    restore_guardian = mutation(
        GUARDIANS.restore,
        RestoreGuardianInput,
        models.Guardian,
        "Bring a retired guardian back. For ADMIN and REGISTRAR.",
    )
