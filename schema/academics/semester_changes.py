"""Mutations of the parts of school years."""

import datetime

import strawberry

import models
from resolvers.academics.semester_changes import SEMESTERS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.Semester, "A new part of a school year.")
class CreateSemesterInput:
    school_year: strawberry.ID
    name: str
    code: str
    type: models.SemesterType | None
    sequence: int
    start_date: datetime.date
    end_date: datetime.date
    grade_entry_opens_at: datetime.datetime | None
    grade_entry_closes_at: datetime.datetime | None


@known_record(models.Semester, "What to change about a part of a school year: what is left out stays as it is.")
class UpdateSemesterInput:
    name: str
    code: str
    type: models.SemesterType
    sequence: int
    start_date: datetime.date
    end_date: datetime.date
    grade_entry_opens_at: datetime.datetime | None
    grade_entry_closes_at: datetime.datetime | None


@known_record(models.Semester, "Which part of a school year to delete.")
class DeleteSemesterInput:
    pass


@strawberry.type
class SemesterMutation:
    create_semester = mutation(
        SEMESTERS.create, CreateSemesterInput, models.Semester, "Add a part of a school year. For ADMIN and REGISTRAR."
    )
    update_semester = mutation(
        SEMESTERS.update,
        UpdateSemesterInput,
        models.Semester,
        "Change a part of a school year. Grade entry that has closed is not reopened by this. For ADMIN and REGISTRAR.",
    )
    delete_semester = mutation(
        SEMESTERS.delete,
        DeleteSemesterInput,
        models.Semester,
        "Delete a part of a school year that nothing counts for. For ADMIN and REGISTRAR.",
    )
