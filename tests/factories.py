"""Records for tests: keyword-only, with a default for everything but the parents."""

import datetime
import itertools
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base

M = TypeVar("M", bound=Base)
_counter = itertools.count(1)
DAY = datetime.date(2025, 9, 1)


async def _add(session: AsyncSession, row: M) -> M:
    session.add(row)
    await session.flush()
    return row


async def create_student(session: AsyncSession, school: Any, **values: Any) -> models.Student:
    number = next(_counter)
    defaults = {
        "student_number": f"STU-2025-{number:05}",
        "first_name": "Asha",
        "last_name": "Rao",
        "gender": models.Gender.FEMALE,
        "date_of_birth": datetime.date(2013, 5, 17),
        "registration_date": datetime.date(2025, 6, 1),
    }
    return await _add(session, models.Student(institution_id=school.id, **(defaults | values)))


async def create_guardian(session: AsyncSession, school: Any, **values: Any) -> models.Guardian:
    defaults = {"first_name": "Ravi", "last_name": "Rao"}
    return await _add(session, models.Guardian(institution_id=school.id, **(defaults | values)))


async def link_guardian(
    session: AsyncSession, student: models.Student, guardian: models.Guardian, **values: Any
) -> models.StudentGuardian:
    defaults = {"relation": models.GuardianRelation.FATHER}
    link = models.StudentGuardian(
        institution_id=student.institution_id,
        student_id=student.id,
        guardian_id=guardian.id,
        **(defaults | values),
    )
    return await _add(session, link)


async def create_user(session: AsyncSession, school: Any, **values: Any) -> models.User:
    defaults = {"username": f"user{next(_counter)}", "first_name": "Meera", "last_name": "Nair"}
    return await _add(session, models.User(institution_id=school.id, **(defaults | values)))


async def create_school_year(session: AsyncSession, school: Any, **values: Any) -> models.SchoolYear:
    defaults = {
        "code": "2025-2026",
        "start_date": datetime.date(2025, 6, 1),
        "end_date": datetime.date(2026, 4, 30),
        "current": True,
    }
    return await _add(session, models.SchoolYear(institution_id=school.id, **(defaults | values)))


async def create_semester(session: AsyncSession, year: models.SchoolYear, **values: Any) -> models.Semester:
    defaults = {
        "name": "First semester",
        "code": f"S{next(_counter)}",
        "sequence": 1,
        "start_date": datetime.date(2025, 6, 1),
        "end_date": datetime.date(2025, 10, 31),
    }
    return await _add(
        session,
        models.Semester(institution_id=year.institution_id, school_year_id=year.id, **(defaults | values)),
    )


async def create_subject(session: AsyncSession, school: Any, **values: Any) -> models.Subject:
    defaults = {"name": f"Subject {next(_counter)}"}
    return await _add(session, models.Subject(institution_id=school.id, **(defaults | values)))


async def create_course(session: AsyncSession, year: models.SchoolYear, **values: Any) -> models.Course:
    defaults = {"name": f"Course {next(_counter)}", "section": "A"}
    return await _add(
        session, models.Course(institution_id=year.institution_id, school_year_id=year.id, **(defaults | values))
    )


async def teach(session: AsyncSession, course: models.Course, user: models.User, **values: Any) -> models.CourseTeacher:
    row = models.CourseTeacher(institution_id=course.institution_id, course_id=course.id, user_id=user.id, **values)
    return await _add(session, row)


async def enroll(
    session: AsyncSession, student: models.Student, course: models.Course, **values: Any
) -> models.Enrollment:
    defaults = {"begin_date": datetime.date(2025, 6, 1)}
    row = models.Enrollment(
        institution_id=student.institution_id, student_id=student.id, course_id=course.id, **(defaults | values)
    )
    return await _add(session, row)


async def grade(
    session: AsyncSession, student: models.Student, course: models.Course, subject: models.Subject, **values: Any
) -> models.Grade:
    defaults = {"date": DAY, "score": Decimal("7.5")}
    row = models.Grade(
        institution_id=student.institution_id,
        student_id=student.id,
        course_id=course.id,
        subject_id=subject.id,
        **(defaults | values),
    )
    return await _add(session, row)


async def mark_attendance(
    session: AsyncSession, student: models.Student, course: models.Course, **values: Any
) -> models.Attendance:
    defaults = {"date": DAY, "status": models.AttendanceStatus.PRESENT, "code": "PRESENT"}
    row = models.Attendance(
        institution_id=student.institution_id, student_id=student.id, course_id=course.id, **(defaults | values)
    )
    return await _add(session, row)
