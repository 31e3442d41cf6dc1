"""The people of a demo school as objects, before they are rows: homes, guardians, students, staff.

An `id` is 0 until the loader numbers the object.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from app.demo.names import Community
from models import Gender, GuardianRelation, Role, StudentStatus


@dataclass(eq=False, slots=True)
class Address:
    house_number: str
    street: str
    village: str | None
    district: str
    city: str
    province: str
    postal_code: str
    country: str = "IN"


@dataclass(eq=False, slots=True)
class Guardian:
    relation: GuardianRelation
    address: Address
    first_name: str | None
    last_name: str | None
    single_name: str | None
    mobile: str | None
    email: str | None
    occupation: str
    income: Decimal | None
    church: str | None
    believer: bool | None
    number_of_children: int
    lives_with: bool = True
    contact_restriction: str | None = None
    id: int = 0


@dataclass(eq=False, slots=True)
class Home:
    """A family: its guardians, its address, and what its students have in common."""

    community: Community
    family_name: str
    address: Address
    caste: str
    church: str | None
    poor: bool
    living_condition: str
    duration_in_district: str
    know_school_from: str
    guardians: list[Guardian] = field(default_factory=list)
    students: list["Student"] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Student:
    """A learner. `levels` gives the grade level (1 to 12) by the index of the school year, for the years at the school.

    `joined` is the index of the first year, below 0 where it lies before the three; `began` that of class 1.
    `ability` is the mark the student tends to, 0 to 10; `care` the chance of a present mark; `seat` orders a level.
    """

    home: Home
    first_name: str
    last_name: str
    gender: Gender
    date_of_birth: datetime.date
    began: int
    joined: int
    levels: dict[int, int]
    ability: float
    care: float
    seat: float
    registration_date: datetime.date
    entry_date: datetime.date
    student_number: str = ""
    preferred_name: str | None = None
    status: StudentStatus = StudentStatus.ACTIVE
    mobile: str | None = None
    email: str | None = None
    emergency_contact: str | None = None
    vaccinated: bool | None = None
    previous_school: str | None = None
    transfer_reason: str | None = None
    needs_clothes: bool = False
    needs_materials: bool = False
    needs_transport: bool = False
    id: int = 0

    @property
    def oldest_level(self) -> int:
        """The highest grade level on record."""
        return max(self.levels.values())


@dataclass(eq=False, slots=True)
class Staff:
    """Somebody who works at the school; `password_hash` only for those who are to sign in."""

    username: str
    first_name: str
    last_name: str
    position: str
    role: Role
    email: str
    mobile: str
    password_hash: str | None = None
    id: int = 0
