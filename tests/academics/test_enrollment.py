"""Spans of students in courses."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_user,
    enroll,
    gid,
    name_outside,
    teach,
)

LEFT = datetime.date(2025, 9, 30)
DROP = {"status": EnrollmentStatus.DROPPED, "end_date": LEFT, "drop_date": LEFT, "drop_reason": "Moved"}


async def test_a_span_by_id_leads_to_student_and_course(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    student, course = await create_student(session, school), await create_course(session, year)
    semester = await create_semester(session, year, name="First")
    span = await enroll(session, student, course, drop_semester_id=semester.id, **DROP)
    await name_outside(session, span, value="e-1")
    document = """query($id: ID!) { enrollment(id: $id) {
        beginDate endDate status dropDate dropReason dropSemester { name }
        student { id enrollments { id } } course { id enrollments { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(span))).found["enrollment"] == {
        "beginDate": "2025-06-01",
        "endDate": "2025-09-30",
        "status": "DROPPED",
        "dropDate": "2025-09-30",
        "dropReason": "Moved",
        "dropSemester": {"name": "First"},
        "student": {"id": gid(student), "enrollments": [{"id": gid(span)}]},
        "course": {"id": gid(course), "enrollments": [{"id": gid(span)}]},
        "externalIds": [{"value": "e-1"}],
    }


async def test_enrolments_of_a_student_that_are_not_dropped(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Question four of those that one request must answer."""
    student, year = await create_student(session, school), await create_school_year(session, school)
    spans: dict[str, dict[str, Any]] = {"Kept": {}, "Left": DROP, "Planned": {"status": EnrollmentStatus.PENDING}}
    for name, values in spans.items():
        course = await create_course(session, year, name=name)
        await teach(session, course, await create_user(session, school, last_name=f"Teacher of {name}"))
        await enroll(session, student, course, **values)
    document = """query($id: ID!) { student(id: $id) {
        enrollments(where: { status: { ne: DROPPED } }) {
            status course { name schoolYear { code } teachers { user { lastName } } }
        }
    } }"""
    answer = await execute(document, id=gid(student))
    assert answer.found["student"]["enrollments"] == [
        {
            "status": status,
            "course": {
                "name": name,
                "schoolYear": {"code": "2025-2026"},
                "teachers": [{"user": {"lastName": f"Teacher of {name}"}}],
            },
        }
        for name, status in (("Kept", "ACTIVE"), ("Planned", "PENDING"))
    ]
    assert answer.statements == 6


async def test_enrolling_again_keeps_the_history(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    course = await create_course(session, await create_school_year(session, school))
    await enroll(session, student, course, begin_date=datetime.date(2025, 10, 1))
    await enroll(session, student, course, **DROP)
    document = """query($where: EnrollmentWhere) {
        students { nodes { enrollments { status } } }
        enrollments(where: $where) { nodes { status } }
    }"""
    where = {"student": {"eq": gid(student)}, "course": {"eq": gid(course)}}
    assert (await execute(document, where=where)).found == {
        "students": {"nodes": [{"enrollments": [{"status": "DROPPED"}, {"status": "ACTIVE"}]}]},
        "enrollments": {"nodes": [{"status": "ACTIVE"}, {"status": "DROPPED"}]},
    }


async def test_enrolments_are_sorted_by_the_students_name(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    for first_name, last_name in (("Zoya", "Ali"), ("Asha", "Rao"), ("Asha", "Ali")):
        student = await create_student(session, school, first_name=first_name, last_name=last_name)
        await enroll(session, student, course)
    document = """{ enrollments(orderBy: [{ field: STUDENT_FIRST_NAME }, { field: STUDENT_LAST_NAME }]) {
        nodes { student { fullName } }
    } }"""
    found = (await execute(document)).found["enrollments"]["nodes"]
    assert [node["student"]["fullName"] for node in found] == ["Asha Ali", "Asha Rao", "Zoya Ali"]
