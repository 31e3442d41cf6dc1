"""Many students into one course at once: what becomes of each, the rules, taking it back, and what it costs."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Course, Enrollment, EnrollmentStatus, Outbox, Role, SchoolYear, Student
from tests.academics.marking import outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_report_card,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    enroll,
    gid,
    grade,
    mark_attendance,
    name_outside,
)
from tests.mutating import mutate, refused
from tests.writing.sent import sent

SHOWN = (
    "course { id } operation created updated unchanged refused"
    " results { place outcome student { id } enrollment { id version } errors { code field message currentVersion } }"
)
RETIRED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
DAYS = {"beginDate": "2025-09-01", "endDate": "2025-12-31"}
FIRST, LAST = datetime.date(2025, 9, 1), datetime.date(2025, 12, 31)


async def some(session: AsyncSession, school: School, count: int) -> tuple[Course, list[Student]]:
    course = await create_course(session, await create_school_year(session, school, current=False))
    return course, [await create_student(session, school) for _ in range(count)]


async def enrolling(execute: Execute, course: Course, students: list[Any], /, **more: Any) -> dict[str, Any]:
    ids = [each if isinstance(each, str) else gid(each) for each in students]
    given: dict[str, Any] = {"course": gid(course), "students": ids, **DAYS, **more}
    return await mutate(execute, "enrollStudents", SHOWN, **given)


async def stored(session: AsyncSession, course: Course) -> list[Enrollment]:
    found = select(Enrollment).where(Enrollment.course_id == course.id).order_by(Enrollment.id)
    return list(await session.scalars(found.execution_options(populate_existing=True)))


async def test_students_are_enrolled_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 3)
    registrar = school.viewer(Role.REGISTRAR, user_id=7)
    async with audited(connections, school):
        payload = await enrolling(execute, course, students[:2], viewer=registrar, status="PENDING")
    assert (payload["errors"], outcomes(payload), payload["course"]) == ([], ["CREATED"] * 2, {"id": gid(course)})
    rows = await stored(session, course)
    assert [(each["student"]["id"], each["enrollment"]["id"]) for each in payload["results"]] == [
        (gid(student), gid(row)) for student, row in zip(students, rows, strict=False)
    ]
    said = {(row.begin_date, row.end_date, row.status, row.created_by) for row in rows}
    assert said == {(FIRST, LAST, EnrollmentStatus.PENDING, 7)}
    async with audited(connections, school):
        payload = await enrolling(execute, course, students, status="PENDING")
    assert outcomes(payload) == ["UNCHANGED", "UNCHANGED", "CREATED"]
    assert [each["enrollment"]["version"] for each in payload["results"]] == [1, 1, 1]


async def test_what_was_done_is_told_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 2)
    for _ in range(2):
        assert (await enrolling(execute, course, students))["errors"] == []
    counts = {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    about = {"course": course.id, "begin_date": "2025-09-01", "end_date": "2025-12-31"}
    entries = await session.scalars(select(ActivityEntry).where(ActivityEntry.action == "enrollment.record"))
    assert [entry.details for entry in entries] == [{**counts, **about}]
    ids = [row.id for row in await stored(session, course)]
    events = await session.scalars(select(Outbox).where(Outbox.topic == "course"))
    assert [(each.key, each.payload) for each in events] == [
        (str(course.id), {"action": "enroll", "ids": ids, **counts, **about})
    ]


async def test_students_who_cannot_be_enrolled_refuse_all_or_themselves_alone(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    course, (new, gone, ended, there) = await some(session, school, 4)
    gone.deleted_at = RETIRED
    await enroll(session, ended, course, end_date=datetime.date(2025, 8, 31))
    standing = await enroll(session, there, course, begin_date=datetime.date(2025, 12, 31))
    await connections.enter(other_school.id, 60)
    stranger = await create_student(session, other_school)
    await connections.enter(school.id, 60)
    asked = [new, gone, new, ended, there, stranger, "stu_999999999"]
    expected = [
        ("BAD_USER_INPUT", "students.1", "students.1: the Student has been retired: bring it back first"),
        ("BAD_USER_INPUT", "students.2", "students.2: is the same as in students.0"),
        ("CONFLICT", "students.4", "students.4: is in the course already, from 2025-12-31 on, ACTIVE"),
        ("NOT_FOUND", "students.5", "students.5: there is no Student with this id"),
        ("NOT_FOUND", "students.6", "students.6: there is no Student with this id"),
    ]
    async with audited(connections, school, nothing=True):
        payload = await enrolling(execute, course, asked)
    assert refusals(payload["errors"]) == expected
    assert [each["place"] for each in payload["results"]] == [1, 2, 4, 5, 6]
    async with audited(connections, school):
        payload = await enrolling(execute, course, asked, mode="VALID_ROWS")
    assert outcomes(payload) == ["CREATED", "REFUSED", "REFUSED", "CREATED", *["REFUSED"] * 3]
    assert refusals([error for each in payload["results"] for error in each["errors"]]) == expected
    assert payload["results"][4]["enrollment"] == {"id": gid(standing), "version": 1}
    assert payload["results"][4]["errors"][0]["currentVersion"] == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"beginDate": "2025-05-31"}, "beginDate"),
    ({"endDate": "2026-05-01"}, "endDate"),
    ({"endDate": "2025-08-31"}, "endDate"),
    ({"status": "DROPPED"}, "status"),
    ({"students": ["stu_1"] * 1001}, "students"),
]


@pytest.mark.parametrize(("given", "field"), BAD, ids=["early", "late", "backwards", "dropped", "many"])
async def test_what_is_wrong_with_the_call_refuses_it(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    field: str,
) -> None:
    course, students = await some(session, school, 1)
    async with audited(connections, school, nothing=True):
        whole = {"course": gid(course), "students": [gid(students[0])], **DAYS, **given}
        assert await refused(execute, "enrollStudents", **whole) == [("BAD_USER_INPUT", [field])]


async def test_a_dry_run_enrols_nobody(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 2)
    async with audited(connections, school, nothing=True):
        payload = await enrolling(execute, course, students, dryRun=True)
    assert (outcomes(payload), payload["created"], payload["operation"]) == (["CREATED"] * 2, 2, None)


async def test_the_same_call_again_is_answered_as_the_first(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 2)
    first = await enrolling(execute, course, students, idempotencyKey="class-1")
    async with audited(connections, school, nothing=True):
        assert await enrolling(execute, course, students, idempotencyKey="class-1") == first
    assert outcomes(first) == ["CREATED"] * 2


async def test_it_is_taken_back_while_nobody_is_marked(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 3)
    await enroll(session, students[0], course, begin_date=FIRST, end_date=LAST)
    payload = await enrolling(execute, course, students)
    mark = await mark_attendance(session, students[1], course, date=FIRST)
    other = await grade(session, students[2], course, await create_subject(session, school), date=LAST)
    given = {"operation": payload["operation"]}
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", **given))["errors"]
        teacher = school.viewer(Role.TEACHER, user_id=school.admin.user_id)
        assert await refused(execute, "undo", viewer=teacher, **given) == [("NOT_FOUND", ["operation"])]
    assert error["message"] == "operation: in 2 of its 2 enrolments the student has been marked since"
    await session.delete(mark)
    await session.delete(other)
    await session.flush()
    async with audited(connections, school):
        undone = await mutate(execute, "undo", "removed restored", **given)
    assert undone == {"removed": 2, "restored": 0, "errors": []}
    assert [row.student_id for row in await stored(session, course)] == [students[0].id]


async def test_report_cards_and_names_elsewhere_keep_it_from_being_taken_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 2)
    year = await session.get_one(SchoolYear, (school.id, course.school_year_id))
    begins, after = {"start_date": FIRST, "end_date": LAST}, LAST + datetime.timedelta(1)
    of_days = await create_semester(session, year, **begins)
    later = await create_semester(session, year, start_date=after, end_date=after + datetime.timedelta(30))
    given = {"operation": (await enrolling(execute, course, students))["operation"]}
    # Of days on which nobody was enrolled by it.
    await create_report_card(session, students[0], course, later)
    card = await create_report_card(session, students[0], course, of_days)
    name = await name_outside(session, (await stored(session, course))[1])
    for row, who, words in (
        (card, students[0], f"has a report card of {course.name}"),
        (name, students[1], "has an enrolment that another system has a name for"),
    ):
        async with audited(connections, school, nothing=True):
            (error,) = (await mutate(execute, "undo", "removed", **given))["errors"]
        said = f"operation: something depends on it: {who.student_number} {words}"
        assert (error["code"], error["message"]) == ("CONFLICT", said)
        await session.delete(row)
        await session.flush()
    assert await mutate(execute, "undo", "removed", **given) == {"removed": 2, "errors": []}


async def test_an_enrolment_that_was_changed_since_keeps_it_from_being_taken_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course, students = await some(session, school, 2)
    payload = await enrolling(execute, course, students)
    changed = {"id": payload["results"][0]["enrollment"]["id"], "version": 1, "endDate": "2025-11-30"}
    assert (await mutate(execute, "updateEnrollment", "__typename", **changed))["errors"] == []
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", operation=payload["operation"]) == [("CONFLICT", ["operation"])]


async def test_the_number_of_students_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    costs, year = [], await create_school_year(session, school)
    for size in (1, 40):
        course = await create_course(session, year)
        students = [await create_student(session, school) for _ in range(size + 1)]
        await enroll(session, students[0], course, begin_date=FIRST, end_date=LAST)
        given = {"course": gid(course), "students": [gid(each) for each in students], **DAYS}
        async with sent(connections) as statements:
            document = "mutation($input: EnrollStudentsInput!) { enrollStudents(input: $input) { created } }"
            answer = await execute(document, input=given | {"idempotencyKey": f"key-{size}"})
        assert answer.found == {"enrollStudents": {"created": size}}
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 10
