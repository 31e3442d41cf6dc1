"""What the school noted about a student's family, and the aid that students receive."""

import datetime
import random
from dataclasses import dataclass
from decimal import Decimal

from app.demo.calendar import Year
from app.demo.people import Home, Student
from app.demo.places import HELPERS
from app.demo.plan import Plan
from models import GuardianRelation, ScholarshipStatus

AID = (
    ("Merit scholarship", "State education department", "Merit", 4_000, 12_000),
    ("Pre-matric scholarship", "Ministry of Social Justice", "Need", 3_000, 8_000),
    ("Fee concession", "School trust", "Need", 5_000, 20_000),
    ("Girls' education grant", "Community foundation", "Need", 5_000, 10_000),
    ("Sports scholarship", "District sports council", "Sport", 6_000, 15_000),
)
FREQUENCIES = ("Monthly", "Quarterly", "Yearly")


@dataclass(eq=False, slots=True)
class FamilyInfo:
    student: Student
    living_with: str
    own_house: bool
    church: str | None
    can_help_school: bool | None
    help_amount: Decimal | None
    help_frequency: str | None
    organisation_help: str | None
    poverty_card: str | None
    id: int = 0


@dataclass(eq=False, slots=True)
class Scholarship:
    student: Student
    name: str
    provider: str
    basis: str
    amount: Decimal
    status: ScholarshipStatus
    start_date: datetime.date
    end_date: datetime.date
    currency: str = "INR"
    id: int = 0


def _living_with(home: Home) -> str:
    near = [guardian.relation for guardian in home.guardians if guardian.lives_with]
    if GuardianRelation.FATHER in near and GuardianRelation.MOTHER in near:
        return "Both parents"
    return " and ".join(relation.value.capitalize() for relation in near)


def _family_info(chance: random.Random, home: Home) -> list[FamilyInfo]:
    """One for each student of the family, all alike."""
    helps = None if chance.random() < 0.15 else not home.poor and chance.random() < 0.2
    amount = Decimal(chance.randint(1, 20) * 250) if helps else None
    frequency = chance.choice(FREQUENCIES) if helps else None
    card = f"BPL-{chance.randint(100_000, 999_999)}" if home.poor and chance.random() < 0.8 else None
    helper = chance.choice(HELPERS) if home.poor and chance.random() < 0.25 else None
    own = home.living_condition.startswith("Own")
    living = _living_with(home)
    return [
        FamilyInfo(student, living, own, home.church, helps, amount, frequency, helper, card)
        for student in home.students
    ]


def make_family_info(plan: Plan, homes: list[Home]) -> list[FamilyInfo]:
    chance = plan.random("family info")
    return [info for home in homes for info in _family_info(chance, home)]


def _scholarship(chance: random.Random, student: Student, year: Year, today: datetime.date) -> Scholarship:
    name, provider, basis, least, most = chance.choice(AID)
    if not year.current:
        status = ScholarshipStatus.ENDED if chance.random() < 0.95 else ScholarshipStatus.REVOKED
    else:
        status = ScholarshipStatus.ACTIVE if chance.random() < 0.85 else ScholarshipStatus.PENDING
    start = max(year.start_date, student.registration_date)
    amount = Decimal(chance.randrange(least, most, 500))
    return Scholarship(student, name, provider, basis, amount, status, start, year.end_date)


def make_scholarships(plan: Plan, years: list[Year], students: list[Student]) -> list[Scholarship]:
    """For one student in twenty in each year at the school, and one in four of the poor."""
    chance = plan.random("scholarships")
    return [
        _scholarship(chance, student, years[index], plan.today)
        for student in students
        for index in student.levels
        if chance.random() < (0.25 if student.home.poor else 0.05)
    ]
