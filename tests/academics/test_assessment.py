"""Tasks and exams that marks are given for."""

import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_assessment_category,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    gid,
    grade,
    name_outside,
)


async def test_an_assessment_by_id_with_its_marks(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    course, subject = await create_course(session, year), await create_subject(session, school)
    semester, kind = await create_semester(session, year), await create_assessment_category(session, school)
    assessment = await create_assessment(
        session,
        course,
        title="Quiz",
        subject_id=subject.id,
        semester_id=semester.id,
        category_id=kind.id,
        min_score=Decimal(0),
        max_score=Decimal("12.50"),
    )
    students = [await create_student(session, school) for _ in range(2)]
    marks = [
        await grade(session, student, course, subject, assessment_id=assessment.id) for student in reversed(students)
    ]
    await name_outside(session, assessment, value="a-1")
    document = """query($id: ID!) { assessment(id: $id) {
        title description date minScore maxScore externalIds { value }
        course { id } subject { id } semester { id } category { id } grades { id assessment { title } }
    } }"""
    assert (await execute(document, id=gid(assessment))).found["assessment"] == {
        "title": "Quiz",
        "description": None,
        "date": "2025-09-01",
        "minScore": "0",
        "maxScore": "12.5",
        "externalIds": [{"value": "a-1"}],
        "course": {"id": gid(course)},
        "subject": {"id": gid(subject)},
        "semester": {"id": gid(semester)},
        "category": {"id": gid(kind)},
        "grades": [{"id": gid(mark), "assessment": {"title": "Quiz"}} for mark in reversed(marks)],
    }


async def test_the_latest_come_first_and_those_without_a_day_before_them(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    for title, date in (("Early", datetime.date(2025, 9, 1)), ("Late", datetime.date(2025, 10, 1)), ("Open", None)):
        await create_assessment(session, course, title=title, date=date)
    document = """query($id: ID!) {
        assessments { nodes { title } }
        open: assessments(where: { date: { eq: null } }) { nodes { title } }
        course(id: $id) { assessments { title } }
    }"""
    assert (await execute(document, id=gid(course))).found == {
        "assessments": {"nodes": [{"title": "Open"}, {"title": "Late"}, {"title": "Early"}]},
        "open": {"nodes": [{"title": "Open"}]},
        "course": {"assessments": [{"title": "Early"}, {"title": "Late"}, {"title": "Open"}]},
    }
