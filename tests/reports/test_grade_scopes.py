"""Whose figures of marks everybody sees: with ranks of the whole class, and nothing of who is hidden."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.answers import run
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.onlookers import OFFICE, SEEN, onlookers
from tests.reports.test_grade_matrix import MATRIX, keys
from tests.reports.test_grade_report import REPORT
from tests.reports.test_grade_report import keys as report_keys
from tests.reports.worked_school import HAND, NAMES, worked_school


@pytest.mark.parametrize("name", SEEN)
async def test_reports_of_whom_one_sees_and_of_nobody_else(
    session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    """What is hidden answers like who was never there, in as many statements."""
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)

    answers = {each: await execute(REPORT, viewer=viewer, **report_keys(made, each)) for each in NAMES}

    found = {each: answer.found["gradeReport"] for each, answer in answers.items()}
    assert tuple(each for each, report in found.items() if report) == SEEN[name]
    for each, answer in answers.items():
        if not found[each]:
            assert answer.statements == 1
            assert answer.students == set()
        elif each in HAND:
            assert (found[each]["rank"], found[each]["classSize"]) == (HAND[each][3], 6)
            assert answer.students == {made.students[each].id}


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("planning", [True, False])
async def test_a_matrix_has_the_rows_that_one_sees(
    session: AsyncSession, school: School, connections: OneConnection, name: str, planning: bool
) -> None:
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)
    seen = [each for each in HAND if each in SEEN[name]]

    answer = await run(connections, viewer, MATRIX, keys(made), planning=planning)

    found = answer.found["courseGradeMatrix"]
    if not seen:
        assert found is None
        return
    assert [(row["student"]["firstName"], row["rank"]) for row in found["rows"]] == [(n, HAND[n][3]) for n in seen]
    assert (found["classSize"], found["ranked"]) == (6, 5)
    assert answer.students == {made.students[each].id for each in seen}


async def test_another_school_s_class_is_not_there(
    session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    for viewer in (other_school.viewer(role) for role in OFFICE.values()):
        assert (await execute(MATRIX, viewer=viewer, **keys(made))).found == {"courseGradeMatrix": None}
        assert (await execute(REPORT, viewer=viewer, **report_keys(made, "Anita"))).found == {"gradeReport": None}


async def test_marks_behind_an_average_are_those_of_whom_one_sees(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer("mother")
    document = """query ($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) {
        rows { student { id } subjects { marks { grade { id student { id } } } } } } }"""

    (row,) = (await execute(document, viewer=viewer, **keys(made))).found["courseGradeMatrix"]["rows"]

    marks = [mark["grade"]["student"]["id"] for subject in row["subjects"] for mark in subject["marks"]]
    assert marks == [gid(made.students["Anita"])] * 6
