"""Mutations of the links of students and guardians."""

import strawberry

import models
from resolvers.people.guardian_link_changes import GUARDIAN_LINKS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.StudentGuardian, "What a guardian is to a student.")
class LinkGuardianInput:
    student: strawberry.ID
    guardian: strawberry.ID
    relation: models.GuardianRelation
    legal_guardian: bool | None
    lives_with: bool | None
    emergency_contact: bool | None
    contact_priority: int | None
    may_access_records: bool | None
    contact_restriction: str | None
    consents_to_messages: bool | None
    consents_to_photos: bool | None


@known_record(models.StudentGuardian, "What to change between a student and a guardian: what is left out stays.")
class UpdateGuardianLinkInput:
    relation: models.GuardianRelation
    legal_guardian: bool
    lives_with: bool
    emergency_contact: bool
    contact_priority: int
    may_access_records: bool
    contact_restriction: str | None
    consents_to_messages: bool | None
    consents_to_photos: bool | None


@known_record(models.StudentGuardian, "Which link of a student and a guardian to remove.")
class UnlinkGuardianInput:
    pass


@strawberry.type
class GuardianLinkMutation:
    link_guardian = mutation(
        GUARDIAN_LINKS.create,
        LinkGuardianInput,
        models.StudentGuardian,
        "Say what a guardian is to a student; a pair has one link. For ADMIN and REGISTRAR.",
    )
    update_guardian_link = mutation(
        GUARDIAN_LINKS.update,
        UpdateGuardianLinkInput,
        models.StudentGuardian,
        "Change what holds between a student and a guardian. For ADMIN and REGISTRAR.",
    )
    unlink_guardian = mutation(
        GUARDIAN_LINKS.delete,
        UnlinkGuardianInput,
        models.StudentGuardian,
        "Remove the link of a student and a guardian; both stay. For ADMIN and REGISTRAR.",
    )
