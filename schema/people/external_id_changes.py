"""Mutations of what other systems call records."""

import strawberry

import models
from models import Base
from resolvers.people.external_id_changes import EXTERNAL_IDS, set_external_id
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.ExternalId, "What another system calls a record.")
class SetExternalIdInput:
    record: strawberry.ID = key(
        Base, "The record: of any type but attendance, the trail and accounts' keys and sessions."
    )
    system: str
    value: str
    version: int | None = optional(
        "The version that was read; another one now is a CONFLICT. Left out: the system calls the record nothing yet."
    )


@known_record(models.ExternalId, "Which name in another system to remove.")
class RemoveExternalIdInput:
    pass


@strawberry.type
class ExternalIdMutation:
    set_external_id = mutation(
        set_external_id,
        SetExternalIdInput,
        models.ExternalId,
        "Say what another system calls a record, or what it calls it now. A system has one name for a record, and each"
        " name for one record of a type. For ADMIN and REGISTRAR.",
    )
    remove_external_id = mutation(
        EXTERNAL_IDS.delete,
        RemoveExternalIdInput,
        models.ExternalId,
        "Remove what another system calls a record; the record stays. For ADMIN and REGISTRAR.",
    )
