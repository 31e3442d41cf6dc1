"""What people call courses, semesters and students, as the command line takes it."""

import datetime
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.printing.naming import course_id, semester_id, student_id
from models import Role
from resolvers.context import Context
from resolvers.errors import DomainError, Invalid, NotFound
from tests.answers import NOW
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_course, create_school_year, gid
from tests.reports.worked_school import WorkedSchool, worked_school

SUMMER, YEARS_AGO = datetime.date(2025, 7, 1), datetime.date(2020, 7, 1)


@pytest.fixture
async def made(session: AsyncSession, school: School) -> WorkedSchool:
    return await worked_school(session, school)


Find = Callable[..., Awaitable[Any]]


@pytest.fixture
def find(connections: OneConnection, school: School) -> Find:
    """Look something up as the command line does."""

    async def look_up(function: Callable[..., Awaitable[Any]], text: str, **more: Any) -> Any:
        async with Context(connections, school.viewer(Role.REPORTER), now=NOW) as context:
            return await function(context, "", text, **more)

    return look_up


async def test_ids_and_names_lead_to_the_same(find: Find, made: WorkedSchool) -> None:
    semester = (gid(made.semester), gid(made.year))
    for text in (gid(made.semester), made.semester.code):
        assert await find(semester_id, text) == semester
    for text in (gid(made.course), "7 A", "7 a"):
        assert await find(course_id, text, year=gid(made.year)) == gid(made.course)
    anita = made.students["Anita"]
    for text in (gid(anita), anita.student_number):
        assert await find(student_id, text) == gid(anita)


async def test_a_name_is_that_of_the_year(find: Find, session: AsyncSession, made: WorkedSchool) -> None:
    days = {"start_date": datetime.date(2020, 6, 1), "end_date": datetime.date(2021, 3, 31), "current": False}
    before = await create_school_year(session, School(made.course.institution_id, ""), code="2020-2021", **days)
    old = await create_course(session, before, name="7", section="A")
    assert await find(course_id, "7 A", day=SUMMER) == gid(made.course)
    assert await find(course_id, "7 A", day=YEARS_AGO) == gid(old)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [("8 A", NotFound, "course: there is no course '8 A'"),
     ("7", Invalid, "course: there are several '7', name one by its id: crs_")],
    ids=["none", "several"],
)  # fmt: skip
async def test_a_name_that_does_not_tell(
    find: Find, made: WorkedSchool, text: str, error: type[DomainError], message: str
) -> None:
    with pytest.raises(error) as refused:
        await find(course_id, text, year=gid(made.year))
    assert str(refused.value).startswith(message)


async def test_a_semester_and_a_student_that_are_not_there(find: Find) -> None:
    with pytest.raises(NotFound, match="semester: there is no semester 'S9-1'"):
        await find(semester_id, "S9-1")
    with pytest.raises(NotFound, match="student: there is no student 'STU-0'"):
        await find(student_id, "STU-0")
