"""Attendance marks: a day in the id, a session of the day, and the school's own code."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceSession, AttendanceStatus
from tests.conftest import Execute, School
from tests.factories import (
    create_attendance_code,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_user,
    gid,
    mark_attendance,
)


async def test_filters_by_id_take_the_day_with_the_key(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    student, course = await create_student(session, school), await create_course(session, year)
    days = [datetime.date(2025, 9, n) for n in (1, 2, 3)]
    one, two, three = [await mark_attendance(session, student, course, date=day) for day in days]
    swapped = [f"att_20250901_{two.id}", f"att_20250902_{one.id}"]
    document = "query ($where: AttendanceWhere) { attendances(where: $where) { totalCount nodes { id } } }"

    async def found(condition: dict[str, Any]) -> list[str]:
        page = (await execute(document, where={"id": condition})).found["attendances"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"]]

    assert await found({"eq": gid(two)}) == [gid(two)]
    assert await found({"in": [gid(one), gid(three)]}) == [gid(three), gid(one)]
    assert await found({"ne": gid(two)}) == [gid(three), gid(one)]
    assert await found({"in": swapped}) == []
    assert await found({"ne": swapped[0]}) == [gid(three), gid(two), gid(one)]
    assert await found({"in": []}) == []
    assert await found({"eq": None}) == []
    for wrong in ({"eq": f"att_{one.id}"}, {"in": [gid(student)]}):
        answer = await execute(document, where={"id": wrong}, refused=True)
        assert answer.refusal == ("BAD_USER_INPUT", f"where.id.{next(iter(wrong))}")


async def test_a_mark_by_id_leads_to_all_it_is_of(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    student, course = await create_student(session, school), await create_course(session, year)
    semester, user = await create_semester(session, year), await create_user(session, school)
    code = await create_attendance_code(session, school, code="BUS", label="Bus", status=AttendanceStatus.LATE)
    mark = await mark_attendance(
        session,
        student,
        course,
        status=AttendanceStatus.LATE,
        code="BUS",
        minutes_late=15,
        reason="Rain",
        session=AttendanceSession.AM,
        semester_id=semester.id,
        school_year_id=year.id,
        recorded_by_id=user.id,
    )
    assert gid(mark) == f"att_20250901_{mark.id}"
    document = """query($id: ID!) { attendance(id: $id) {
        id date session status code reason minutesLate
        student { id } course { id } semester { id } schoolYear { id } recordedBy { id } attendanceCode { id label }
    } }"""
    assert (await execute(document, id=gid(mark))).found["attendance"] == {
        "id": gid(mark),
        "date": "2025-09-01",
        "session": "AM",
        "status": "LATE",
        "code": "BUS",
        "reason": "Rain",
        "minutesLate": 15,
        "student": {"id": gid(student)},
        "course": {"id": gid(course)},
        "semester": {"id": gid(semester)},
        "schoolYear": {"id": gid(year)},
        "recordedBy": {"id": gid(user)},
        "attendanceCode": {"id": gid(code), "label": "Bus"},
    }


async def test_another_day_in_the_id_names_no_mark(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    mark = await mark_attendance(session, await create_student(session, school), course)
    document = "query($id: ID!) { attendance(id: $id) { date } node(id: $id) { id } }"
    assert (await execute(document, id=f"att_20250902_{mark.id}")).found == {"attendance": None, "node": None}


async def test_marks_of_a_course_between_two_days(session: AsyncSession, school: School, execute: Execute) -> None:
    """The newest day first, then by first name; days before, between and after the years that have partitions."""
    course = await create_course(session, await create_school_year(session, school))
    for first_name in ("Uma", "Asha"):
        student = await create_student(session, school, first_name=first_name)
        for day in ((2010, 1, 1), (2025, 12, 31), (2026, 1, 1), (2040, 1, 1)):
            await mark_attendance(session, student, course, date=datetime.date(*day))
    document = """query($course: ID!, $from: Date!, $to: Date!) { attendances(
        where: { course: { eq: $course }, date: { gte: $from, lte: $to } }
        orderBy: [{ field: DATE, direction: DESC }, { field: STUDENT_FIRST_NAME }]
    ) { totalCount nodes { date student { firstName } } } }"""
    answer = await execute(document, course=gid(course), **{"from": "2025-12-31", "to": "2026-01-01"})
    assert answer.found["attendances"] == {
        "totalCount": 4,
        "nodes": [
            {"date": date, "student": {"firstName": name}}
            for date in ("2026-01-01", "2025-12-31")
            for name in ("Asha", "Uma")
        ],
    }
    everything = await execute(document, course=gid(course), **{"from": "0001-01-01", "to": "9999-12-31"})
    assert everything.found["attendances"]["totalCount"] == 8


async def test_marks_are_found_from_student_and_course(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    course = await create_course(session, await create_school_year(session, school))
    for day in (2, 1):
        status = AttendanceStatus.ABSENT if day == 2 else AttendanceStatus.PRESENT
        await mark_attendance(
            session, student, course, date=datetime.date(2025, 9, day), status=status, code=status.value
        )
    document = """query($student: ID!, $course: ID!) {
        student(id: $student) { attendance { date } absent: attendance(where: { status: { eq: ABSENT } }) { date } }
        course(id: $course) { attendance(first: 1) { date } }
        students(where: { attendance: { status: { eq: ABSENT } } }) { totalCount }
        courses(where: { NOT: { attendance: { code: { eq: "ABSENT" } } } }) { totalCount }
    }"""
    assert (await execute(document, student=gid(student), course=gid(course))).found == {
        "student": {"attendance": [{"date": "2025-09-01"}, {"date": "2025-09-02"}], "absent": [{"date": "2025-09-02"}]},
        "course": {"attendance": [{"date": "2025-09-01"}]},
        "students": {"totalCount": 1},
        "courses": {"totalCount": 0},
    }
