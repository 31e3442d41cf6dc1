"""A class to mark: a course, its students, who teaches it, and how marks are sent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import Course, Role, SchoolYear, Semester, Student, User
from resolvers.viewer import Viewer
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_user,
    enroll,
    gid,
    teach,
)
from tests.mutating import mutate

RESULTS = (
    "results { place outcome student { id } mark { id version } errors { code field message currentVersion } }"
    " created updated unchanged refused"
)


@dataclass
class Class:
    """`year` and `semester` have 1 September 2025 in them, on which everybody is enrolled."""

    year: SchoolYear
    semester: Semester
    course: Course
    teacher: User
    students: list[Student]

    def viewer(self, school: School) -> Viewer:
        return school.viewer(Role.TEACHER, user_id=self.teacher.id)

    def marks(self, *each: dict[str, Any]) -> list[dict[str, Any]]:
        """A mark for each student, in their order."""
        return [{"student": gid(student), **mark} for student, mark in zip(self.students, each, strict=False)]


async def create_class(session: AsyncSession, school: Any, size: int, year: SchoolYear | None = None) -> Class:
    year = year or await create_school_year(session, school)
    semester = await create_semester(session, year)
    course = await create_course(session, year)
    teacher = await create_user(session, school)
    await teach(session, course, teacher)
    students = [await create_student(session, school) for _ in range(size)]
    for student in students:
        await enroll(session, student, course)
    return Class(year, semester, course, teacher, students)


async def record(execute: Execute, name: str, /, **given: Any) -> dict[str, Any]:
    """The payload of marking a class, with what became of each mark."""
    return await mutate(execute, name, RESULTS, **given)


def outcomes(payload: dict[str, Any]) -> list[str]:
    return [each["outcome"] for each in payload["results"]]


def refusals(errors: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Code, field and message of each error."""
    return [(error["code"], ".".join(error["field"]), error["message"]) for error in errors]
