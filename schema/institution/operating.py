"""What an operator does with institutions as a whole."""

import strawberry

import models
from resolvers.institution.operating import create_institution, resume_institution, suspend_institution
from schema.inputs import optional
from schema.mutation import mutation
from schema.payload import payload

CODE = "Code that people sign in with: 2 to 20 capital letters and digits, unique over the deployment."


@strawberry.input(description="A new institution and its first administrator.")
class CreateInstitutionInput:
    code: str = strawberry.field(description=CODE)
    name: str = strawberry.field(description="Name of the school, 1 to 200 characters.")
    admin_username: str = strawberry.field(
        description="Name to sign in with of the first ADMIN: 1 to 50 letters, digits, `.`, `_` and `-`."
    )
    admin_email: str | None = optional("E-mail of the first ADMIN, at most 100 characters; null: none.")


@strawberry.input(description="Which institution to close for now, and why.")
class SuspendInstitutionInput:
    code: str = strawberry.field(description="Code of an institution on your list, not of your own account's.")
    reason: str = strawberry.field(description="Why, 1 to 500 characters, for the institution's activity log.")


@strawberry.input(description="Which institution to open again.")
class ResumeInstitutionInput:
    code: str = strawberry.field(description="Code of an institution on your list.")


@payload("A new institution, or why there is none.")
class CreateInstitutionPayload:
    code: str | None = strawberry.field(description="Code that people sign in with; null where nothing was made.")
    name: str | None = strawberry.field(description="Name of the school; null where nothing was made.")
    admin_username: str | None = strawberry.field(
        description="Name to sign in with of the first ADMIN; null where nothing was made."
    )
    password: str | None = strawberry.field(
        description="Password for the first sign-in of the ADMIN, who has to change it then. It is shown only here."
        " Null where nothing was made."
    )


@payload("An institution that was closed for now, or why it was not.")
class SuspendInstitutionPayload:
    code: str | None = strawberry.field(description="Code of the institution; null where nothing was done.")
    name: str | None = strawberry.field(description="Name of the school; null where nothing was done.")
    status: models.InstitutionStatus | None = strawberry.field(description="SUSPENDED; null where nothing was done.")
    ended_sessions: int | None = strawberry.field(
        description="Number of sessions of its users that have ended; null where nothing was done."
    )


@payload("An institution that was opened again, or why it was not.")
class ResumeInstitutionPayload:
    code: str | None = strawberry.field(description="Code of the institution; null where nothing was done.")
    name: str | None = strawberry.field(description="Name of the school; null where nothing was done.")
    status: models.InstitutionStatus | None = strawberry.field(description="ACTIVE; null where nothing was done.")


@strawberry.type
class OperatingMutation:
    create_institution = mutation(
        create_institution,
        CreateInstitutionInput,
        CreateInstitutionPayload,
        "Make an institution with its settings, codes, grade levels and first ADMIN, and put it on your list of those"
        " in which you may act. For SUPERADMIN.",
    )
    suspend_institution = mutation(
        suspend_institution,
        SuspendInstitutionInput,
        SuspendInstitutionPayload,
        "Close an institution for now: nobody signs in, all sessions end at once, API keys are refused; the data stays,"
        " and the operator's commands reach it. For SUPERADMIN.",
    )
    resume_institution = mutation(
        resume_institution,
        ResumeInstitutionInput,
        ResumeInstitutionPayload,
        "Open a suspended institution again. For SUPERADMIN.",
    )
