"""What is sealed of demo students. National ids are never issued with this first digit, so none is anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.columns import Columns
from app.demo.people import Student
from app.demo.plan import Plan
from resolvers.people.student_secrets import sealed_columns
from resolvers.sealing import Sealer

NEVER_ISSUED = "1"
HEALTH = (
    "Asthma; carries an inhaler",
    "Allergic to peanuts",
    "Wears glasses; sits in the front row",
    "Epilepsy; the class teacher knows what to do",
    "Diabetes; may eat in class",
    "Hearing aid in the left ear",
)
MARKS = (
    "Mole on the left cheek",
    "Scar on the chin",
    "Birthmark on the right forearm",
    "Mole above the upper lip",
    "Scar on the left knee",
)
NAMES = ("national_id", "health", "identifying_marks")


@dataclass(frozen=True)
class Secrets:
    national_id: str | None
    health: str | None
    identifying_marks: str | None


def make_secrets(plan: Plan, students: Sequence[Student]) -> list[Secrets]:
    """Seven of ten have given their national id, one of eight has health notes, one of three a mark."""
    chance = plan.random("secrets")
    found, taken = [], set[str]()
    for _ in students:
        drawn = f"{NEVER_ISSUED}{chance.randrange(10**11):011}"
        national_id = drawn if chance.random() < 0.7 and drawn not in taken else None
        taken.add(drawn)
        health = chance.choice(HEALTH) if chance.random() < 0.125 else None
        found.append(Secrets(national_id, health, chance.choice(MARKS) if chance.random() < 0.33 else None))
    return found


def columns_of_secrets(
    sealer: Sealer, institution_id: int, students: Sequence[Student], secrets: Sequence[Secrets]
) -> Columns:
    """The sealed columns of students that have their keys."""
    rows = [
        sealed_columns(sealer, institution_id, student.id, {name: getattr(each, name) for name in NAMES})
        for student, each in zip(students, secrets, strict=True)
    ]
    return {name: [row[name] for row in rows] for name in rows[0]}
