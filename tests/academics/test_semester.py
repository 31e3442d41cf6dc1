"""Parts of a school year."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import SemesterType
from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    gid,
    grade,
    name_outside,
)


async def test_a_semester_by_id_with_all_that_hangs_on_it(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    semester = await create_semester(
        session,
        year,
        name="First term",
        code="T1-2025",
        type=SemesterType.TERM,
        grade_entry_opens_at=datetime.datetime(2025, 10, 1, tzinfo=datetime.UTC),
    )
    course, subject = await create_course(session, year), await create_subject(session, school)
    assessment = await create_assessment(session, course, semester_id=semester.id)
    student = await create_student(session, school)
    days = [datetime.date(2025, 9, day) for day in (1, 3, 2)]
    marks = [await grade(session, student, course, subject, semester_id=semester.id, date=day) for day in days]
    await name_outside(session, semester, value="t-1")
    document = """query($id: ID!) { semester(id: $id) {
        name code type sequence startDate endDate gradeEntryOpensAt gradeEntryClosesAt
        schoolYear { code semesters { id } } externalIds { value }
        assessments { totalCount nodes { id } } grades(first: 2) { totalCount nodes { id } }
    } }"""
    assert (await execute(document, id=gid(semester))).found["semester"] == {
        "name": "First term",
        "code": "T1-2025",
        "type": "TERM",
        "sequence": 1,
        "startDate": "2025-06-01",
        "endDate": "2025-10-31",
        "gradeEntryOpensAt": "2025-10-01T00:00:00+00:00",
        "gradeEntryClosesAt": None,
        "schoolYear": {"code": "2025-2026", "semesters": [{"id": gid(semester)}]},
        "externalIds": [{"value": "t-1"}],
        "assessments": {"totalCount": 1, "nodes": [{"id": gid(assessment)}]},
        "grades": {"totalCount": 3, "nodes": [{"id": gid(marks[1])}, {"id": gid(marks[2])}]},
    }


async def test_the_latest_come_first(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    for month in (6, 11, 8):
        day = datetime.date(2025, month, 1)
        await create_semester(session, year, code=f"M{month}", start_date=day, end_date=datetime.date(2026, 4, 30))
    document = "query($where: SemesterWhere) { semesters(where: $where) { nodes { code } } }"
    found = (await execute(document)).found["semesters"]["nodes"]
    assert [node["code"] for node in found] == ["M11", "M8", "M6"]
    found = (await execute(document, where={"code": {"startsWith": "M1"}})).found["semesters"]["nodes"]
    assert found == [{"code": "M11"}]
