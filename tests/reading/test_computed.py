"""Computed values of an alias: limited relations and relation filters read aliases of their tables."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories import (
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    enroll,
    grade,
)


async def _class_of_three(session: AsyncSession, school: Any) -> Any:
    year = await create_school_year(session, school)
    semester, subject = await create_semester(session, year), await create_subject(session, school)
    course = await create_course(session, year)
    for first_name in ("Chitra", "Asha", "Bina"):
        student = await create_student(session, school, first_name=first_name, last_name="Iyer")
        await enroll(session, student, course, begin_date=datetime.date(2025, 6, 1))
        await grade(session, student, course, subject, semester_id=semester.id)
    return course


async def test_a_limited_list_sorts_by_each_row_s_own_student(session: AsyncSession, school: Any, execute: Any) -> None:
    course = await _class_of_three(session, school)

    document = """query ($id: ID!) { course(id: $id) { grades(
        first: 2, orderBy: [{ field: STUDENT_FIRST_NAME }]) { student { fullName } teacher { id } } } }"""
    answer = await execute(document, id=f"crs_{course.id}")

    names = [each["student"]["fullName"] for each in answer.data["course"]["grades"]]
    assert names == ["Asha Iyer", "Bina Iyer"]


async def test_a_nested_page_shows_each_row_s_own_values(session: AsyncSession, school: Any, execute: Any) -> None:
    await _class_of_three(session, school)

    document = """{ subjects { nodes { grades(first: 3, orderBy: [{ field: STUDENT_FIRST_NAME, direction: DESC }])
        { totalCount nodes { student { firstName } } } } } }"""
    answer = await execute(document)

    (page,) = [each["grades"] for each in answer.data["subjects"]["nodes"]]
    assert [each["student"]["firstName"] for each in page["nodes"]] == ["Chitra", "Bina", "Asha"]
    assert page["totalCount"] == 3
