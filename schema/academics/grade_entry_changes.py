"""Mutations of the window of grade entry."""

import datetime

import strawberry

import models
from resolvers.academics.grade_entry_changes import close_grade_entry, open_grade_entry, reopen_grade_entry
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.record_inputs import known_record


@known_record(models.Semester, "Which part of a school year to open for marks, and when.")
class OpenGradeEntryInput:
    grade_entry_opens_at: datetime.datetime | None = optional(
        "When it opens (instant, UTC). Left out: now, unless it has opened already."
    )
    grade_entry_closes_at: datetime.datetime | None


@known_record(models.Semester, "Which part of a school year to close for marks.")
class CloseGradeEntryInput:
    pass


@strawberry.input(description="Which part of a school year to open for marks again, why, and until when.")
class ReopenGradeEntryInput:
    semester: strawberry.ID = key(models.Semester, "The part of a school year, whose grade entry has closed.")
    course: strawberry.ID | None = key(models.Course, "Only this course; left out or null: all courses.", default=None)
    reason: str = strawberry.field(description="Why it is opened again. At most 500 characters.")
    until: datetime.datetime = strawberry.field(description="When it closes again, in the future (instant, UTC).")


@strawberry.type
class GradeEntryMutation:
    open_grade_entry = mutation(
        open_grade_entry,
        OpenGradeEntryInput,
        models.Semester,
        "Let marks be entered for a part of a school year, from now on or in the given window. What has closed is"
        " reopened by `reopenGradeEntry`. For ADMIN and REGISTRAR.",
    )
    close_grade_entry = mutation(
        close_grade_entry,
        CloseGradeEntryInput,
        models.Semester,
        "End the entry of marks for a part of a school year now, also where it was reopened. For ADMIN and REGISTRAR.",
    )
    reopen_grade_entry = mutation(
        reopen_grade_entry,
        ReopenGradeEntryInput,
        models.Semester,
        "Let marks be entered after the window has closed, for one course or for all. Who did it, why and until when is"
        " kept. For ADMIN.",
    )
