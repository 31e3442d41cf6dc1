"""The report of one student in a course and semester."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import gid
from tests.reports.worked_school import HAND, LEAVER, WorkedSchool, worked_school

REPORT = """query ($student: ID!, $course: ID!, $semester: ID!, $method: RankMethod) {
    gradeReport(student: $student, course: $course, semester: $semester, method: $method) {
        student { firstName } course { section } semester { code } member average letter passed rank classSize ranked
        complete missing expected marked markCount
        subjects { subject { name } average letter points rank completeness missing }
} }"""
MARKS = """query ($student: ID!, $course: ID!, $semester: ID!) {
    gradeReport(student: $student, course: $course, semester: $semester) {
        explain { scale { name bands { letter } } minScore maxScore passMark roundingMode decimals
            weighted weights exact rules }
        subjects {
            subject { name } coefficient credits exact average
            marks { value weight counts exempt category { name } grade { score scoreStatus assessment { maxScore } } }
        }
} }"""


def keys(made: WorkedSchool, name: str, **values: Any) -> dict[str, Any]:
    return {"student": gid(made.students[name]), "course": gid(made.course), "semester": gid(made.semester), **values}


@pytest.mark.parametrize("name", [*HAND, "Deepak"])
async def test_a_report_has_the_figures_worked_out_by_hand(
    session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    made = await worked_school(session, school)

    answer = await execute(REPORT, **keys(made, name))
    dense = (await execute(REPORT, **keys(made, name, method="DENSE"))).found["gradeReport"]

    found = answer.found["gradeReport"]
    averages = {each["subject"]["name"]: each["average"] for each in found["subjects"]}
    figures = (averages, found["average"], found["letter"], found["rank"], dense["rank"], found["missing"])
    assert (*figures, found["complete"]) == (LEAVER if name == "Deepak" else HAND[name])
    assert (found["student"]["firstName"], found["course"]["section"]) == (name, "A")
    assert (found["member"], found["classSize"], found["ranked"]) == (name != "Deepak", 6, 5)
    # The report, its student, course and semester, and the subjects.
    assert answer.statements == 5
    assert answer.students == {made.students[name].id}


async def test_a_report_explains_its_figures(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)

    found = (await execute(MARKS, **keys(made, "Farid"))).found["gradeReport"]

    account = found["explain"]
    assert account.pop("scale") == {"name": made.scale.name, "bands": [{"letter": each} for each in "ABCF"]}
    assert len(account.pop("rules")) == 6
    assert account == {
        "minScore": "0",
        "maxScore": "100",
        "passMark": "50",
        "roundingMode": "HALF_UP",
        "decimals": 2,
        "weighted": "140",
        "weights": "2",
        "exact": "70",
    }


async def test_a_report_has_the_marks_behind_its_averages(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)

    art, english, mathematics = (await execute(MARKS, **keys(made, "Farid"))).found["gradeReport"]["subjects"]

    assert (mathematics["coefficient"], mathematics["credits"], mathematics["exact"]) == ("2", "4", "70")
    for mark in mathematics["marks"]:
        mark |= {"category": mark["category"]["name"], **mark.pop("grade")}
        mark["assessment"] = mark["assessment"]["maxScore"]
    names = ("value", "weight", "counts", "category", "score", "scoreStatus", "assessment")
    assert [tuple(mark[name] for name in names) for mark in mathematics["marks"]] == [
        ("70", "60", True, "Exam", "70", "FULLY_GRADED", None),
        (None, "40", False, "Homework", None, "NOT_SUBMITTED", "20"),
        ("70", "40", True, "Homework", "14", "FULLY_GRADED", "20"),
    ]
    assert english["marks"] == []
    assert [(each["counts"], each["exempt"], each["category"]) for each in art["marks"]] == [(False, True, None)]


async def test_without_a_scale_the_settings_explain(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    made.course.grading_scale_id = None
    await session.flush()

    found = (await execute(MARKS, **keys(made, "Anita"))).found["gradeReport"]["explain"]

    assert (found["scale"], found["minScore"], found["maxScore"], found["passMark"]) == (None, "0", "10", "5")


@pytest.mark.parametrize("missing", ["student", "course", "semester"])
async def test_of_what_does_not_exist_there_is_no_report(
    session: AsyncSession, school: School, execute: Execute, missing: str
) -> None:
    made = await worked_school(session, school)
    prefix = {"student": "stu", "course": "crs", "semester": "sem"}[missing]
    assert (await execute(REPORT, **keys(made, "Anita", **{missing: f"{prefix}_1"}))).found == {"gradeReport": None}


@pytest.mark.parametrize("wrong", ["student", "course", "semester"])
async def test_an_id_of_something_else_is_refused_by_name(
    session: AsyncSession, school: School, execute: Execute, wrong: str
) -> None:
    made = await worked_school(session, school)
    answer = await execute(REPORT, refused=True, **keys(made, "Anita", **{wrong: "sub_1"}))
    assert answer.refusal == ("BAD_USER_INPUT", wrong)


async def test_who_was_never_in_the_course_has_no_report(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    assert (await execute(REPORT, **keys(made, "Hari"))).found == {"gradeReport": None}
    assert (await execute(REPORT, **keys(made, "Anita", course=gid(made.empty)))).found == {"gradeReport": None}
