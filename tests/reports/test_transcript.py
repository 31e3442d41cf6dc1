"""Transcripts: credits and grade points by term and over all, on the worked school and a second semester after it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_semester, gid, grade
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import NAMES, WorkedSchool, worked_school

TRANSCRIPT = """query ($student: ID!) { transcript(student: $student) { credits gpa student { firstName }
    explain { weighted weights rules }
    terms { semester { sequence } explain { weighted weights } credits gpa cumulativeCredits cumulativeGpa
        results { subject { name } course { section } average letter points passed credits earned } }
} }"""
# Of the second semester: Mathematics and English. Credits are 4 and 2; Art has none.
SECOND = {"Anita": (40, 70), "Chitra": (85, 90)}


async def second_semester(session: AsyncSession, made: WorkedSchool) -> None:
    days = {"start_date": datetime.date(2025, 11, 1), "end_date": datetime.date(2026, 4, 30)}
    semester = await create_semester(session, made.year, sequence=2, **days)
    for name, scores in SECOND.items():
        for subject, score in zip(("Mathematics", "English"), scores, strict=True):
            values = {"semester_id": semester.id, "score": Decimal(score), "date": datetime.date(2025, 11, 10)}
            await grade(session, made.students[name], made.course, made.subjects[subject], **values)


async def asked(execute: Execute, made: WorkedSchool, name: str, **values: Any) -> Any:
    return (await execute(TRANSCRIPT, student=gid(made.students[name]), **values)).found["transcript"]


def figures(found: Any) -> list[tuple[Any, ...]]:
    return [
        (
            *(term[name] for name in ("credits", "gpa", "cumulativeCredits", "cumulativeGpa")),
            {each["subject"]["name"]: (each["points"], each["earned"]) for each in term["results"]},
        )
        for term in found["terms"]
    ]


async def test_credits_and_grade_points_by_term_and_over_all(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Anita fails Mathematics in the end and earns the credits of English alone; Chitra earns both.

    Points of A, B, C, F are 4, 3, 2, 0. Anita: (4*4 + 2*4)/6 = 4, then (4*0 + 2*3)/6 = 1; over all 30/12 = 2.5.
    Chitra: (4*3 + 2*4)/6 = 3.33, then (4*4 + 2*4)/6 = 4; over all 44/12 = 3.67.
    """
    made = await worked_school(session, school)
    await second_semester(session, made)

    anita, chitra = [await asked(execute, made, name) for name in ("Anita", "Chitra")]

    made_of = [anita["explain"], *(term["explain"] for term in anita["terms"])]
    assert [(each["weighted"], each["weights"]) for each in made_of] == [("30", "12"), ("24", "6"), ("6", "6")]
    assert len(anita["explain"]["rules"]) == 3
    art = {"Art": ("4", "0")}
    assert figures(anita) == [
        ("0", "4", "0", "4", {**art, "English": ("4", "0"), "Mathematics": ("4", "0")}),
        ("2", "1", "2", "2.5", {"English": ("3", "2"), "Mathematics": ("0", "0")}),
    ]
    assert (anita["credits"], anita["gpa"], anita["student"]["firstName"]) == ("2", "2.5", "Anita")
    assert figures(chitra) == [
        ("0", "3.33", "0", "3.33", {"Art": ("3", "0"), "English": ("4", "0"), "Mathematics": ("3", "0")}),
        ("6", "4", "6", "3.67", {"English": ("4", "2"), "Mathematics": ("4", "4")}),
    ]
    assert (chitra["credits"], chitra["gpa"]) == ("6", "3.67")


async def test_a_transcript_without_a_second_term_earns_at_once(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Deepak has left, and his transcript stays."""
    made = await worked_school(session, school)

    deepak, farid, gita = [await asked(execute, made, name) for name in ("Deepak", "Farid", "Gita")]

    assert figures(deepak) == [("4", "4", "4", "4", {"Mathematics": ("4", "4")})]
    assert figures(farid) == [("4", "3", "4", "3", {"Mathematics": ("3", "4")})]
    assert (gita["credits"], gita["gpa"], gita["terms"]) == ("0", None, [])
    assert (gita["explain"]["weighted"], gita["explain"]["weights"]) == ("0", "0")


async def test_a_transcript_costs_the_same_however_long_it_is(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    one = await execute(TRANSCRIPT, student=gid(made.students["Anita"]))
    await second_semester(session, made)
    two = await execute(TRANSCRIPT, student=gid(made.students["Anita"]))

    # Whether the student is seen, the results, the student, semesters, courses and subjects.
    assert one.statements == two.statements == 6
    assert two.students == {made.students["Anita"].id}


@pytest.mark.parametrize("name", SEEN)
async def test_transcripts_of_whom_one_sees(session: AsyncSession, school: School, execute: Execute, name: str) -> None:
    """Retired students and those without marks too, where the student is seen."""
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)

    found = {each: await asked(execute, made, each, viewer=viewer) for each in NAMES}

    shown = tuple(each for each, answer in found.items() if answer and answer["terms"])
    assert shown == tuple(each for each in SEEN[name] if each != "Gita")
    assert (found["Gita"] is not None) == ("Gita" in SEEN[name])


async def test_a_teacher_s_transcript_is_of_the_courses_taught(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """The teacher of 7 A and 7 C does not see what Gita was given in 7 B."""
    made = await worked_school(session, school)
    await grade(session, made.students["Gita"], made.empty, made.subjects["Art"], semester_id=made.semester.id)
    viewer = (await onlookers(session, school, made)).viewer("teacher")

    assert len((await asked(execute, made, "Gita"))["terms"]) == 1
    assert (await asked(execute, made, "Gita", viewer=viewer))["terms"] == []


async def test_there_is_no_transcript_of_nobody(session: AsyncSession, school: School, execute: Execute) -> None:
    assert (await execute(TRANSCRIPT, student="stu_1")).found == {"transcript": None}
    answer = await execute(TRANSCRIPT, student="crs_1", refused=True)
    assert answer.refusal == ("BAD_USER_INPUT", "student")
