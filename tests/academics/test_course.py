"""Courses: taught classes, with their students and teachers."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ClassType, EnrollmentStatus, MeetingSessions, TeacherRole
from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_course,
    create_grade_level,
    create_grading_scale,
    create_school_year,
    create_student,
    create_subject,
    create_user,
    enroll,
    gid,
    grade,
    mark_attendance,
    name_outside,
    take_attendance,
    teach,
    teach_subject,
)


async def test_a_course_by_id_with_what_it_is_part_of(session: AsyncSession, school: School, execute: Execute) -> None:
    level, scale = await create_grade_level(session, school, code="X10"), await create_grading_scale(session, school)
    subject = await create_subject(session, school, name="Physics")
    course = await create_course(
        session,
        await create_school_year(session, school),
        name="10 A",
        class_type=ClassType.HOMEROOM,
        meeting_days=[1, 3, 5],
        meeting_sessions=MeetingSessions.AM_PM,
        grade_level_id=level.id,
        subject_id=subject.id,
        grading_scale_id=scale.id,
    )
    await name_outside(session, course, value="c-1")
    document = """query($id: ID!) { course(id: $id) {
        name section classType meetingDays meetingSessions externalIds { value }
        schoolYear { code } gradeLevel { code } subject { name } gradingScale { id }
    } }"""
    assert (await execute(document, id=gid(course))).found["course"] == {
        "name": "10 A",
        "section": "A",
        "classType": "HOMEROOM",
        "meetingDays": [1, 3, 5],
        "meetingSessions": "AM_PM",
        "externalIds": [{"value": "c-1"}],
        "schoolYear": {"code": "2025-2026"},
        "gradeLevel": {"code": "X10"},
        "subject": {"name": "Physics"},
        "gradingScale": {"id": gid(scale)},
    }


async def test_a_course_with_all_that_hangs_on_it(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    records = {
        "subjects": await teach_subject(session, course, subject),
        "teachers": await teach(session, course, await create_user(session, school)),
        "enrollments": await enroll(session, student, course),
        "assessments": await create_assessment(session, course),
        "grades": await grade(session, student, course, subject),
        "attendance": await mark_attendance(session, student, course),
        "attendanceTaken": await take_attendance(session, course),
    }
    fields = " ".join(f"{name} {{ id }}" for name in records)
    answer = await execute(f"query($id: ID!) {{ course(id: $id) {{ {fields} }} }}", id=gid(course))
    assert answer.found["course"] == {name: [{"id": gid(record)}] for name, record in records.items()}
    assert answer.statements == 1 + len(records)


SEPTEMBER = "2025-09-15"


async def test_the_students_of_a_course_as_of_a_day(session: AsyncSession, school: School, execute: Execute) -> None:
    """Question two of those that one request must answer; both ends of a span are inside."""
    course = await create_course(session, await create_school_year(session, school))
    spans: dict[str, dict[str, Any]] = {
        "Always": {},
        "Ended that day": {"end_date": datetime.date(2025, 9, 15), "status": EnrollmentStatus.COMPLETED},
        "Ended before": {"end_date": datetime.date(2025, 9, 14), "status": EnrollmentStatus.COMPLETED},
        "Began that day": {"begin_date": datetime.date(2025, 9, 15)},
        "Began after": {"begin_date": datetime.date(2025, 9, 16)},
    }
    for last_name, span in spans.items():
        await enroll(session, await create_student(session, school, last_name=last_name), course, **span)
    document = """query($id: ID!, $day: Date!) { course(id: $id) {
        enrollments(
            where: { beginDate: { lte: $day }, OR: [{ endDate: { gte: $day } }, { endDate: { eq: null } }] }
            orderBy: [{ field: STUDENT_LAST_NAME }]
        ) { student { lastName } }
    } }"""
    found = (await execute(document, id=gid(course), day=SEPTEMBER)).found["course"]["enrollments"]
    assert [each["student"]["lastName"] for each in found] == ["Always", "Began that day", "Ended that day"]


@pytest.mark.parametrize(
    ("teachers", "lead"),
    [
        ([], None),
        ([(TeacherRole.ASSISTANT, 1)], None),
        ([(TeacherRole.ASSISTANT, 1), (TeacherRole.LEAD, 2)], "T1"),
        ([(TeacherRole.LEAD, 3), (TeacherRole.LEAD, 2)], "T1"),
    ],
)
async def test_the_teacher_of_record(
    session: AsyncSession,
    school: School,
    execute: Execute,
    teachers: list[tuple[TeacherRole, int]],
    lead: str | None,
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    for n, (role, position) in enumerate(teachers):
        await teach(
            session, course, await create_user(session, school, last_name=f"T{n}"), role=role, position=position
        )
    document = "query($id: ID!) { course(id: $id) { leadTeacher { lastName } } }"
    found = (await execute(document, id=gid(course))).found["course"]["leadTeacher"]
    assert found == ({"lastName": lead} if lead else None)


async def test_retired_courses_leave_lists_and_stay_in_records(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    course = await create_course(session, year, name="Gone", deleted_at=datetime.datetime.now(datetime.UTC))
    enrollment = await enroll(session, await create_student(session, school), course)
    document = """query($year: ID!, $enrollment: ID!) {
        courses { totalCount nodes { id } }
        found: courses(search: "gone") { totalCount }
        schoolYear(id: $year) { courses { totalCount nodes { id } } }
        years: schoolYears(where: { courses: {} }) { totalCount }
        enrollment(id: $enrollment) { course { name } }
    }"""
    nothing = {"totalCount": 0, "nodes": []}
    assert (await execute(document, year=gid(year), enrollment=gid(enrollment))).found == {
        "courses": nothing,
        "found": {"totalCount": 0},
        "schoolYear": {"courses": nothing},
        "years": {"totalCount": 0},
        "enrollment": {"course": {"name": "Gone"}},
    }


async def test_courses_are_sorted_by_name_or_as_asked(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    for name, section in (("B", "2"), ("A", "1"), ("B", "1")):
        await create_course(session, year, name=name, section=section)
    document = "query($order: [CourseOrder!]) { courses(orderBy: $order) { nodes { name section } } }"
    found = (await execute(document)).found["courses"]["nodes"]
    assert [node["name"] + node["section"] for node in found] == ["A1", "B1", "B2"]
    order = [{"field": "SECTION", "direction": "DESC"}, {"field": "NAME", "direction": "ASC"}]
    found = (await execute(document, order=order)).found["courses"]["nodes"]
    assert [node["name"] + node["section"] for node in found] == ["B2", "A1", "B1"]
