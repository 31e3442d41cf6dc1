"""One student of a family: name, age, way through the school, and what the school noted."""

import datetime
import random

from app.demo.calendar import DAY, Year
from app.demo.contacts import Contacts
from app.demo.people import Home, Student
from app.demo.places import PREVIOUS_SCHOOLS
from models import Gender

LEVELS = 12
# Those who would be in "13" and "14" by now finished in one of the two years before.
LEAVING_LEVELS = LEVELS + 2
TRANSFER_REASONS = ("The family moved", "Closer to home", "Wanted a larger school", "No higher class at the old school")


def _path(began: int, joined: int, repeats: int | None) -> dict[int, int]:
    """Grade level by index of the school year, 0 to 2: class 1 in year `began`, then one class a year."""
    path = {}
    for index in range(max(joined, 0), 3):
        level = index - began + 1 - (repeats is not None and index >= repeats)
        if level <= LEVELS:
            path[index] = level
    return path


def _join(chance: random.Random, began: int, last: int) -> int:
    """Most come to class 1, the others in any year up to their last."""
    return began if chance.random() < 0.72 else chance.randint(began, last)


def _entry(chance: random.Random, joined: int, years: list[Year], today: datetime.date) -> datetime.date:
    """First day at the school: of the year, or for some newcomers a day in the course of it."""
    if joined < 0:
        return years[0].start_date
    days = [day.date for day in years[joined].lessons if day.date < today]
    if len(days) < 30 or chance.random() > 0.06:
        return years[joined].start_date
    return chance.choice(days[20 : max(21, len(days) * 2 // 3)])


def _registered(chance: random.Random, joined: int, entry: datetime.date, first_year: int) -> datetime.date:
    """In the two months before the first day; for those of long ago, before the year they came in."""
    first_day = datetime.date(first_year + joined, 6, 1) if joined < 0 else entry
    return first_day - chance.randint(1, 60) * DAY


def _first_name(chance: random.Random, home: Home, girl: bool) -> str:
    """None that a brother or sister has."""
    taken = {student.first_name for student in home.students}
    names = home.community.girls if girl else home.community.boys
    return chance.choice([name for name in names if name not in taken])


def make_student(
    chance: random.Random, home: Home, standing: int, years: list[Year], contacts: Contacts, today: datetime.date
) -> Student:
    """`standing` is the grade level in the current year, 13 and 14 for those who finished before it."""
    # Nobody repeats the first year.
    repeats = chance.randint(1 + (standing == 1), 2) if standing <= LEVELS and chance.random() < 0.015 else None
    began = 3 - standing - (repeats is not None)
    last = min(2, 2 + LEVELS - standing)
    joined = _join(chance, began, last)
    girl = chance.random() < 0.49
    entry = _entry(chance, joined, years, today)
    start = years[0].start_date
    # Between five and six years old on the first day of class 1.
    born = start.replace(year=start.year + began - 6) + chance.randint(0, 364) * DAY
    student = Student(
        home=home,
        first_name=_first_name(chance, home, girl),
        last_name=home.family_name,
        gender=Gender.FEMALE if girl else Gender.MALE,
        date_of_birth=born,
        began=began,
        joined=joined,
        levels=_path(began, joined, repeats),
        ability=min(9.6, max(2.5, chance.gauss(6.9 - (repeats is not None), 1.2))),
        care=min(0.995, chance.betavariate(24, 1.7)),
        seat=chance.random(),
        registration_date=_registered(chance, joined, entry, start.year),
        entry_date=entry,
    )
    _describe(chance, student, contacts)
    return student


def _describe(chance: random.Random, student: Student, contacts: Contacts) -> None:
    home = student.home
    if student.oldest_level >= 9:
        student.mobile = contacts.mobile() if chance.random() < 0.45 else None
        student.email = contacts.email(student.first_name, student.last_name) if chance.random() < 0.4 else None
    if len(student.first_name) > 6 and chance.random() < 0.1:
        student.preferred_name = student.first_name[:4]
    student.emergency_contact = home.guardians[-1].mobile
    student.vaccinated = chance.choices((True, False, None), (88, 5, 7))[0]
    if student.joined > student.began:
        student.previous_school = chance.choice(PREVIOUS_SCHOOLS)
        student.transfer_reason = chance.choice(TRANSFER_REASONS)
    student.needs_clothes = home.poor and chance.random() < 0.5
    student.needs_materials = home.poor and chance.random() < 0.7
    student.needs_transport = home.address.village is not None and chance.random() < 0.6
