"""Spans of belonging to the school."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import EntryType, ExitReason
from tests.conftest import Execute, School
from tests.factories import admit, create_grade_level, create_school_year, create_student, gid, name_outside


async def test_a_span_by_id_leads_to_student_year_and_level(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student, year = await create_student(session, school), await create_school_year(session, school)
    level = await create_grade_level(session, school, code="X10")
    span = await admit(
        session,
        student,
        year,
        grade_level_id=level.id,
        entry_type=EntryType.PROMOTED,
        exit_date=datetime.date(2025, 8, 31),
        exit_reason=ExitReason.MOVED,
    )
    await name_outside(session, span, value="e-1")
    document = """query($id: ID!) { schoolEnrollment(id: $id) {
        entryDate entryType exitDate exitReason
        student { id } schoolYear { code } gradeLevel { code } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(span))).found["schoolEnrollment"] == {
        "entryDate": "2025-06-01",
        "entryType": "PROMOTED",
        "exitDate": "2025-08-31",
        "exitReason": "MOVED",
        "student": {"id": gid(student)},
        "schoolYear": {"code": "2025-2026"},
        "gradeLevel": {"code": "X10"},
        "externalIds": [{"value": "e-1"}],
    }


async def test_spans_are_found_from_student_year_and_level(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student, year = await create_student(session, school), await create_school_year(session, school)
    level = await create_grade_level(session, school)
    left = datetime.date(2025, 8, 31)
    first = await admit(session, student, year, grade_level_id=level.id, exit_date=left)
    again = await admit(session, student, year, entry_date=datetime.date(2025, 10, 1), entry_type=EntryType.RE_ENTRY)
    document = """query($student: ID!, $year: ID!, $level: ID!) {
        student(id: $student) { schoolEnrollments { id } }
        schoolYear(id: $year) { schoolEnrollments { totalCount nodes { id } } }
        gradeLevel(id: $level) { schoolEnrollments { totalCount nodes { id } } }
        schoolEnrollments { nodes { id } }
    }"""
    both = [{"id": gid(first)}, {"id": gid(again)}]
    assert (await execute(document, student=gid(student), year=gid(year), level=gid(level))).found == {
        "student": {"schoolEnrollments": both},
        "schoolYear": {"schoolEnrollments": {"totalCount": 2, "nodes": both}},
        "gradeLevel": {"schoolEnrollments": {"totalCount": 1, "nodes": both[:1]}},
        "schoolEnrollments": {"nodes": both[::-1]},
    }
