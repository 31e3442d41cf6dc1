"""Mutations of subjects."""

import strawberry

import models
from resolvers.academics.subject_changes import SUBJECTS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.Subject, "A new subject.")
class CreateSubjectInput:
    name: str
    code: str | None


@known_record(models.Subject, "What to change about a subject: what is left out stays as it is.")
class UpdateSubjectInput:
    name: str
    code: str | None


@known_record(models.Subject, "Which subject to delete.")
class DeleteSubjectInput:
    pass


@strawberry.type
class SubjectMutation:
    create_subject = mutation(
        SUBJECTS.create, CreateSubjectInput, models.Subject, "Add a subject. For ADMIN and REGISTRAR."
    )
    update_subject = mutation(
        SUBJECTS.update, UpdateSubjectInput, models.Subject, "Change a subject. For ADMIN and REGISTRAR."
    )
    delete_subject = mutation(
        SUBJECTS.delete,
        DeleteSubjectInput,
        models.Subject,
        "Delete a subject in which nothing is taught or marked. For ADMIN and REGISTRAR.",
    )
