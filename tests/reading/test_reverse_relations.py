"""Relations read from their other end: what a record leads to leads back to it."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_grade_level,
    create_guardian,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    create_user,
    enroll,
    gid,
    mark_attendance,
    take_attendance,
)

DAYS = [datetime.date(2025, 9, day) for day in (1, 3, 2)]
LATEST_FIRST = ["2025-09-03", "2025-09-02", "2025-09-01"]


def page_of(*rows: Any) -> dict[str, Any]:
    return {"totalCount": len(rows), "nodes": [{"id": gid(row)} for row in rows]}


async def test_an_account_leads_to_the_student_or_guardian_whose_it_is(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    users = [await create_user(session, school) for _ in range(3)]
    student = await create_student(session, school, user_id=users[0].id)
    guardian = await create_guardian(session, school, user_id=users[1].id)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { student { id } guardian { id } } } }"
    found = (await execute(document, ids=[gid(user) for user in users])).found["nodes"]
    assert found == [
        {"student": {"id": gid(student)}, "guardian": None},
        {"student": None, "guardian": {"id": gid(guardian)}},
        {"student": None, "guardian": None},
    ]


async def test_an_account_does_not_lead_to_those_who_had_it_before(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    for _ in range(2):
        await create_student(session, school, user_id=user.id, deleted_at=NOW)
        await create_guardian(session, school, user_id=user.id, deleted_at=NOW)
    document = "query($id: ID!) { user(id: $id) { student { id } guardian { id } } }"
    assert (await execute(document, id=gid(user))).found["user"] == {"student": None, "guardian": None}
    student = await create_student(session, school, user_id=user.id)
    found = (await execute(document, id=gid(user))).found["user"]
    assert found == {"student": {"id": gid(student)}, "guardian": None}


async def test_a_user_leads_to_the_attendance_that_was_entered(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user, student = await create_user(session, school), await create_student(session, school)
    course = await create_course(session, await create_school_year(session, school))
    for day in DAYS:
        await mark_attendance(session, student, course, date=day, recorded_by_id=user.id)
        await take_attendance(session, course, date=day, taken_by_id=user.id)
    document = """query($id: ID!) { user(id: $id) {
        attendanceRecorded { totalCount nodes { date } } rostersTaken { totalCount nodes { date } }
    } }"""
    expected = {"totalCount": 3, "nodes": [{"date": day} for day in LATEST_FIRST]}
    assert (await execute(document, id=gid(user))).found["user"] == {
        "attendanceRecorded": expected,
        "rostersTaken": expected,
    }


async def test_years_and_semesters_lead_to_their_attendance(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year, student = await create_school_year(session, school), await create_student(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    marks = [
        await mark_attendance(session, student, course, date=day, school_year_id=year.id, semester_id=key)
        for day, key in zip(DAYS, (semester.id, None, semester.id), strict=True)
    ]
    document = """query($year: ID!, $semester: ID!) {
        schoolYear(id: $year) { attendance { totalCount nodes { id } } }
        semester(id: $semester) { attendance { totalCount nodes { id } } }
    }"""
    assert (await execute(document, year=gid(year), semester=gid(semester))).found == {
        "schoolYear": {"attendance": page_of(marks[1], marks[2], marks[0])},
        "semester": {"attendance": page_of(marks[2], marks[0])},
    }


async def test_a_semester_leads_to_its_drops(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    dropped = []
    for day in DAYS:
        drop = {"drop_semester_id": semester.id, "drop_date": day, "end_date": day, "drop_reason": "Moved"}
        student = await create_student(session, school)
        dropped.append(await enroll(session, student, course, status=EnrollmentStatus.DROPPED, **drop))
    await enroll(session, await create_student(session, school), course)
    document = "query($id: ID!) { semester(id: $id) { drops { totalCount nodes { id } } } }"
    found = (await execute(document, id=gid(semester))).found["semester"]["drops"]
    assert found == page_of(dropped[1], dropped[2], dropped[0])


async def test_a_subject_leads_to_the_courses_that_teach_nothing_else(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year, subject = await create_school_year(session, school), await create_subject(session, school)
    course = await create_course(session, year, subject_id=subject.id)
    await create_course(session, year)
    await create_course(session, year, subject_id=subject.id, deleted_at=NOW)
    document = (
        "query($id: ID!) { subject(id: $id) { singleSubjectCourses { totalCount nodes { id } } courses { id } } }"
    )
    found = (await execute(document, id=gid(subject))).found["subject"]
    assert found == {"singleSubjectCourses": page_of(course), "courses": []}


async def test_a_level_leads_to_those_before_it(session: AsyncSession, school: School, execute: Execute) -> None:
    level = await create_grade_level(session, school, sequence=300)
    before = [
        await create_grade_level(session, school, sequence=sequence, next_level_id=level.id) for sequence in (299, 298)
    ]
    document = "query($id: ID!) { gradeLevel(id: $id) { previousLevels { id nextLevel { id } } } }"
    found = (await execute(document, id=gid(level))).found["gradeLevel"]["previousLevels"]
    assert found == [{"id": gid(each), "nextLevel": {"id": gid(level)}} for each in reversed(before)]
