"""A class as a matrix of students and subjects: figures, statements, and what can be selected below it."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_assessment_category,
    create_guardian,
    create_student,
    create_user,
    enroll,
    gid,
    grade,
    link_guardian,
    teach,
)
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

MATRIX = """query ($course: ID!, $semester: ID!) {
    courseGradeMatrix(course: $course, semester: $semester) { classSize ranked
        rows { student { firstName } average letter rank classSize missing complete
            subjects { subject { name } average } }
} }"""
DEEP = """query ($course: ID!, $semester: ID!) {
    courseGradeMatrix(course: $course, semester: $semester) {
        course { name teachers { user { fullName } } } semester { schoolYear { code } }
        rows {
            student { fullName enrollments { course { name } } guardians { guardian { fullName } } }
            explain { scale { name } }
            subjects { subject { name } marks { value grade { comment } category { name } } }
        }
} }"""


def keys(made: WorkedSchool, **values: Any) -> dict[str, Any]:
    return {"course": gid(made.course), "semester": gid(made.semester), **values}


async def test_a_matrix_has_the_figures_worked_out_by_hand(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)

    answer = await execute(MATRIX, **keys(made))

    found = answer.found["courseGradeMatrix"]
    assert (found["classSize"], found["ranked"]) == (6, 5)
    assert [row["student"]["firstName"] for row in found["rows"]] == list(HAND)
    for row in found["rows"]:
        averages = {each["subject"]["name"]: each["average"] for each in row["subjects"]}
        wanted = HAND[row["student"]["firstName"]]
        assert (averages, row["average"], row["letter"], row["rank"]) == wanted[:4]
        assert (row["missing"], row["complete"]) == wanted[5:]
    assert answer.students == {made.students[name].id for name in HAND}


async def test_an_empty_class_and_one_without_marks(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)

    empty = (await execute(MATRIX, **keys(made, course=gid(made.empty)))).found["courseGradeMatrix"]
    unmarked = (await execute(MATRIX, **keys(made, course=gid(made.unmarked)))).found["courseGradeMatrix"]

    assert empty == {"classSize": None, "ranked": None, "rows": []}
    assert (unmarked["classSize"], unmarked["ranked"]) == (1, 0)
    (row,) = unmarked["rows"]
    assert (row["student"]["firstName"], row["average"], row["rank"], row["subjects"]) == ("Gita", None, None, [])


@pytest.mark.parametrize(("document", "statements"), [(MATRIX, 3), (DEEP, 16)], ids=["figures", "deep"])
async def test_as_many_statements_for_forty_as_for_one(
    session: AsyncSession, school: School, execute: Execute, document: str, statements: int
) -> None:
    made = await worked_school(session, school)
    for course, count in ((made.empty, 1), (made.unmarked, 39)):
        await teach(session, course, await create_user(session, school))
        kind = await create_assessment_category(session, school)
        test = await create_assessment(session, course, semester_id=made.semester.id, category_id=kind.id)
        for n in range(count):
            student = await create_student(session, school, first_name=f"S{n:02}")
            await enroll(session, student, course)
            await link_guardian(session, student, await create_guardian(session, school))
            for subject in made.subjects.values():
                await grade(session, student, course, subject, assessment_id=test.id)

    one = await execute(document, **keys(made, course=gid(made.empty)))
    forty = await execute(document, **keys(made, course=gid(made.unmarked)))

    assert len(one.found["courseGradeMatrix"]["rows"]) == 1
    assert len(forty.found["courseGradeMatrix"]["rows"]) == 40
    assert one.statements == forty.statements == statements


@pytest.mark.parametrize("missing", ["course", "semester"])
async def test_of_what_does_not_exist_there_is_no_matrix(
    session: AsyncSession, school: School, execute: Execute, missing: str
) -> None:
    made = await worked_school(session, school)
    answer = await execute(MATRIX, **keys(made, **{missing: {"course": "crs_1", "semester": "sem_1"}[missing]}))
    assert answer.found == {"courseGradeMatrix": None}
