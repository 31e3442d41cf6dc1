"""Who works at the school: head, office, teachers."""

import random

from app.demo.contacts import Contacts
from app.demo.courses import Course
from app.demo.names import COMMUNITIES
from app.demo.people import Staff
from app.demo.plan import Plan
from app.demo.subjects import Subject
from models import Role

LEAST_TEACHERS = 6
PER_CLASS = 1.3
STUDENTS_PER_REGISTRAR = 2000


def _person(chance: random.Random, contacts: Contacts, position: str, role: Role, taken: set[str], host: str) -> Staff:
    community = chance.choices(COMMUNITIES, [each.weight for each in COMMUNITIES])[0]
    first = chance.choice(community.girls if chance.random() < 0.6 else community.boys)
    last = chance.choice(community.families)
    plain = f"{first}.{last}".lower().replace("'", "")
    username, number = plain, 1
    while username in taken:
        number += 1
        username = f"{plain}{number}"
    taken.add(username)
    return Staff(username, first, last, position, role, f"{username}@{host}", contacts.mobile())


def make_staff(plan: Plan, courses: list[Course], subjects: dict[str, Subject], host: str) -> list[Staff]:
    """The head (username `admin`), a reporter (`reporter`), registrars, then the teachers."""
    chance = plan.random("staff")
    contacts = Contacts(chance.randrange(1_000_000_000))
    taken: set[str] = {"admin", "reporter"}

    def person(position: str, role: Role) -> Staff:
        return _person(chance, contacts, position, role, taken, host)

    head, reporter = person("Principal", Role.ADMIN), person("Report officer", Role.REPORTER)
    head.username, reporter.username = "admin", "reporter"
    registrars = [person("Registrar", Role.REGISTRAR) for _ in range(1 + plan.students // STUDENTS_PER_REGISTRAR)]
    classes = max(sum(course.year.index == index for course in courses) for index in range(3))
    names = [subject.name for subject in subjects.values()]
    teachers = [
        person(f"{names[number % len(names)]} teacher", Role.TEACHER)
        for number in range(max(LEAST_TEACHERS, int(classes * PER_CLASS) + 1))
    ]
    return [head, reporter, *registrars, *teachers]
