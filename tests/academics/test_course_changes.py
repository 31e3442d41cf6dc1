"""Rules of courses, their subjects and their teachers."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus, Role, TeacherRole
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_assessment,
    create_course,
    create_grading_scale,
    create_school_year,
    create_student,
    create_subject,
    create_user,
    enroll,
    gid,
    give_role,
    grade,
    teach,
    teach_subject,
)
from tests.mutating import done, mutate, refused

Errors = list[tuple[str, list[str]]]
RETIRED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"name": "Taken"}, [("CONFLICT", ["name"])]),
    ({"name": " "}, [("BAD_USER_INPUT", ["name"])]),
    ({"section": "x" * 51}, [("BAD_USER_INPUT", ["section"])]),
    ({"meetingDays": []}, [("BAD_USER_INPUT", ["meetingDays"])]),
    ({"meetingDays": [0]}, [("BAD_USER_INPUT", ["meetingDays"])]),
    ({"meetingDays": [8]}, [("BAD_USER_INPUT", ["meetingDays"])]),
    ({"meetingDays": [1, 1]}, [("BAD_USER_INPUT", ["meetingDays"])]),
    ({"meetingDays": [2_000_000_000]}, [("BAD_USER_INPUT", ["meetingDays"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD)
async def test_a_course_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    year = await create_school_year(session, school)
    await create_course(session, year, name="Taken", section="A")
    course = await create_course(session, year, section="A")
    async with audited(connections, school, nothing=True):
        new = {"schoolYear": gid(year), "name": "New", "section": "A"} | given
        assert await refused(execute, "createCourse", **new) == errors
        assert await refused(execute, "updateCourse", **{"id": gid(course), "version": 1} | given) == errors


async def test_a_section_may_be_empty(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    payload = await done(execute, "updateCourse", "course { section }", id=gid(course), version=1, section="")
    assert payload == {"course": {"section": ""}}


async def test_the_name_of_a_retired_course_is_free_until_it_comes_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    old = await create_course(session, year, name="Old", section="", deleted_at=RETIRED)
    await done(execute, "createCourse", "course { id }", schoolYear=gid(year), name="Old")
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "restoreCourse", id=gid(old), version=1) == [("CONFLICT", ["name"])]


LAST = datetime.date(2025, 6, 30)
ENDED: list[dict[str, Any]] = [
    {"status": EnrollmentStatus.COMPLETED},
    {"status": EnrollmentStatus.DROPPED, "end_date": LAST, "drop_date": LAST, "drop_reason": "Moved"},
    {"end_date": LAST},
]


@pytest.mark.parametrize("values", ENDED)
async def test_a_course_is_retired_when_nobody_attends_it(
    session: AsyncSession, school: School, execute: Execute, values: dict[str, Any]
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    await enroll(session, await create_student(session, school), course, **values)
    await done(execute, "retireCourse", "course { id }", id=gid(course), version=1)


@pytest.mark.parametrize("values", [{}, {"status": EnrollmentStatus.PENDING}, {"end_date": datetime.date(2026, 4, 30)}])
async def test_a_course_that_is_attended_is_not_retired(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, values: dict[str, Any]
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    await enroll(session, await create_student(session, school), course, **values)
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "retireCourse", "__typename", id=gid(course), version=1))["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["id"])
    assert error["message"] == "id: 1 student is enrolled: complete or drop the enrolments first"


async def test_a_scale_must_hold_the_marks_of_the_course(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    await enroll(session, student, course)
    await grade(session, student, course, subject, score=Decimal(9))
    narrow = await create_grading_scale(session, school, max_score=Decimal("8.5"), pass_mark=4)
    exact = await create_grading_scale(session, school, max_score=9, pass_mark=4)
    given = {"id": gid(course), "version": 1}
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "updateCourse", "__typename", **given, gradingScale=gid(narrow))
        (error,) = payload["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["gradingScale"])
    assert error["message"] == "gradingScale: the bound 8.5 is below 9, a mark that has been given"
    await done(execute, "updateCourse", "course { id }", **given, gradingScale=gid(exact))


async def test_a_retired_course_gets_no_subject(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school), deleted_at=RETIRED)
    subject = await create_subject(session, school)
    link = await teach_subject(session, course, await create_subject(session, school))
    async with audited(connections, school, nothing=True):
        given = {"course": gid(course), "subject": gid(subject)}
        assert await refused(execute, "addCourseSubject", **given) == [("BAD_USER_INPUT", ["course"])]
        known = {"id": gid(link), "version": 1, "coefficient": "2"}
        assert await refused(execute, "updateCourseSubject", **known) == [("BAD_USER_INPUT", ["course"])]


async def test_a_subject_of_a_course_has_its_rules(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    subject, other = await create_subject(session, school), await create_subject(session, school)
    link = await teach_subject(session, course, subject)
    async with audited(connections, school, nothing=True):
        given = {"course": gid(course), "subject": gid(subject)}
        assert await refused(execute, "addCourseSubject", **given) == [("CONFLICT", ["subject"])]
        wrong = {"coefficient": "0", "credits": "-1"}
        errors = [("BAD_USER_INPUT", ["coefficient"]), ("BAD_USER_INPUT", ["credits"])]
        assert await refused(execute, "addCourseSubject", **given | {"subject": gid(other)} | wrong) == errors
        assert await refused(execute, "updateCourseSubject", id=gid(link), version=1, **wrong) == errors


async def test_a_subject_with_marks_stays_with_its_course(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    await enroll(session, student, course)
    await grade(session, student, course, subject)
    marked = await teach_subject(session, course, subject)
    tested = await teach_subject(session, course, await create_subject(session, school))
    await create_assessment(session, course, subject_id=tested.subject_id)
    free = await teach_subject(session, course, await create_subject(session, school))
    async with audited(connections, school, nothing=True):
        for used in (marked, tested):
            assert await refused(execute, "removeCourseSubject", id=gid(used), version=1) == [("CONFLICT", ["id"])]
    await done(execute, "removeCourseSubject", "courseSubject { id }", id=gid(free), version=1)


async def a_teacher(session: AsyncSession, school: School, **span: Any) -> str:
    user = await create_user(session, school)
    await give_role(session, user, Role.TEACHER, **span)
    return gid(user)


async def test_a_course_has_three_teachers_and_one_lead(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = gid(await create_course(session, await create_school_year(session, school)))
    users = [await a_teacher(session, school) for _ in range(4)]
    shown = "courseTeacher { id position }"
    first = await done(execute, "assignTeacher", shown, course=course, user=users[0], role="LEAD")
    assert first["courseTeacher"]["position"] == 1
    async with audited(connections, school, nothing=True):
        again = {"course": course, "user": users[0], "role": "SUPPORT"}
        assert await refused(execute, "assignTeacher", **again) == [("CONFLICT", ["user"])]
        lead = {"course": course, "user": users[1], "role": "LEAD"}
        assert await refused(execute, "assignTeacher", **lead) == [("CONFLICT", ["role"])]
        place = {"course": course, "user": users[1], "role": "SUPPORT"}
        assert await refused(execute, "assignTeacher", **place, position=1) == [("CONFLICT", ["position"])]
        assert await refused(execute, "assignTeacher", **place, position=4) == [("BAD_USER_INPUT", ["position"])]
    third = await done(execute, "assignTeacher", shown, course=course, user=users[1], role="SUPPORT", position=3)
    second = await done(execute, "assignTeacher", shown, course=course, user=users[2], role="ASSISTANT")
    assert second["courseTeacher"]["position"] == 2
    async with audited(connections, school, nothing=True):
        full = {"course": course, "user": users[3], "role": "SUBSTITUTE"}
        assert await refused(execute, "assignTeacher", **full) == [("CONFLICT", ["course"])]
        change = {"id": third["courseTeacher"]["id"], "version": 1}
        assert await refused(execute, "updateCourseTeacher", **change, role="LEAD") == [("CONFLICT", ["role"])]
        assert await refused(execute, "updateCourseTeacher", **change, position=2) == [("CONFLICT", ["position"])]
    await done(execute, "unassignTeacher", "courseTeacher { id }", id=first["courseTeacher"]["id"], version=1)
    await done(execute, "updateCourseTeacher", shown, **change, role="LEAD", position=1)
    await done(execute, "assignTeacher", shown, **full)


SPANS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"end_date": datetime.date(2025, 12, 1)}, True),
    ({"begin_date": datetime.date(2026, 6, 1)}, True),
    ({"end_date": datetime.date(2025, 6, 30)}, False),
]


@pytest.mark.parametrize(("span", "teaches"), SPANS)
async def test_a_teacher_of_a_course_holds_the_role(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    span: dict[str, Any],
    teaches: bool,
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    given = {"course": gid(course), "user": await a_teacher(session, school, **span), "role": "LEAD"}
    async with audited(connections, school, nothing=not teaches):
        errors = (await mutate(execute, "assignTeacher", "__typename", **given))["errors"]
    assert [error["field"] for error in errors] == ([] if teaches else [["user"]])


async def test_another_role_does_not_make_a_teacher(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    user = await create_user(session, school)
    await give_role(session, user, Role.REGISTRAR)
    led = await teach(session, course, await create_user(session, school), role=TeacherRole.LEAD)
    async with audited(connections, school, nothing=True):
        given = {"course": gid(course), "user": gid(user), "role": "SUPPORT"}
        assert await refused(execute, "assignTeacher", **given) == [("BAD_USER_INPUT", ["user"])]
    await done(execute, "updateCourseTeacher", "courseTeacher { id }", id=gid(led), version=1, role="ASSISTANT")
