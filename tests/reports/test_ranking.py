"""Rankings over courses: one scale, one order, the viewer's courses and rows."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_course, create_grade_level, enroll, gid, grade, teach_subject
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import HAND, WorkedSchool, create_scale, worked_school

RANKING = """query ($semester: ID!, $course: ID, $level: ID, $section: String, $subject: ID, $method: RankMethod,
        $first: Int! = 25, $offset: Int! = 0) {
    ranking(semester: $semester, course: $course, gradeLevel: $level, section: $section, subject: $subject,
            method: $method, first: $first, offset: $offset) {
        ranked mean meanRounded
        rows { rank average letter passed subjectCount markCount section student { firstName } course { section }
            explain { scale { name } maxScore weighted weights exact rules } }
} }"""
PERFORMANCE = """query ($semester: ID!, $level: ID, $section: String, $first: Int! = 25) {
    studentPerformance(semester: $semester, gradeLevel: $level, section: $section, first: $first) {
        rank average markCount section gradeLevel { name } student { firstName }
} }"""


def keys(made: WorkedSchool, **values: Any) -> dict[str, Any]:
    return {"semester": gid(made.semester), **values}


def places(found: Any) -> list[Any]:
    return [(row["student"]["firstName"], row["rank"], row["average"]) for row in found]


async def test_a_course_is_ranked_as_its_reports_say(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)

    answer = await execute(RANKING, **keys(made, course=gid(made.course)))
    dense = (await execute(RANKING, **keys(made, course=gid(made.course), method="DENSE"))).found["ranking"]

    found = answer.found["ranking"]
    assert places(found["rows"]) == [
        ("Anita", 1, "83.38"),
        ("Binod", 1, "83.38"),
        ("Chitra", 3, "70"),
        ("Farid", 3, "70"),
        ("Esha", 5, "50"),
    ]
    assert [row["rank"] for row in dense["rows"]] == [1, 1, 2, 2, 3]
    # (83.375 + 83.375 + 70 + 70 + 49.995) / 5
    assert (found["ranked"], found["mean"], found["meanRounded"]) == (5, "71.349", "71.35")
    assert (found["rows"][0]["letter"], found["rows"][0]["subjectCount"], found["rows"][0]["markCount"]) == ("A", 3, 6)
    # The figures, and their students, courses and scale.
    assert answer.statements == 4
    assert answer.students == {made.students[name].id for name in HAND if name != "Gita"}


async def second_course(session: AsyncSession, school: School, made: WorkedSchool) -> Any:
    """Music in a course of its own, up to 10: Gita has 9, Anita 4; it weighs as much as Anita's other subjects."""
    level = await create_grade_level(session, school, name="Grade 8")
    scale = await create_scale(session, school, max_score=10, pass_mark=5)
    made.scale.school_default = True
    await session.flush()
    course = await create_course(
        session, made.year, name="Music", section="M", grading_scale_id=scale.id, grade_level_id=level.id
    )
    subject = made.subjects["Art"]
    await teach_subject(session, course, subject, coefficient=4)
    for name, score in (("Gita", 9), ("Anita", 4)):
        await enroll(session, made.students[name], course)
        values = {"semester_id": made.semester.id, "score": Decimal(score), "date": datetime.date(2025, 9, 5)}
        await grade(session, made.students[name], course, subject, **values)
    return course


async def test_courses_with_scales_of_their_own_are_ranked_on_the_school_s(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Anita: (4 * 83.375 + 4 * 40) / 8 = 61.6875."""
    made = await worked_school(session, school)
    course = await second_course(session, school, made)

    whole = (await execute(RANKING, **keys(made))).found["ranking"]
    music = (await execute(RANKING, **keys(made, course=gid(course)))).found["ranking"]
    art = (await execute(RANKING, **keys(made, subject=gid(made.subjects["Art"]), first=2))).found["ranking"]
    level = (await execute(RANKING, **keys(made, level=f"lvl_{course.grade_level_id}", section="M"))).found["ranking"]

    assert places(whole["rows"]) == [
        ("Gita", 1, "90"),
        ("Binod", 2, "83.38"),
        ("Chitra", 3, "70"),
        ("Farid", 3, "70"),
        ("Anita", 5, "61.69"),
        ("Esha", 6, "50"),
    ]
    assert {row["course"]["section"] for row in whole["rows"]} == {"A"}
    anita = whole["rows"][4]["explain"]
    assert len(anita.pop("rules")) == 9
    assert anita == {"scale": {"name": made.scale.name}, "maxScore": "100", "weighted": "493.5", "weights": "8"} | {
        "exact": "61.6875"
    }
    assert places(music["rows"]) == [("Gita", 1, "9"), ("Anita", 2, "4")]
    assert places(level["rows"]) == [("Gita", 1, "90"), ("Anita", 2, "40")]
    assert (art["ranked"], places(art["rows"])) == (5, [("Gita", 1, "90"), ("Binod", 2, "87.5")])


async def test_performance_has_also_who_has_no_marks(session: AsyncSession, school: School, execute: Execute) -> None:
    """The school has no scale of its own, so that its settings hold: marks up to 10."""
    made = await worked_school(session, school)

    answer = await execute(PERFORMANCE, **keys(made))

    found = answer.found["studentPerformance"]
    assert (places(found)[0], places(found)[-2:]) == (("Anita", 1, "8.34"), [("Esha", 5, "5"), ("Gita", None, None)])
    assert [row["markCount"] for row in found] == [6, 5, 3, 2, 4, 0]
    assert {(row["section"], row["gradeLevel"]) for row in found} == {("A", None)}
    # Figures and students; no grade level is to be looked for.
    assert answer.statements == 2
    one = await execute(PERFORMANCE, **keys(made, section="C"))
    assert (places(one.found["studentPerformance"]), one.statements) == ([("Gita", None, None)], 2)


async def test_parts_follow_each_other(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    rows = [
        row
        for offset in range(0, 8, 2)
        for row in (await execute(RANKING, **keys(made, first=2, offset=offset))).found["ranking"]["rows"]
    ]
    assert rows == (await execute(RANKING, **keys(made))).found["ranking"]["rows"]


@pytest.mark.parametrize(
    ("field", "value"), [("first", 101), ("first", -1), ("offset", -1), ("course", "sub_1"), ("subject", "crs_1")]
)
async def test_arguments_out_of_range_are_refused_by_name(
    session: AsyncSession, school: School, execute: Execute, field: str, value: Any
) -> None:
    made = await worked_school(session, school)
    answer = await execute(RANKING, refused=True, **keys(made, **{field: value}))
    assert answer.refusal == ("BAD_USER_INPUT", field)
    assert answer.statements == 0


@pytest.mark.parametrize("name", SEEN)
async def test_everybody_gets_the_rows_they_see_with_ranks_among_all(
    session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    """Gita's marks are in Music, which the teacher of 7 A and 7 C does not teach."""
    made = await worked_school(session, school)
    await second_course(session, school, made)
    viewer = (await onlookers(session, school, made)).viewer(name)

    found = (await execute(RANKING, viewer=viewer, **keys(made))).found["ranking"]

    shown = {row["student"]["firstName"]: row["rank"] for row in found["rows"]}
    ranks = {"Gita": 1, "Binod": 2, "Chitra": 3, "Farid": 3, "Anita": 5, "Esha": 6}
    if name == "teacher":
        assert shown == {"Anita": 1, "Binod": 1, "Chitra": 3, "Farid": 3, "Esha": 5}
    elif name == "parent":
        # Who teaches gets the figures of the courses taught, and Farid is in none of them.
        assert shown == {}
    else:
        assert shown == {each: rank for each, rank in ranks.items() if each in SEEN[name]}
    office = len(shown) > 1
    assert (found["mean"] is not None) == office
    assert found["ranked"] == (None if not shown else 5 if name == "teacher" else 6)


@pytest.mark.parametrize("name", ["mother", "student", "teacher"])
async def test_families_rank_a_school_a_few_times_only(
    session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    """Of one course everybody may ask as often as an operation has fields."""
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)
    asked = "ranking(semester: $semester{}) {{ ranked }}"
    lists = ["studentPerformance(semester: $semester) { rank }", *[asked.format("")] * 4]
    of_course = [asked.format(", course: $course")] * 5
    fields = " ".join(f"f{number}: {text}" for number, text in enumerate([*of_course, *lists]))

    document, variables = f"query ($semester: ID!, $course: ID!) {{ {fields} }}", keys(made, course=gid(made.course))
    answer = await execute(document, viewer=viewer, refused=name != "teacher", **variables)

    assert [answer.found[f"f{number}"]["ranked"] for number in range(5)] == [5] * 5
    if name != "teacher":
        assert answer.refusal == ("BAD_USER_INPUT", "course")
