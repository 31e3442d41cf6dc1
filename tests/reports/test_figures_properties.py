"""What holds for figures of any marks: rounding is decimal, order does not matter, ranks are ranks."""

import dataclasses
import itertools
import random
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import RoundingMode
from resolvers.reports.arithmetic import rounded
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import StudentFigures
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

pytestmark = pytest.mark.any_database

PYTHON = {
    RoundingMode.HALF_EVEN: lambda value, unit: value.quantize(unit, ROUND_HALF_EVEN),
    RoundingMode.HALF_UP: lambda value, unit: ((value / unit + Decimal("0.5")).to_integral_value(ROUND_FLOOR)) * unit,
    RoundingMode.DOWN: lambda value, unit: value.quantize(unit, ROUND_DOWN),
    RoundingMode.UP: lambda value, unit: value.quantize(unit, ROUND_CEILING),
}


@pytest.mark.parametrize("mode", list(RoundingMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("decimals", range(5))
async def test_rounding_is_that_of_python_s_decimals(session: AsyncSession, mode: RoundingMode, decimals: int) -> None:
    chance = random.Random(decimals)
    values = [Decimal(chance.randint(-(10**8), 10**8)) / 10 ** chance.randint(0, 6) for _ in range(300)]
    values += [Decimal(n) / 2 / 10**decimals for n in range(-20, 21)]
    sql = f"SELECT {rounded('v', ':mode', ':decimals')} FROM unnest(CAST(:values AS numeric[])) AS v"

    found = await session.execute(text(sql), {"mode": mode.value, "decimals": decimals, "values": values})

    unit = Decimal(1).scaleb(-decimals)
    assert list(found.scalars()) == [PYTHON[mode](value, unit) for value in values]


async def random_class(session: AsyncSession, school: School, seed: int) -> tuple[Any, Any]:
    """A class with few different marks, so that there are ties, entered in an order of chance."""
    chance = random.Random(seed)
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    subjects = [await create_subject(session, school) for _ in range(3)]
    kinds = [await create_assessment_category(session, school, weight=weight) for weight in (1, 3, None)]
    tests = [
        await create_assessment(session, course, category_id=kind.id, semester_id=semester.id, max_score=highest)
        for kind, highest in itertools.product(kinds, (None, 7, 30))
    ]
    marks = []
    for n in range(12):
        student = await create_student(session, school, first_name=f"S{n:02}")
        await enroll(session, student, course)
        # The third student's marks are those of the second, and so on.
        own = random.Random(n // 2)
        marks += [(student, own.choice(subjects), test, own.randint(0, 7)) for test in tests if own.random() < 0.7]
    chance.shuffle(marks)
    for student, subject, test, score in marks:
        await grade(session, student, course, subject, assessment_id=test.id, score=Decimal(score))
    return course, semester


@pytest.mark.parametrize("seed", range(3))
async def test_figures_do_not_depend_on_the_order_of_the_marks(
    session: AsyncSession, school: School, reader: Reader, seed: int
) -> None:
    first = await reader.of_class(*await random_class(session, school, seed=0))
    await session.rollback()
    other = await reader.of_class(*await random_class(session, school, seed=seed + 1))

    def values(found: list[StudentFigures]) -> list[Any]:
        keys = {"student_id", "course_id", "semester_id", "subject_id", "subjects"}
        return [
            [{k: v for k, v in _dict(each).items() if k not in keys} for each in (one, *one.subjects)] for one in found
        ]

    assert values(first) == values(other)


def _dict(found: Any) -> dict[str, Any]:
    return {each.name: getattr(found, each.name) for each in dataclasses.fields(found)}


async def test_ranks_are_competition_ranks(session: AsyncSession, school: School, reader: Reader) -> None:
    course, semester = await random_class(session, school, seed=5)
    found = await reader.of_class(course, semester)
    dense = await reader.of_class(course, semester, RankMethod.DENSE)

    averages = [Decimal(each.average) for each in found if each.average]
    assert len(set(averages)) < len(averages)
    for one, other in zip(found, dense, strict=True):
        assert one.average is not None
        better = [each for each in averages if each > Decimal(one.average)]
        assert (one.rank, other.rank) == (1 + len(better), 1 + len(set(better)))
