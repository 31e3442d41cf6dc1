"""Mutations of spans of students in courses: of one student, or of many at once."""

import datetime

import strawberry

import models
from resolvers.academics.enrolling import enroll_students
from resolvers.academics.enrollment_changes import (
    ENROLLMENTS,
    complete_enrollment,
    drop_enrollment,
    enroll_student,
    update_enrollment,
)
from schema.bulk import options, result_of, results
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload
from schema.record_inputs import known_record, new_record


@new_record(models.Enrollment, "A new span of a student in a course.")
class EnrollStudentInput:
    course: strawberry.ID
    student: strawberry.ID
    begin_date: datetime.date
    end_date: datetime.date | None
    status: models.EnrollmentStatus | None = optional("PENDING, or ACTIVE. Left out: ACTIVE.")


EnrollmentResult = result_of(
    models.Enrollment, "What became of one student's enrolment.", rows="students", shows="enrollment"
)


@strawberry.input(description="Students who are to take part in a course for the same days: at most 1000, each once.")
@options
class EnrollStudentsInput:
    course: strawberry.ID = key(models.Course, "The course.")
    students: list[strawberry.ID] = key(models.Student, "The students.")
    begin_date: datetime.date = strawberry.field(
        description="First day in the course, inclusive; within its school year."
    )
    end_date: datetime.date | None = optional("Last day, inclusive. Left out: open.")
    status: models.EnrollmentStatus | None = optional("PENDING, or ACTIVE. Left out: ACTIVE.")


@payload("What became of each student, or why nobody was enrolled.")
@results(EnrollmentResult)
class EnrollStudentsPayload:
    pass


@known_record(models.Enrollment, "What to change about a span of a student in a course: what is left out stays.")
class UpdateEnrollmentInput:
    begin_date: datetime.date
    end_date: datetime.date | None
    status: models.EnrollmentStatus


@known_record(models.Enrollment, "Which enrolment ends before its time, when and why.")
class DropEnrollmentInput:
    drop_date: datetime.date = strawberry.field(
        description="Day of the drop, the last in the course; not in the future."
    )
    drop_reason: str = strawberry.field(description="Why. At most 500 characters.")


@known_record(models.Enrollment, "Which enrolment has come to its end.")
class CompleteEnrollmentInput:
    end_date: datetime.date | None = optional(
        "Last day in the course; not in the future. Left out: the one that is set, else today or the last day of the"
        " school year, whichever comes first."
    )


@known_record(models.Enrollment, "Which enrolment was a mistake.")
class DeleteEnrollmentInput:
    pass


@strawberry.type
class EnrollmentMutation:
    enroll_student = mutation(
        enroll_student,
        EnrollStudentInput,
        models.Enrollment,
        "Have a student take part in a course. Spans of a student in a course never overlap: who comes back gets"
        " another one, and the first stays. For ADMIN and REGISTRAR.",
    )
    enroll_students = mutation(
        enroll_students,
        EnrollStudentsInput,
        EnrollStudentsPayload,
        "Have many students take part in a course for the same days. Who is in it for these very days already is"
        " UNCHANGED; who is in it on one of them otherwise is a CONFLICT with that enrolment. For ADMIN and"
        " REGISTRAR.",
    )
    update_enrollment = mutation(
        update_enrollment,
        UpdateEnrollmentInput,
        models.Enrollment,
        "Change the days of an enrolment, or its status to PENDING or ACTIVE, which takes back a drop or a completion"
        " with the last day. Days on which the student was marked stay inside. For ADMIN and REGISTRAR.",
    )
    drop_enrollment = mutation(
        drop_enrollment,
        DropEnrollmentInput,
        models.Enrollment,
        "End an enrolment before its time, or correct when and why it was dropped; the semester follows from the day."
        " For ADMIN and REGISTRAR.",
    )
    complete_enrollment = mutation(
        complete_enrollment,
        CompleteEnrollmentInput,
        models.Enrollment,
        "End an enrolment whose student took part to the end. For ADMIN and REGISTRAR.",
    )
    delete_enrollment = mutation(
        ENROLLMENTS.delete,
        DeleteEnrollmentInput,
        models.Enrollment,
        "Delete an enrolment that was a mistake, if nothing was marked in it. For ADMIN and REGISTRAR.",
    )
