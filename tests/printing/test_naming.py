"""What people call courses, semesters and students, as the command line takes it."""

import datetime
from collections.abc import AsyncIterator

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


@pytest.fixture
async def context(connections: OneConnection, school: School) -> AsyncIterator[Context]:
    async with Context(connections, school.viewer(Role.REPORTER), now=NOW) as context:
        yield context


async def test_ids_and_names_lead_to_the_same(context: Context, made: WorkedSchool) -> None:
    semester = (gid(made.semester), gid(made.year))
    for text in (gid(made.semester), made.semester.code):
        assert await semester_id(context, "", text) == semester
    for text in (gid(made.course), "7 A", "7 a"):
        assert await course_id(context, "", text, year=gid(made.year)) == gid(made.course)
    anita = made.students["Anita"]
    for text in (gid(anita), anita.student_number):
        assert await student_id(context, "", text) == gid(anita)


async def test_a_name_is_that_of_the_year(context: Context, session: AsyncSession, made: WorkedSchool) -> None:
    days = {"start_date": datetime.date(2020, 6, 1), "end_date": datetime.date(2021, 3, 31), "current": False}
    before = await create_school_year(session, School(made.course.institution_id, ""), code="2020-2021", **days)
    old = await create_course(session, before, name="7", section="A")
    assert await course_id(context, "", "7 A", day=SUMMER) == gid(made.course)
    assert await course_id(context, "", "7 A", day=YEARS_AGO) == gid(old)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [("8 A", NotFound, "course: there is no course '8 A'"),
     ("7", Invalid, "course: there are several '7', name one by its id: crs_")],
    ids=["none", "several"],
)  # fmt: skip
async def test_a_name_that_does_not_tell(
    context: Context, made: WorkedSchool, text: str, error: type[DomainError], message: str
) -> None:
    with pytest.raises(error) as refused:
        await course_id(context, "", text, year=gid(made.year))
    assert str(refused.value).startswith(message)


async def test_a_semester_and_a_student_that_are_not_there(context: Context) -> None:
    with pytest.raises(NotFound, match="semester: there is no semester 'S9-1'"):
        await semester_id(context, "", "S9-1")
    with pytest.raises(NotFound, match="student: there is no student 'STU-0'"):
        await student_id(context, "", "STU-0")
