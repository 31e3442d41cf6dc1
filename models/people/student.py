"""The learner: identity, contact, address, background and needs."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    SECRET,
    Choice,
    Record,
    Retirable,
    enum,
    folded,
    index,
    matches,
    refers,
    searched,
    short,
    trigram_index,
)
from models.computed import sealed
from models.institution.school_profile import EMAIL_PATTERN
from models.people.student_computed import StudentComputed


class Gender(Choice):
    FEMALE = "FEMALE", "Female."
    MALE = "MALE", "Male."
    OTHER = "OTHER", "Another gender."
    UNSPECIFIED = "UNSPECIFIED", "Not stated."


class StudentStatus(Choice):
    ACTIVE = "ACTIVE", "Attends the school."
    INACTIVE = "INACTIVE", "Does not attend at present."


PHONE_PATTERN = "^[0-9+() -]{5,20}$"
INDIA = "IN"
# The forms of texts that are others in India: there, and elsewhere.
NATIONAL_FORMS = {"mobile": ("^[0-9]{10}$", PHONE_PATTERN), "postal_code": ("^[0-9]{6}$", "^[A-Z0-9 -]{2,20}$")}


def _matches_in_country(column: str) -> CheckConstraint:
    indian, other = NATIONAL_FORMS[column]
    form = f"CASE WHEN country = '{INDIA}' THEN {column} ~ '{indian}' ELSE {column} ~ '{other}' END"
    return CheckConstraint(form, name=f"{column}_format")


class Student(Record, Retirable, StudentComputed):
    __tablename__ = "student"

    student_number: Mapped[str] = short(20, comment="Number given at registration, STU-YYYY-NNNNN, never reused")
    first_name: Mapped[str] = short(50, comment="First (given) name")
    last_name: Mapped[str] = short(50, comment="Last (family) name")
    preferred_name: Mapped[str | None] = short(50, comment="Name the student goes by")
    gender: Mapped[Gender] = enum(Gender, comment="Gender as recorded by the school")
    date_of_birth: Mapped[datetime.date] = mapped_column(Date, comment="Day of birth")
    status: Mapped[StudentStatus] = enum(
        StudentStatus, default=StudentStatus.ACTIVE, comment="Whether the student attends at present"
    )
    registration_date: Mapped[datetime.date] = mapped_column(Date, comment="Day of registration at the school")
    mobile: Mapped[str | None] = short(20, comment="The student's own mobile phone; 10 digits in India")
    phone: Mapped[str | None] = short(20, comment="Another phone of the student")
    email: Mapped[str | None] = short(100, comment="The student's own e-mail")
    email_folded: Mapped[str | None] = folded("email", 100)
    emergency_contact: Mapped[str | None] = short(200, comment="Whom to call in an emergency")
    house_number: Mapped[str | None] = short(50, comment="House number")
    street: Mapped[str | None] = short(200, comment="Street")
    village: Mapped[str | None] = short(100, comment="Village")
    commune: Mapped[str | None] = short(100, comment="Commune")
    district: Mapped[str | None] = short(100, comment="District")
    city: Mapped[str | None] = short(100, comment="City")
    province: Mapped[str | None] = short(100, comment="Province or state")
    postal_code: Mapped[str | None] = short(20, comment="Postal code; 6 digits in India")
    country: Mapped[str | None] = short(2, comment="Country of the address, ISO 3166-1 alpha-2")
    birth_district: Mapped[str | None] = short(100, comment="District of birth")
    religion: Mapped[str | None] = short(50, comment="Religion, where the family states it")
    caste: Mapped[str | None] = short(50, comment="Caste, where the family states it")
    vaccinated: Mapped[bool | None] = mapped_column(comment="Whether the required vaccinations were given")
    previous_school: Mapped[str | None] = short(200, comment="School attended before")
    transfer_reason: Mapped[str | None] = short(500, comment="Why the student came from that school")
    register_to_study: Mapped[str | None] = short(200, comment="What the student registered to study")
    needs_clothes: Mapped[bool] = mapped_column(server_default=text("false"), comment="Needs help with clothes")
    needs_materials: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Needs help with school materials"
    )
    needs_transport: Mapped[bool] = mapped_column(server_default=text("false"), comment="Needs help with transport")
    identifying_marks_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=SECRET, comment="Identifying marks, encrypted"
    )
    health_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=SECRET, comment="Health notes, encrypted")
    national_id_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=SECRET, comment="National id, encrypted")
    national_id_index: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=SECRET, comment="Keyed hash of the national id"
    )
    national_id_last4: Mapped[str | None] = short(4, comment="Last four digits of the national id")
    national_id = sealed(
        "national_id_sealed",
        "National id (Aadhaar), 12 digits, kept encrypted",
        index="national_id_index",
    )
    health = sealed(
        "health_sealed",
        "Health notes, kept encrypted",
    )
    identifying_marks = sealed("identifying_marks_sealed", "Identifying marks, kept encrypted")
    photo_id: Mapped[int | None] = mapped_column(BigInteger, comment="File of the photo")
    user_id: Mapped[int | None] = mapped_column(BigInteger, comment="The student's own account")
    search_text: Mapped[str] = searched(
        "first_name || ' ' || last_name", "preferred_name", "student_number", "mobile", "phone", "email"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "student_number"),
        refers("photo_id", "stored_file"),
        refers("user_id", "app_user"),
        index("photo_id"),
        index("user_id", unique=True, where="deleted_at IS NULL"),
        index("mobile", unique=True, where="deleted_at IS NULL"),
        index("email_folded", unique=True, where="deleted_at IS NULL"),
        index("national_id_index", unique=True, where="deleted_at IS NULL"),
        index("created_at"),
        index("updated_at"),
        index("first_name"),
        index("last_name", "first_name", "status"),
        index("status", "last_name", include=("first_name", "mobile", "email")),
        index("date_of_birth"),
        index("caste"),
        index("registration_date"),
        trigram_index("student"),
        matches("email", EMAIL_PATTERN, "email_format"),
        matches("country", "^[A-Z]{2}$", "country_format"),
        matches("national_id_last4", "^[0-9]{4}$", "national_id_last4_format"),
        _matches_in_country("mobile"),
        _matches_in_country("postal_code"),
        matches("phone", PHONE_PATTERN, "phone_format"),
        CheckConstraint(
            "num_nonnulls(national_id_sealed, national_id_index, national_id_last4) IN (0, 3)", name="national_id_whole"
        ),
        CheckConstraint("octet_length(national_id_index) = 32", name="national_id_index_length"),
        CheckConstraint(
            "substring(national_id_sealed for 1) = '\\x01' AND substring(health_sealed for 1) = '\\x01'"
            " AND substring(identifying_marks_sealed for 1) = '\\x01'",
            name="sealed_format",
        ),
        CheckConstraint("date_of_birth < registration_date", name="born_before_registration"),
        {"comment": "A learner of the school (OneRoster: user with role student)."},
    )
