"""Mutations of a student who is there."""

import datetime

import strawberry

import models
from resolvers.people.student_changes import update_student
from resolvers.people.student_rules import STUDENTS
from schema.mutation import mutation
from schema.people.student_fields import known_sealed
from schema.record_inputs import known_record


@known_record(models.Student, "What to change about a student: what is left out stays as it is.")
class UpdateStudentInput:
    first_name: str
    last_name: str
    preferred_name: str | None
    gender: models.Gender
    date_of_birth: datetime.date
    status: models.StudentStatus
    registration_date: datetime.date
    mobile: str | None
    phone: str | None
    email: str | None
    emergency_contact: str | None
    house_number: str | None
    street: str | None
    village: str | None
    commune: str | None
    district: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    country: str | None
    birth_district: str | None
    religion: str | None
    caste: str | None
    vaccinated: bool | None
    previous_school: str | None
    transfer_reason: str | None
    register_to_study: str | None
    needs_clothes: bool
    needs_materials: bool
    needs_transport: bool
    user: strawberry.ID | None
    national_id: strawberry.Maybe[str | None] = known_sealed("national_id")
    health: strawberry.Maybe[str | None] = known_sealed("health")
    identifying_marks: strawberry.Maybe[str | None] = known_sealed("identifying_marks")


@known_record(models.Student, "Which student to retire.")
class RetireStudentInput:
    pass


@known_record(models.Student, "Which student to bring back.")
class RestoreStudentInput:
    pass


@strawberry.type
class StudentChangeMutation:
    update_student = mutation(
        update_student,
        UpdateStudentInput,
        models.Student,
        "Change a student; the number stays. For ADMIN and REGISTRAR.",
    )
    retire_student = mutation(
        STUDENTS.retire,
        RetireStudentInput,
        models.Student,
        "Take a student who has left the school out of all lists; the records stay. For ADMIN and REGISTRAR.",
    )
    restore_student = mutation(
        STUDENTS.restore,
        RestoreStudentInput,
        models.Student,
        "Bring a retired student back into the lists; `returnToSchool` lets the student belong to the school again."
        " For ADMIN and REGISTRAR.",
    )
