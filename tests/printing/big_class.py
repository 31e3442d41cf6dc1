"""A class of forty with twelve subjects, whose names, marks and attendance are as awkward as real ones are."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import AttendanceStatus, ScoreStatus
from tests.conftest import School
from tests.factories import (
    create_band,
    create_course,
    create_grading_scale,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    create_user,
    enroll,
    teach,
    teach_subject,
)

FIRST_NAMES = (
    "Aarav", "Beate", "Chitra", "\u0110\u1eb7ng", "\u00c9lodie", "Farid", "G\u00fcl",
    "\u0939\u0930\u093f\u0936\u094d\u091a\u0928\u094d\u0926\u094d\u0930", "Ingeborg-Wilhelmine", "Jyoti",
)  # fmt: skip
LAST_NAMES = ("M\u00fcller-L\u00fcdenscheidt", "Sharma", "O'Brien & <Sons>", "Venkata Subramaniam Chandrasekhar")
SUBJECTS = (
    "Art", "Biology", "Chemistry", "Computer Science and Information Practices", "English", "Environmental Studies",
    "Geography", "\u0939\u093f\u0928\u094d\u0926\u0940", "History", "Mathematics", "Physical Education", "Physics",
)  # fmt: skip
STUDENTS = 40
# The first Mondays of three months, of which one roster was not taken.
FIRST, LAST, NOT_TAKEN = datetime.date(2025, 7, 1), datetime.date(2025, 9, 30), datetime.date(2025, 8, 11)
STATUSES = (AttendanceStatus.ABSENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED)


@dataclass(frozen=True)
class BigClass:
    semester: models.Semester
    course: models.Course
    students: list[models.Student]

    @property
    def ids(self) -> dict[str, str]:
        return {"course": f"crs_{self.course.id}", "semester": f"sem_{self.semester.id}"}


def score(student: int, subject: int) -> Decimal:
    """From 20 to 99.99, the same every time."""
    return Decimal((student * 3701 + subject * 5303 + student * subject * 1117) % 8000) / 100 + 20


def grade_of(student: int, subject: int) -> dict[str, object] | None:
    """The mark of a student in a subject: now and then none, an exemption, or one that is still to come."""
    at = (student * 12 + subject) % 41
    if at == 3:
        return None
    if at == 17:
        return {"score": None, "score_status": ScoreStatus.EXEMPT}
    if at == 29:
        return {"score": None, "score_status": ScoreStatus.NOT_SUBMITTED}
    return {"score": score(student, subject)}


async def big_class(
    session: AsyncSession, school: School, *, students: int = STUDENTS, letters: bool = True
) -> BigClass:
    year = await create_school_year(session, school)
    semester = await create_semester(session, year)
    scale = await create_grading_scale(session, school, min_score=0, max_score=100, pass_mark=40)
    for letter, bound in (("A", 80), ("B", 65), ("C", 50), ("D", 40), ("F", 0)) if letters else ():
        await create_band(session, scale, letter=letter, lower_bound=bound, points=0)
    course = await create_course(session, year, name="Class 10", section="B", grading_scale_id=scale.id)
    teacher = await create_user(session, school, first_name="Karthikeyan", last_name="Venkataramanan")
    await teach(session, course, teacher)
    subjects = [await create_subject(session, school, name=name) for name in SUBJECTS]
    for place, subject in enumerate(subjects):
        await teach_subject(session, course, subject, coefficient=1 + (place % 4 == 0), credits=4)
    found = []
    for number in range(students):
        names = {"first_name": FIRST_NAMES[number % 10], "last_name": LAST_NAMES[number % 4]}
        student = await create_student(session, school, student_number=f"STU-2025-{number:05}", **names)
        await enroll(session, student, course)
        found.append(student)
    made = BigClass(semester, course, found)
    _mark(session, made, subjects)
    _attend(session, made, year)
    await session.flush()
    return made


def _mark(session: AsyncSession, made: BigClass, subjects: list[models.Subject]) -> None:
    for number, student in enumerate(made.students):
        for place, subject in enumerate(subjects):
            if (values := grade_of(number, place)) is None:
                continue
            mark = models.Grade(
                institution_id=student.institution_id,
                student_id=student.id,
                course_id=made.course.id,
                subject_id=subject.id,
                semester_id=made.semester.id,
                date=datetime.date(2025, 8, 20),
                **values,
            )
            session.add(mark)


def _attend(session: AsyncSession, made: BigClass, year: models.SchoolYear) -> None:
    school, course = made.course.institution_id, made.course.id
    days = [FIRST + datetime.timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    for at, day in enumerate(day for day in days if day.weekday() == 0 and day.day < 15):
        session.add(
            models.CalendarDay(
                institution_id=school, school_year_id=year.id, date=day, kind=models.CalendarDayKind.INSTRUCTIONAL
            )
        )
        if day == NOT_TAKEN:
            continue
        session.add(models.AttendanceTaken(institution_id=school, course_id=course, date=day))
        for number, student in enumerate(made.students):
            kind = (number * 7 + at * 5) % 29
            if kind == 28:
                continue
            status = STATUSES[kind] if kind < len(STATUSES) else AttendanceStatus.PRESENT
            mark = {"student_id": student.id, "course_id": course, "date": day, "status": status, "code": status.value}
            session.add(models.Attendance(institution_id=school, **mark))
