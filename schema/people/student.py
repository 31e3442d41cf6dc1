"""The learner."""

import datetime

import strawberry

import models
import resolvers.people.student as resolve
from schema import refs
from schema.connection import Connection, related_connection, searched_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, EnumFilter, IDFilter, NationalIdFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.Student,
    guardians=resolve.guardians,
    scholarships=resolve.scholarships,
    school_enrollments=resolve.school_enrollments,
    enrollments=resolve.enrollments,
    grades=resolve.grades,
    attendance=resolve.attendance,
    external_ids=resolve.student_external_ids,
)
class StudentWhere:
    id: IDFilter | None
    student_number: StringFilter | None
    status: EnumFilter[models.StudentStatus] | None
    first_name: StringFilter | None
    last_name: StringFilter | None
    date_of_birth: DateFilter | None
    registration_date: DateFilter | None
    caste: StringFilter | None
    national_id: NationalIdFilter | None
    grade_level: IDFilter | None
    user: IDFilter | None
    created_at: DateTimeFilter | None
    updated_at: DateTimeFilter | None


StudentOrder = ordering(
    models.Student,
    "last_name",
    "first_name",
    "status",
    "student_number",
    "date_of_birth",
    "registration_date",
    "created_at",
    "updated_at",
)


@entity(models.Student, prefix="stu")
class Student(Node):
    student_number: str
    first_name: str
    last_name: str
    full_name: str
    preferred_name: str | None
    gender: models.Gender
    date_of_birth: datetime.date
    age: int
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
    full_address: str | None
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
    national_id: str | None
    national_id_last4: str | None
    health: str | None
    identifying_marks: str | None
    father_or_guardian_name: str | None
    mother_name: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    photo: refs.StoredFile | None = relation(resolve.photo, "The student's photo, if there is one.")
    guardians: list[refs.StudentGuardian] = relation(
        resolve.guardians, "The student's guardians, each with what holds between them; first contact first."
    )
    family_info: refs.FamilyInfo | None = relation(resolve.family_info, "Where and how the family lives.")
    scholarships: list[refs.Scholarship] = relation(resolve.scholarships, "Aid received; the latest first.")
    school_enrollments: list[refs.SchoolEnrollment] = relation(
        resolve.school_enrollments, "Spans of belonging to the school; the earliest first."
    )
    enrollments: list[refs.Enrollment] = relation(
        resolve.enrollments, "Spans in courses, dropped ones included; the earliest first."
    )
    grades: list[refs.Grade] = relation(resolve.grades, "Marks; the earliest first.")
    attendance: list[refs.Attendance] = relation(resolve.attendance, "Attendance marks; the earliest day first.")
    report_cards: list[refs.ReportCard] = relation(
        resolve.report_cards,
        "Report cards, the latest publication first and those that are not published before them. GUARDIAN and STUDENT"
        " see published ones only.",
    )
    grade_level: refs.GradeLevel | None = relation(
        resolve.grade_level, "Grade level (class) by the latest school enrolment that has begun."
    )
    school_year: refs.SchoolYear | None = relation(
        resolve.school_year, "School year of the latest school enrolment that has begun."
    )
    user: refs.User | None = relation(resolve.user, "The student's own account, if there is one.")
    external_ids: list[refs.ExternalId] = relation(resolve.student_external_ids, "What other systems call the student.")
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )
    access_log: Connection[refs.AccessEntry] = related_connection(
        resolve.access_log,
        "Who has looked at the student's record, the latest first; each entry names all students of its operation. "
        "Seen by ADMIN; to others it is empty. Counted up to 10,000.",
    )


@strawberry.type
class StudentQuery:
    student: Student | None = lookup(models.Student, "A student by id; null where there is none that you may see.")
    students: Connection[Student] = searched_connection(
        models.Student,
        "Students that are in use, by last and first name where no order is asked for.",
        default=("last_name", "first_name"),
    )
