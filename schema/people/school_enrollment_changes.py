"""Mutations of belonging to the school: entering, leaving, coming back."""

import datetime

import strawberry

import models
from resolvers.people.school_enrollment_changes import enroll_in_school, leave_school, return_to_school
from resolvers.people.school_enrollment_rules import SCHOOL_ENROLLMENTS
from schema.inputs import optional
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record

ENTRY = "First day at the school, inclusive. Left out: today, or the school year's first day where that is later."


@new_record(models.SchoolEnrollment, "How a student is to belong to the school.")
class EnrollInSchoolInput:
    student: strawberry.ID
    school_year: strawberry.ID | None
    grade_level: strawberry.ID | None
    entry_date: datetime.date | None = optional(ENTRY)
    entry_type: models.EntryType | None


@new_record(models.SchoolEnrollment, "How a student who has left is to belong to the school again.")
class ReturnToSchoolInput:
    student: strawberry.ID
    school_year: strawberry.ID | None
    grade_level: strawberry.ID | None
    entry_date: datetime.date | None = optional(ENTRY)


@known_record(models.SchoolEnrollment, "Which student leaves the school, when and why.")
class LeaveSchoolInput:
    exit_date: datetime.date | None = optional(
        "Last day at the school, inclusive; not in the future. Left out: the planned day where it has come, else today."
    )
    exit_reason: models.ExitReason = strawberry.field(description="Why the student leaves.")


@known_record(models.SchoolEnrollment, "What to change about a span of belonging to the school: the rest stays.")
class UpdateSchoolEnrollmentInput:
    school_year: strawberry.ID
    grade_level: strawberry.ID | None
    entry_date: datetime.date
    entry_type: models.EntryType
    exit_date: datetime.date | None
    exit_reason: models.ExitReason | None


@known_record(models.SchoolEnrollment, "Which span of belonging to the school was a mistake.")
class DeleteSchoolEnrollmentInput:
    pass


@strawberry.type
class SchoolEnrollmentMutation:
    enroll_in_school = mutation(
        enroll_in_school,
        EnrollInSchoolInput,
        models.SchoolEnrollment,
        "Let a student belong to the school, in the current school year where none is named. Grade level and school"
        " year of the student follow, and from the first day on the status is ACTIVE. Spans of a student never"
        " overlap. For ADMIN and REGISTRAR.",
    )
    leave_school = mutation(
        leave_school,
        LeaveSchoolInput,
        models.SchoolEnrollment,
        "Have a student leave the school. The courses end that day, completed where the reason is COMPLETED or"
        " GRADUATED and else dropped; enrolments that begin later are deleted, and so are spans by which the student"
        " was to go on (PROMOTED, OTHER); those of a return that is entered already stay. Marks and attendance stay,"
        " and the status becomes INACTIVE. A planned `exitDate` does none of this by itself: from that day on, this"
        " does. For ADMIN and REGISTRAR.",
    )
    return_to_school = mutation(
        return_to_school,
        ReturnToSchoolInput,
        models.SchoolEnrollment,
        "Let a student who has left belong to the school again, by a new span of the type RE_ENTRY; the grade level is"
        " that of the last one where none is named. Courses are not taken up again. For ADMIN and REGISTRAR.",
    )
    update_school_enrollment = mutation(
        SCHOOL_ENROLLMENTS.update,
        UpdateSchoolEnrollmentInput,
        models.SchoolEnrollment,
        "Correct a span of belonging to the school; courses and status stay as they are. An `exitDate` in the future is"
        " planned: once it has come, `leaveSchool` ends the courses and sets the status. For ADMIN and REGISTRAR.",
    )
    delete_school_enrollment = mutation(
        SCHOOL_ENROLLMENTS.delete,
        DeleteSchoolEnrollmentInput,
        models.SchoolEnrollment,
        "Delete a span of belonging to the school that was a mistake. For ADMIN and REGISTRAR.",
    )
