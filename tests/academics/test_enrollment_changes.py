"""How students come into courses and leave them."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceStatus, Course, Enrollment, EnrollmentStatus, SemesterType, Student
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    enroll,
    gid,
    grade,
    mark_attendance,
)
from tests.mutating import done, mutate, refused

Errors = list[tuple[str, list[str]]]
day = datetime.date.fromisoformat
RETIRED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
SHOWN = "enrollment { beginDate endDate status dropDate dropReason dropSemester { code } }"
DROPPED: dict[str, Any] = {
    "status": EnrollmentStatus.DROPPED,
    "end_date": day("2025-08-31"),
    "drop_date": day("2025-08-31"),
    "drop_reason": "Moved away",
}
COMPLETED: dict[str, Any] = {"status": EnrollmentStatus.COMPLETED, "end_date": day("2025-10-31")}


async def a_course(session: AsyncSession, school: School, **values: Any) -> Course:
    return await create_course(session, await create_school_year(session, school), **values)


async def enrolled(session: AsyncSession, school: School, **values: Any) -> Enrollment:
    return await enroll(session, await create_student(session, school), await a_course(session, school), **values)


async def both(session: AsyncSession, school: School) -> tuple[Student, Course]:
    return await create_student(session, school), await a_course(session, school)


NEW: list[tuple[dict[str, Any], Errors]] = [
    ({"beginDate": "2025-05-31"}, [("BAD_USER_INPUT", ["beginDate"])]),
    ({"endDate": "2026-05-01"}, [("BAD_USER_INPUT", ["endDate"])]),
    ({"endDate": "2025-06-30"}, [("BAD_USER_INPUT", ["endDate"])]),
    ({"status": "DROPPED"}, [("BAD_USER_INPUT", ["status"])]),
    ({"status": "COMPLETED"}, [("BAD_USER_INPUT", ["status"])]),
]


@pytest.mark.parametrize(("given", "errors"), NEW)
async def test_an_enrolment_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    student, course = await both(session, school)
    known = await enroll(session, await create_student(session, school), course, begin_date=day("2025-07-01"))
    async with audited(connections, school, nothing=True):
        new = {"student": gid(student), "course": gid(course), "beginDate": "2025-07-01"} | given
        assert await refused(execute, "enrollStudent", **new) == errors
        assert await refused(execute, "updateEnrollment", **{"id": gid(known), "version": 1} | given) == errors


async def test_who_comes_back_gets_another_span(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, course = await both(session, school)
    first = await enroll(session, student, course, **DROPPED)
    given = {"student": gid(student), "course": gid(course)}
    async with audited(connections, school, nothing=True):
        again = given | {"beginDate": "2025-08-31"}
        assert await refused(execute, "enrollStudent", **again) == [("CONFLICT", ["beginDate"])]
    await done(execute, "enrollStudent", SHOWN, **given, beginDate="2025-09-01")
    async with audited(connections, school, nothing=True):
        change = {"id": gid(first), "version": 1, "status": "ACTIVE"}
        assert await refused(execute, "updateEnrollment", **change) == [("CONFLICT", ["beginDate"])]
    shown = await execute("query($id: ID!) { student(id: $id) { enrollments { beginDate status } } }", id=gid(student))
    spans = shown.found["student"]["enrollments"]
    assert sorted((each["beginDate"], each["status"]) for each in spans) == [
        ("2025-06-01", "DROPPED"),
        ("2025-09-01", "ACTIVE"),
    ]


async def test_a_planned_span_counts_for_the_overlap(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, course = await both(session, school)
    await enroll(session, student, course, begin_date=day("2026-01-01"), status=EnrollmentStatus.PENDING)
    given = {"student": gid(student), "course": gid(course), "beginDate": "2025-09-01"}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "enrollStudent", **given) == [("CONFLICT", ["beginDate"])]
    await done(execute, "enrollStudent", SHOWN, **given, endDate="2025-12-31")


@pytest.mark.parametrize("retired", ["course", "student"])
async def test_what_has_been_retired_is_not_enrolled(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, retired: str
) -> None:
    student, course = await both(session, school)
    (course if retired == "course" else student).deleted_at = RETIRED
    await session.flush()
    async with audited(connections, school, nothing=True):
        given = {"student": gid(student), "course": gid(course), "beginDate": "2025-09-01"}
        assert await refused(execute, "enrollStudent", **given) == [("BAD_USER_INPUT", [retired])]


async def test_a_drop_ends_the_span_in_the_shortest_part_of_the_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    await create_semester(session, year, code="HALF")
    await create_semester(
        session, year, code="TERM", type=SemesterType.TERM, start_date=day("2025-09-01"), end_date=day("2025-09-30")
    )
    student, course = await create_student(session, school), await create_course(session, year)
    known = gid(await enroll(session, student, course))
    async with audited(connections, school):
        payload = await done(
            execute, "dropEnrollment", SHOWN, id=known, version=1, dropDate="2025-09-15", dropReason="Moved"
        )
    dropped = {
        "beginDate": "2025-06-01",
        "endDate": "2025-09-15",
        "status": "DROPPED",
        "dropDate": "2025-09-15",
        "dropReason": "Moved",
        "dropSemester": {"code": "TERM"},
    }
    assert payload["enrollment"] == dropped
    again = {"id": known, "dropDate": "2025-08-15", "dropReason": "Moved away"}
    payload = await done(execute, "dropEnrollment", SHOWN, **again, version=2)
    assert payload["enrollment"]["dropSemester"] == {"code": "HALF"}
    async with audited(connections, school, nothing=True):
        await done(execute, "dropEnrollment", SHOWN, **again, version=3)


async def test_who_never_took_part_does_not_complete(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = gid(await enrolled(session, school, status=EnrollmentStatus.PENDING))
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "completeEnrollment", id=known, version=1) == [("CONFLICT", ["id"])]
    await done(execute, "updateEnrollment", SHOWN, id=known, version=1, status="ACTIVE")
    await done(execute, "completeEnrollment", SHOWN, id=known, version=2, endDate="2025-10-31")


BAD_DROPS: list[tuple[dict[str, Any], Errors]] = [
    ({"dropDate": "2025-05-31"}, [("BAD_USER_INPUT", ["dropDate"])]),
    ({"dropDate": "2025-11-21"}, [("BAD_USER_INPUT", ["dropDate"])]),
    ({"dropReason": " "}, [("BAD_USER_INPUT", ["dropReason"])]),
    ({"dropReason": "x" * 501}, [("BAD_USER_INPUT", ["dropReason"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD_DROPS, ids=["before", "after", "no reason", "long reason"])
async def test_a_drop_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    known = await enrolled(session, school)
    async with audited(connections, school, nothing=True):
        drop = {"id": gid(known), "version": 1, "dropDate": "2025-11-20", "dropReason": "Moved"} | given
        assert await refused(execute, "dropEnrollment", **drop) == errors


async def test_a_dropped_span_keeps_its_end_until_the_drop_is_taken_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = gid(await enrolled(session, school, **DROPPED))
    async with audited(connections, school, nothing=True):
        for end in ("2025-09-30", None):
            change = {"id": known, "version": 1, "endDate": end}
            assert await refused(execute, "updateEnrollment", **change) == [("BAD_USER_INPUT", ["endDate"])]
        assert await refused(execute, "completeEnrollment", id=known, version=1) == [("CONFLICT", ["id"])]
    async with audited(connections, school):
        payload = await done(execute, "updateEnrollment", SHOWN, id=known, version=1, status="ACTIVE")
    assert payload["enrollment"] == {
        "beginDate": "2025-06-01",
        "endDate": None,
        "status": "ACTIVE",
        "dropDate": None,
        "dropReason": None,
        "dropSemester": None,
    }


ENDS: list[tuple[dict[str, Any], str | None, str]] = [
    ({}, None, "2025-11-20"),
    ({}, "2025-10-31", "2025-10-31"),
    ({"end_date": day("2025-09-30")}, None, "2025-09-30"),
    (COMPLETED, "2025-09-30", "2025-09-30"),
]


@pytest.mark.parametrize(("values", "given", "end"), ENDS)
async def test_a_completed_span_has_an_end(
    session: AsyncSession, school: School, execute: Execute, values: dict[str, Any], given: str | None, end: str
) -> None:
    known = await enrolled(session, school, **values)
    payload = await done(execute, "completeEnrollment", SHOWN, id=gid(known), version=1, endDate=given)
    assert (payload["enrollment"]["status"], payload["enrollment"]["endDate"]) == ("COMPLETED", end)


async def test_what_is_to_end_later_is_not_complete_yet(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = await enrolled(session, school, end_date=day("2026-03-31"))
    async with audited(connections, school, nothing=True):
        for end in (None, "2025-11-21"):
            given = {"id": gid(known), "version": 1, "endDate": end}
            assert await refused(execute, "completeEnrollment", **given) == [("BAD_USER_INPUT", ["endDate"])]


async def test_the_status_that_it_has_may_be_sent_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = await enrolled(session, school, **COMPLETED)
    async with audited(connections, school, nothing=True):
        given = {"id": gid(known), "version": 1, "status": "COMPLETED", "endDate": "2025-10-31"}
        assert (await mutate(execute, "updateEnrollment", SHOWN, **given))["errors"] == []


@pytest.mark.parametrize("kind", ["mark", "attendance"])
async def test_days_that_were_marked_stay_in_the_span(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, kind: str
) -> None:
    student, course = await both(session, school)
    known = await enroll(session, student, course)
    if kind == "mark":
        await grade(session, student, course, await create_subject(session, school))
    else:
        await mark_attendance(session, student, course, status=AttendanceStatus.ABSENT, code="ABSENT")
    given = {"id": gid(known), "version": 1}
    async with audited(connections, school, nothing=True):
        for field, value in (("endDate", "2025-08-31"), ("beginDate", "2025-09-02")):
            assert await refused(execute, "updateEnrollment", **given, **{field: value}) == [("CONFLICT", [field])]
        drop = given | {"dropDate": "2025-08-31", "dropReason": "Moved"}
        assert await refused(execute, "dropEnrollment", **drop) == [("CONFLICT", ["dropDate"])]
        early = given | {"endDate": "2025-08-31"}
        assert await refused(execute, "completeEnrollment", **early) == [("CONFLICT", ["endDate"])]
        assert await refused(execute, "deleteEnrollment", **given) == [("CONFLICT", ["id"])]
    await done(execute, "updateEnrollment", SHOWN, **given, beginDate="2025-09-01", endDate="2025-09-01")
