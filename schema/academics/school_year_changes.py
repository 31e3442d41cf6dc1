"""Mutations of school years."""

import datetime

import strawberry

import models
from resolvers.academics.school_year_changes import SCHOOL_YEARS, set_current_school_year, update_school_year
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.SchoolYear, "A new school year; it is not the current one yet.")
class CreateSchoolYearInput:
    code: str
    start_date: datetime.date
    end_date: datetime.date


@known_record(models.SchoolYear, "What to change about a school year: what is left out stays as it is.")
class UpdateSchoolYearInput:
    code: str
    start_date: datetime.date
    end_date: datetime.date


@known_record(models.SchoolYear, "Which school year to delete.")
class DeleteSchoolYearInput:
    pass


@known_record(models.SchoolYear, "Which school year to make the current one.")
class SetCurrentSchoolYearInput:
    pass


@strawberry.type
class SchoolYearMutation:
    create_school_year = mutation(
        SCHOOL_YEARS.create, CreateSchoolYearInput, models.SchoolYear, "Add a school year. For ADMIN and REGISTRAR."
    )
    update_school_year = mutation(
        update_school_year,
        UpdateSchoolYearInput,
        models.SchoolYear,
        "Change a school year; the setting CURRENT_ACADEMIC_YEAR follows a new code of the current one. For ADMIN and"
        " REGISTRAR.",
    )
    delete_school_year = mutation(
        SCHOOL_YEARS.delete,
        DeleteSchoolYearInput,
        models.SchoolYear,
        "Delete a school year that is not current and that nothing belongs to. For ADMIN and REGISTRAR.",
    )
    set_current_school_year = mutation(
        set_current_school_year,
        SetCurrentSchoolYearInput,
        models.SchoolYear,
        "Make a school year the current one instead of the one that is, and say so in the setting"
        " CURRENT_ACADEMIC_YEAR. For ADMIN.",
    )
