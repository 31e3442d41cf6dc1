"""The arithmetic of marks, against figures worked out by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ConfigurationSetting, RoundingMode, ScoreStatus
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import Completeness, StudentFigures
from tests.conftest import School
from tests.factories import (
    create_assessment,
    create_assessment_category,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    enroll,
    grade,
)
from tests.reports.marks_reader import Reader
from tests.reports.worked_school import AUGUST, HAND, LEAVER, WorkedSchool, worked_school

pytestmark = pytest.mark.any_database


def told(made: WorkedSchool, found: StudentFigures, dense: StudentFigures) -> tuple[Any, ...]:
    averages = {made.subject(each.subject_id): each.average for each in found.subjects}
    return averages, found.average, found.letter, found.rank, dense.rank, found.missing, found.complete


async def test_every_figure_of_the_worked_school(session: AsyncSession, school: School, reader: Reader) -> None:
    made = await worked_school(session, school)

    found = await reader.of_class(made.course, made.semester)
    dense = await reader.of_class(made.course, made.semester, RankMethod.DENSE)

    assert [made.name(each.student_id) for each in found] == list(HAND)
    for one, other in zip(found, dense, strict=True):
        assert told(made, one, other) == HAND[made.name(one.student_id)]
        assert (one.class_size, one.ranked) == (6, 5)
        assert one.passed is (None if one.average is None else True)


async def test_subjects_tell_what_is_exempt_missing_and_ranked(
    session: AsyncSession, school: School, reader: Reader
) -> None:
    made = await worked_school(session, school)
    found = {made.name(each.student_id): each for each in await reader.of_class(made.course, made.semester)}

    assert [made.subject(each.subject_id) for each in found["Farid"].subjects] == ["Art", "English", "Mathematics"]
    told = {
        name: [
            (each.completeness.value, each.marks, each.exempt, each.missing, each.rank) for each in found[name].subjects
        ]
        for name in ("Anita", "Farid", "Gita")
    }
    assert told == {
        "Anita": [("COMPLETE", 2, 0, 0, 1), ("COMPLETE", 1, 0, 0, 2), ("COMPLETE", 3, 0, 0, 2)],
        "Farid": [("EXEMPT", 0, 1, 0, None), ("MISSING", 0, 0, 1, None), ("PARTIAL", 2, 0, 1, 3)],
        "Gita": [("MISSING", 0, 0, 0, None), ("MISSING", 0, 0, 1, None), ("MISSING", 0, 0, 3, None)],
    }
    assert (found["Farid"].expected, found["Farid"].marked) == (2, 1)
    assert (found["Esha"].exact, found["Esha"].weighted, found["Esha"].weights) == ("49.995", "199.98", "4")


async def test_who_has_left_keeps_figures_without_a_rank(session: AsyncSession, school: School, reader: Reader) -> None:
    made = await worked_school(session, school)

    found = await reader.of_student(made.students["Deepak"], made.course, made.semester)

    assert found is not None
    assert told(made, found, found) == LEAVER
    assert (found.member, found.class_size) == (False, 6)


async def test_who_changes_sections_is_ranked_in_the_one_that_they_end_in(
    session: AsyncSession, school: School, reader: Reader
) -> None:
    """Deepak goes from 7 A, where he had 100, to 7 B on the day after, and has 70 there."""
    made = await worked_school(session, school)
    deepak, day = made.students["Deepak"], AUGUST + datetime.timedelta(days=1)
    await enroll(session, deepak, made.empty, begin_date=day)
    values = {"semester_id": made.semester.id, "date": day, "score": Decimal(70)}
    await grade(session, deepak, made.empty, made.subjects["English"], **values)

    before = await reader.of_student(deepak, made.course, made.semester)
    (after,) = await reader.of_class(made.empty, made.semester)

    assert before is not None
    assert told(made, before, before) == LEAVER
    assert (after.average, after.rank, after.class_size, after.ranked) == ("70", 1, 1, 1)


@pytest.mark.parametrize("name", ["Hari", "Anita"])
async def test_nothing_is_known_of_who_was_never_there(
    session: AsyncSession, school: School, reader: Reader, name: str
) -> None:
    made = await worked_school(session, school)
    assert await reader.of_student(made.students[name], made.empty, made.semester) is None


async def test_an_empty_class_has_no_rows(session: AsyncSession, school: School, reader: Reader) -> None:
    made = await worked_school(session, school)
    assert await reader.of_class(made.empty, made.semester) == []


async def test_a_course_without_subjects_and_marks_still_has_its_class(
    session: AsyncSession, school: School, reader: Reader
) -> None:
    made = await worked_school(session, school)

    (found,) = await reader.of_class(made.unmarked, made.semester)

    assert (made.name(found.student_id), list(found.subjects)) == ("Gita", [])
    assert (found.average, found.rank, found.class_size, found.ranked, found.expected) == (None, None, 1, 0, 0)


@pytest.mark.parametrize(
    ("mode", "average", "letter", "passed"),
    [
        (RoundingMode.HALF_UP, "50", "C", True),
        (RoundingMode.HALF_EVEN, "50", "C", True),
        (RoundingMode.DOWN, "49.99", "F", False),
        (RoundingMode.UP, "50", "C", True),
    ],
)
async def test_letters_and_passing_go_by_the_rounded_average(
    session: AsyncSession, school: School, reader: Reader, mode: RoundingMode, average: str, letter: str, passed: bool
) -> None:
    """Of 49.995; half to even gives 50.00, as its last digit is even."""
    made = await worked_school(session, school, rounding_mode=mode)
    found = await reader.of_student(made.students["Esha"], made.course, made.semester)
    assert found is not None
    assert (found.average, found.letter, found.passed) == (average, letter, passed)


async def test_without_any_scale_the_settings_hold(session: AsyncSession, school: School, reader: Reader) -> None:
    """Marks up to 10, passed from 5, halves up at two decimals, no letters; a subject that is not listed weighs 1."""
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    student, subject = await create_student(session, school), await create_subject(session, school)
    await enroll(session, student, course)
    test = await create_assessment(session, course, subject_id=subject.id, semester_id=semester.id, max_score=30)
    await grade(session, student, course, subject, assessment_id=test.id, semester_id=semester.id, score=Decimal(14))

    (found,) = await reader.of_class(course, semester)

    # 14 of 30 are 4.666… of 10.
    assert (found.average, found.letter, found.passed, found.rank) == ("4.67", None, False, 1)
    assert (found.expected, found.complete, found.subjects[0].completeness) == (0, True, Completeness.COMPLETE)


async def test_the_course_s_scale_comes_before_the_school_s(
    session: AsyncSession, school: School, reader: Reader
) -> None:
    made = await worked_school(session, school, school_default=True)
    await session.execute(text("UPDATE course SET grading_scale_id = NULL"))
    found = await reader.of_class(made.course, made.semester)
    assert [each.average for each in found] == [HAND[made.name(each.student_id)][1] for each in found]


async def test_a_setting_moves_the_pass_mark(session: AsyncSession, school: School, reader: Reader) -> None:
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    student, subject = await create_student(session, school), await create_subject(session, school)
    await enroll(session, student, course)
    await grade(session, student, course, subject, semester_id=semester.id, score=Decimal(6))
    assert [each.passed for each in await reader.of_class(course, semester)] == [True]

    await session.execute(
        update(ConfigurationSetting).where(ConfigurationSetting.key == "PASS_MARK").values(value="6.5")
    )

    assert [each.passed for each in await reader.of_class(course, semester)] == [False]


async def test_thirds_that_make_a_half_round_as_a_half(session: AsyncSession, school: School, reader: Reader) -> None:
    """0.07 and 0.08 of a highest mark of 3, on a scale up to 10: 0.2333… and 0.2666… have the mean 0.25 exactly."""
    made = await worked_school(session, school, max_score=10, pass_mark=5, decimals=1)
    student = await create_student(session, school, first_name="Zoya")
    await enroll(session, student, made.unmarked)
    for day, score in enumerate(("0.07", "0.08")):
        test = await create_assessment(session, made.unmarked, max_score=3, semester_id=made.semester.id)
        values = {"assessment_id": test.id, "date": datetime.date(2025, 9, 1 + day), "score": Decimal(score)}
        await grade(session, student, made.unmarked, made.subjects["Art"], **values)

    found = await reader.of_student(student, made.unmarked, made.semester)

    assert found is not None
    assert found.average == "0.3"


async def test_marks_without_a_weight_are_together_one_category(
    session: AsyncSession, school: School, reader: Reader
) -> None:
    """Exams weigh 3; practice has no weight, and a mark no assessment: (3 * 8 + (2 + 4 + 6) / 3) / 4 = 7."""
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    student, subject = await create_student(session, school), await create_subject(session, school)
    await enroll(session, student, course)
    for weight, scores in ((3, (8,)), (None, (2, 4)), (0, (10,))):
        kind = await create_assessment_category(session, school, weight=weight)
        for score in scores:
            test = await create_assessment(session, course, category_id=kind.id, semester_id=semester.id)
            await grade(session, student, course, subject, assessment_id=test.id, score=Decimal(score))
    await grade(session, student, course, subject, semester_id=semester.id, score=Decimal(6))
    for status in (ScoreStatus.SUBMITTED, ScoreStatus.NOT_SUBMITTED):
        # A score that is not settled does not count, and is missing.
        day = datetime.date(2025, 9, 2 + (status is ScoreStatus.SUBMITTED))
        values = {"date": day, "score": Decimal(1), "score_status": status}
        await grade(session, student, course, subject, semester_id=semester.id, **values)

    (found,) = await reader.of_class(course, semester)

    assert (found.average, found.marks, found.missing) == ("7", 5, 2)
