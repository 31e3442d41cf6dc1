"""Erasing a person."""

import strawberry

import models
from resolvers.privacy.erasure import erase_subject
from schema import refs
from schema.inputs import key
from schema.mutation import mutation
from schema.payload import payload, record


@strawberry.input(description="Whom to erase.")
class EraseSubjectInput:
    student: strawberry.ID = key(models.Student, "The student, who may have been removed by `undo`.")
    dry_run: bool = strawberry.field(description="Whether to count only, and change nothing.")


@strawberry.type(description="What erasing a person does to a table.")
class ErasedTable:
    table: str = strawberry.field(description="Name of the table.")
    changed: int = strawberry.field(description="Number of rows that stay without the person.")
    removed: int = strawberry.field(description="Number of rows that are removed.")


@payload("What erasing a person did, or would do.")
class EraseSubjectPayload:
    student: refs.Student | None = record(
        models.Student,
        "The student's record as it stands afterwards, also where the run was dry; null of one who had been removed.",
    )
    tables: list[ErasedTable] | None = strawberry.field(
        description="The tables with rows of the person; null where nothing was done."
    )
    dry_run: bool | None = strawberry.field(
        description="Whether all of it was rolled back; null where nothing was done."
    )


@strawberry.type
class ErasureMutation:
    erase_subject = mutation(
        erase_subject,
        EraseSubjectInput,
        EraseSubjectPayload,
        "Erase a student: names, contacts, address, sealed texts, photo, comments and reasons, family, guardians who"
        " belong to no other child, the accounts of both, and what the trail told of them. Marks, attendance and"
        " enrolments stay, of a student without a name. It cannot be undone. For ADMIN.",
    )
