"""A whole demo school as objects, made from a plan and chance alone."""

import random
from dataclasses import dataclass, field
from itertools import groupby

from app.demo.attendance import Roll, plan_rolls
from app.demo.background import FamilyInfo, Scholarship, make_family_info, make_scholarships
from app.demo.calendar import Year, school_years
from app.demo.careers import Career, make_careers
from app.demo.courses import Course, assign_teachers, make_courses
from app.demo.families import make_families
from app.demo.marks import Assessment, plan_assessments
from app.demo.people import Home, Staff, Student
from app.demo.places import SCHOOL_NAMES, TOWNS, Town
from app.demo.plan import Plan
from app.demo.secrets import Secrets, make_secrets
from app.demo.staff import make_staff
from app.demo.subjects import Band, Category, Subject, make_bands, make_categories, make_subjects
from models import Role
from resolvers.people.student_numbers import student_number


@dataclass(eq=False)
class School:
    plan: Plan
    name: str
    town: Town
    host: str
    years: list[Year]
    homes: list[Home]
    students: list[Student]
    careers: list[Career]
    family_info: list[FamilyInfo]
    scholarships: list[Scholarship]
    secrets: list[Secrets] = field(repr=False)
    subjects: dict[str, Subject]
    categories: tuple[Category, ...]
    bands: tuple[Band, ...]
    courses: list[Course]
    staff: list[Staff]
    assessments: list[Assessment]
    rolls: list[Roll]
    last_numbers: dict[int, int]


def number_students(students: list[Student]) -> dict[int, int]:
    """Give each its student number, by day of registration; the last number of each year."""
    last: dict[int, int] = {}
    ordered = sorted(students, key=lambda student: student.registration_date)
    for year, registered in groupby(ordered, key=lambda student: student.registration_date.year):
        for number, student in enumerate(registered, 1):
            student.student_number = student_number(year, number)
            last[year] = number
    return last


def _named(plan: Plan) -> tuple[str, Town]:
    """Name and town; those of the schools of one run differ."""
    place = random.Random(f"{plan.seed}/names").randrange(len(SCHOOL_NAMES)) + plan.place
    return SCHOOL_NAMES[place % len(SCHOOL_NAMES)], TOWNS[place % len(TOWNS)]


def make_school(plan: Plan) -> School:
    """The same school for the same plan; nothing has an id yet."""
    name, town = _named(plan)
    host = f"{''.join(letter for letter in name.lower() if letter.isalpha())}.example"
    years = school_years(plan)
    homes = make_families(plan, years, town)
    students = [student for home in homes for student in home.students]
    careers = make_careers(plan, years, students)
    subjects, categories = make_subjects(), make_categories()
    courses = make_courses(plan, years, students, careers)
    staff = make_staff(plan, courses, subjects, host)
    assign_teachers(courses, [person for person in staff if person.role is Role.TEACHER], subjects)
    return School(
        plan=plan,
        name=name,
        town=town,
        host=host,
        years=years,
        homes=homes,
        students=students,
        careers=careers,
        family_info=make_family_info(plan, homes),
        scholarships=make_scholarships(plan, years, students),
        secrets=make_secrets(plan, students),
        subjects=subjects,
        categories=categories,
        bands=make_bands(),
        courses=courses,
        staff=staff,
        assessments=plan_assessments(plan, years, courses, categories),
        rolls=plan_rolls(plan, years, courses),
        last_numbers=number_students(students),
    )
