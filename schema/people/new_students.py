"""The mutation that makes a student, with all that comes along."""

import datetime
from decimal import Decimal

import strawberry

import models
from resolvers.people.new_students import create_student
from resolvers.people.student_duplicates import DuplicateReason
from schema import refs
from schema.inputs import optional
from schema.mutation import mutation
from schema.payload import payload, record
from schema.people.guardian_changes import CreateGuardianInput
from schema.people.student_fields import new_sealed
from schema.record_inputs import new_record


@new_record(models.StudentGuardian, "A guardian of a new student, known or new, and what holds between them.")
class NewStudentGuardianInput:
    guardian: strawberry.ID | None
    new_guardian: CreateGuardianInput | None = optional("A guardian who is not there yet, instead of `guardian`.")
    relation: models.GuardianRelation
    legal_guardian: bool | None
    lives_with: bool | None
    emergency_contact: bool | None
    contact_priority: int | None
    may_access_records: bool | None
    contact_restriction: str | None
    consents_to_messages: bool | None
    consents_to_photos: bool | None


@new_record(models.FamilyInfo, "Where and how a new student's family lives.")
class NewStudentFamilyInput:
    living_with: str | None
    living_condition: str | None
    own_house: bool | None
    religion: str | None
    church: str | None
    duration_in_district: str | None
    can_help_school: bool | None
    help_amount: Decimal | None
    help_frequency: str | None
    know_school_from: str | None
    organisation_help: str | None
    poverty_card: str | None


@new_record(models.SchoolEnrollment, "How a new student belongs to the school.")
class NewStudentSchoolEnrollmentInput:
    school_year: strawberry.ID | None
    grade_level: strawberry.ID | None
    entry_date: datetime.date | None = optional(
        "First day at the school, inclusive. Left out: the day of registration, or the school year's first day where"
        " that is later."
    )
    entry_type: models.EntryType | None


@new_record(models.Enrollment, "A course that a new student is to take part in.")
class NewStudentEnrollmentInput:
    course: strawberry.ID
    begin_date: datetime.date
    end_date: datetime.date | None
    status: models.EnrollmentStatus | None = optional("PENDING, or ACTIVE. Left out: ACTIVE.")


@new_record(models.ExternalId, "What another system calls a new student.")
class NewStudentExternalIdInput:
    system: str
    value: str


@new_record(
    models.Student,
    "A new student. What the school requires beside the names and the day of birth is in its setting"
    " REQUIRED_STUDENT_FIELDS.",
)
class CreateStudentInput:
    first_name: str
    last_name: str
    preferred_name: str | None
    gender: models.Gender
    date_of_birth: datetime.date
    status: models.StudentStatus | None
    registration_date: datetime.date | None = optional("Day of registration at the school. Left out: today.")
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
    country: str | None = optional("Country of the address, ISO 3166-1 alpha-2. Left out: the school's.")
    birth_district: str | None
    religion: str | None
    caste: str | None
    vaccinated: bool | None
    previous_school: str | None
    transfer_reason: str | None
    register_to_study: str | None
    needs_clothes: bool | None
    needs_materials: bool | None
    needs_transport: bool | None
    user: strawberry.ID | None
    national_id: str | None = new_sealed("national_id")
    health: str | None = new_sealed("health")
    identifying_marks: str | None = new_sealed("identifying_marks")
    guardians: list[NewStudentGuardianInput] | None = optional("The student's guardians.")
    family_info: NewStudentFamilyInput | None = optional("Where and how the family lives.")
    school_enrollment: NewStudentSchoolEnrollmentInput | None = optional(
        "How the student belongs to the school. Left out: not yet; `enrollInSchool` says it later."
    )
    enrollments: list[NewStudentEnrollmentInput] | None = optional("Courses that the student is to take part in.")
    external_ids: list[NewStudentExternalIdInput] | None = optional(
        "What other systems call the student, each once; an earlier number belongs here."
    )
    allow_duplicates: bool | None = optional(
        "Whether to add the student even if there is one who may be the same. Left out: no."
    )


@strawberry.type(description="Who may be the same as a new student: one who is there, or one in the same file.")
class PossibleDuplicate:
    student: refs.Student | None = record(
        models.Student, "The student who is there; null where it is another line of an imported file."
    )
    reasons: list[DuplicateReason] = strawberry.field(description="Why the two may be the same.")
    retired: bool = strawberry.field(description="Whether that student has been retired: `restoreStudent` is for that.")
    line: int | None = strawberry.field(
        description="Line of the imported file that may be the same student; null where it is one who is there."
    )


@payload("The new student, or why there is none.")
class CreateStudentPayload:
    student: refs.Student | None = record(models.Student, "The new student; null where it was refused.")
    possible_duplicates: list[PossibleDuplicate] | None = strawberry.field(
        description="Students, at most 20, who may be the same as the new one. With any of them nothing is written,"
        " unless `allowDuplicates` is true."
    )


@strawberry.type
class NewStudentMutation:
    create_student = mutation(
        create_student,
        CreateStudentInput,
        CreateStudentPayload,
        "Add a student, with guardians, the family, the place in the school and courses: all of it, or nothing where"
        " any part is refused. The student number is given. For ADMIN and REGISTRAR.",
    )
