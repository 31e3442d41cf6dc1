"""A small school whose groups were counted by hand: 30 students of five classes, in groups of 3 at least.

A line is a student: class, gender, village, poverty card (`y`, `n`, `-` where nothing is known of the family), needs
help with clothes, the mark in Mathematics out of 10, two days of attendance (P present, L late and worth half, A
absent, `.` without a mark), and what the scholarship is worth, in INR.

    by level   5: 8   6: 7   7: 5   8: 10             mean of the marks 56.25   50   48   69
    by gender  F: 17  M: 13
    by both    5F 5  5M 3   6F 6  6M 1   7F 2  7M 3   8F 4  8M 6
    village    Ambo 13   Bela 10   Chor 5   Dhar 2    so Chor is left out with Dhar
    card       y 6   n 21   - 3
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import AttendanceStatus, Gender, GradeLevel, SettingCategory, SettingType
from tests.conftest import School
from tests.factories import (
    create_attendance_code,
    create_course,
    create_school_year,
    create_semester,
    create_setting,
    create_subject,
)

SHEET = """
5A F Ambo y y 6   PP 1000
5A F Ambo n n 7   PP -
5A F Bela n n 5   PA -
5A F Bela n n 4   PP -
5A F Ambo y y 8   PL 500.25
5A M Ambo n n 3   AA -
5A M Chor n n 5   PP -
5A M Bela - n 7   PP -
6A F Ambo n n 5   PP -
6A F Ambo y n 4   PA 1000
6A F Bela n n 6   PP -
6A F Bela n n 5   PP -
6A F Chor n y 7   LP -
6A F Ambo n n 3   PP -
6A M Ambo y n 5   AP -
7A F Dhar n n 4   PP -
7A F Bela n n 6   PP -
7A M Ambo n n 5   PP -
7A M Bela n y 2   AA -
7A M Chor - n 7   PP -
8A F Ambo n n 9   PP -
8A F Bela n n 8   PP -
8A F Chor y y 6   PP 750
8A F Ambo n n 7   .P -
8B M Bela n n 5   PP -
8B M Ambo n n 6   PA -
8B M Chor - n 7   PP -
8B M Bela n n 8   PP -
8B M Dhar y y 7   PP -
8B M Ambo n n 6   PP -
"""
DAYS = (datetime.date(2025, 9, 1), datetime.date(2025, 9, 2))
BEGIN = datetime.date(2025, 6, 1)
STATUSES = {"P": AttendanceStatus.PRESENT, "L": AttendanceStatus.LATE, "A": AttendanceStatus.ABSENT}
CODES = {"P": "PRESENT", "L": "HALF", "A": "ABSENT"}
KNOWN = {"y": True, "n": False, "-": None}


@dataclass(frozen=True)
class Pupil:
    """One line of the sheet."""

    level: str
    section: str
    gender: Gender
    village: str
    card: bool | None
    clothes: bool
    score: Decimal
    days: str
    amount: Decimal | None


@dataclass
class Grouped:
    """The school of the sheet."""

    year: models.SchoolYear
    semester: models.Semester
    subject: models.Subject
    levels: dict[str, GradeLevel]
    courses: dict[str, models.Course]
    students: list[models.Student]


def pupils() -> list[Pupil]:
    lines = [line.split() for line in SHEET.strip().splitlines()]
    return [
        Pupil(
            level=course[0],
            section=course[1],
            gender=Gender.FEMALE if gender == "F" else Gender.MALE,
            village=village,
            card=KNOWN[card],
            clothes=clothes == "y",
            score=Decimal(score),
            days=days,
            amount=None if amount == "-" else Decimal(amount),
        )
        for course, gender, village, card, clothes, score, days, amount in lines
    ]


async def make_grouped(session: AsyncSession, school: School) -> Grouped:
    """The school as the sheet has it, in the session's transaction."""
    year = await create_school_year(session, school)
    await create_setting(
        session,
        school,
        category=SettingCategory.ACADEMIC,
        key="AGGREGATE_SMALLEST_GROUP",
        value="3",
        value_type=SettingType.INTEGER,
    )
    half = {"code": "HALF", "label": "Late", "status": AttendanceStatus.LATE, "present_value": Decimal("0.5")}
    await create_attendance_code(session, school, **half)
    found = await session.scalars(select(GradeLevel).where(GradeLevel.institution_id == school.id))
    levels = {level.code: level for level in found}
    courses = {
        name: await create_course(session, year, name=name, section=name[1], grade_level_id=levels[name[0]].id)
        for name in ("5A", "6A", "7A", "8A", "8B")
    }
    made = Grouped(
        year, await create_semester(session, year), await create_subject(session, school), levels, courses, []
    )
    made.subject.name = "Mathematics"
    await _fill(session, school, made)
    return made


async def _fill(session: AsyncSession, school: School, made: Grouped) -> None:
    """All rows of a table in one statement each."""
    key = {"institution_id": school.id}
    days = [models.CalendarDay(**key, school_year_id=made.year.id, date=day, kind="INSTRUCTIONAL") for day in DAYS]
    taken = [
        models.AttendanceTaken(**key, course_id=course.id, date=day) for course in made.courses.values() for day in DAYS
    ]
    made.students += [_student(key, number, pupil) for number, pupil in enumerate(pupils())]
    session.add_all([*days, *taken, *made.students])
    await session.flush()
    rows = [_rows(key, made, student, pupil) for student, pupil in zip(made.students, pupils(), strict=True)]
    session.add_all([each for some in rows for each in some])
    await session.flush()


def _student(key: dict[str, Any], number: int, pupil: Pupil) -> models.Student:
    return models.Student(
        **key,
        student_number=f"STU-2025-9{number:04}",
        first_name="Asha",
        last_name="Rao",
        gender=pupil.gender,
        date_of_birth=datetime.date(2013, 5, 17),
        registration_date=BEGIN,
        village=pupil.village,
        needs_clothes=pupil.clothes,
    )


def _rows(key: dict[str, Any], made: Grouped, student: models.Student, pupil: Pupil) -> list[models.Base]:
    course = made.courses[pupil.level + pupil.section]
    mine = {**key, "student_id": student.id}
    here = {**mine, "course_id": course.id}
    rows: list[models.Base] = [
        models.Enrollment(**here, begin_date=BEGIN),
        models.Grade(**here, subject_id=made.subject.id, semester_id=made.semester.id, date=DAYS[0], score=pupil.score),
    ]
    if pupil.card is not None:
        rows.append(models.FamilyInfo(**mine, poverty_card="IDPoor 1" if pupil.card else None))
    if pupil.amount is not None:
        given = {"name": "Aid", "amount": pupil.amount, "currency": "INR", "start_date": DAYS[0]}
        rows.append(models.Scholarship(**mine, **given))
    marks = [(day, mark) for day, mark in zip(DAYS, pupil.days, strict=True) if mark != "."]
    rows += [models.Attendance(**here, date=day, status=STATUSES[mark], code=CODES[mark]) for day, mark in marks]
    return rows
