"""How a class did, and what is missing, on the worked school."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import gid
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

SUMMARY = """query ($course: ID!, $semester: ID!) { courseGradeSummary(course: $course, semester: $semester) {
    subjects { subject { name } students expected marked passed markCount exempt missing exact mean lowest highest }
    rows { student { firstName } subjects { average markCount } }
} }"""
MISSING = """query ($semester: ID!, $course: ID, $first: Int! = 25, $offset: Int! = 0) {
    missingGrades(semester: $semester, course: $course, first: $first, offset: $offset) {
        course { section } student { firstName } subject { name } markCount missing
} }"""
# Farid and Gita, by hand: the subject, the marks that are there, and those that are not.
LACKING = [
    ("Farid", "English", 0, 1),
    ("Farid", "Mathematics", 2, 1),
    ("Gita", "Art", 0, 0),
    ("Gita", "English", 0, 1),
    ("Gita", "Mathematics", 0, 3),
]


def keys(made: WorkedSchool, **values: Any) -> dict[str, Any]:
    return {"course": gid(made.course), "semester": gid(made.semester), **values}


def lacking(found: Any) -> list[tuple[Any, ...]]:
    return [
        (each["student"]["firstName"], each["subject"]["name"], each["markCount"], each["missing"]) for each in found
    ]


async def test_subjects_of_a_class_add_up(session: AsyncSession, school: School, execute: Execute) -> None:
    """Mathematics: (82 + 83 + 60 + 50 + 70) / 5; English: (82 + 80 + 90 + 50) / 4; Art: 294.98 / 4 = 73.745."""
    made = await worked_school(session, school)

    answer = await execute(SUMMARY, **keys(made))

    found = answer.found["courseGradeSummary"]
    assert [(each.pop("subject")["name"], *each.values()) for each in found["subjects"]] == [
        ("Art", 6, 5, 4, 3, 5, 1, 0, "73.745", "73.75", "49.98", "87.5"),
        ("English", 6, 6, 4, 4, 4, 0, 2, "75.5", "75.5", "50", "90"),
        ("Mathematics", 6, 6, 5, 5, 11, 0, 4, "69", "69", "50", "83"),
    ]
    rows = {row["student"]["firstName"]: [each["average"] for each in row["subjects"]] for row in found["rows"]}
    assert rows == {name: [figures[0][each] for each in sorted(figures[0])] for name, figures in HAND.items()}
    assert answer.statements == 6


async def test_classes_without_marks_have_nothing_to_sum_up(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    for course in (made.empty, made.unmarked):
        found = (await execute(SUMMARY, **keys(made, course=gid(course)))).found["courseGradeSummary"]
        assert found["subjects"] == []


async def test_what_is_missing_is_listed(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)

    answer = await execute(MISSING, semester=gid(made.semester))
    parts = [
        (await execute(MISSING, semester=gid(made.semester), first=2, offset=n)).found["missingGrades"]
        for n in (0, 2, 4)
    ]

    found = answer.found["missingGrades"]
    assert lacking(found) == LACKING
    assert [each for part in parts for each in part] == found
    assert (await execute(MISSING, **keys(made, course=gid(made.unmarked)))).found == {"missingGrades": []}
    # What is missing, and the courses, students and subjects of it.
    assert answer.statements == 4
    assert answer.students == {made.students[name].id for name in ("Farid", "Gita")}


@pytest.mark.parametrize("name", SEEN)
async def test_families_get_no_summary_and_only_what_their_own_lack(
    session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)

    summary = (await execute(SUMMARY, viewer=viewer, **keys(made))).found["courseGradeSummary"]
    missing = (await execute(MISSING, viewer=viewer, semester=gid(made.semester))).found["missingGrades"]

    assert (summary is not None) == (len(SEEN[name]) > 1)
    assert lacking(missing) == [each for each in LACKING if each[0] in SEEN[name]]


@pytest.mark.parametrize("value", [101, -1])
async def test_too_many_at_once_are_refused(
    session: AsyncSession, school: School, execute: Execute, value: int
) -> None:
    made = await worked_school(session, school)
    answer = await execute(MISSING, refused=True, semester=gid(made.semester), first=value)
    assert answer.refusal == ("BAD_USER_INPUT", "first")
