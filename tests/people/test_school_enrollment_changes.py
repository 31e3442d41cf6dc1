"""Entering the school, leaving it, and coming back."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus, SchoolEnrollment, SchoolYear, Student, StudentStatus
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    admit,
    create_course,
    create_grade_level,
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

PLACE = "student { status gradeLevel { id } schoolYear { code } }"
GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


async def pupil(session: AsyncSession, school: School, **span: Any) -> tuple[Student, SchoolYear, SchoolEnrollment]:
    """A student who belongs to the school, in its current year."""
    student, year = await create_student(session, school), await create_school_year(session, school)
    return student, year, await admit(session, student, year, **span)


async def test_who_enters_is_in_the_year_and_the_level(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school, status=StudentStatus.INACTIVE)
    await create_school_year(session, school)
    level = gid(await create_grade_level(session, school))
    shown = f"schoolEnrollment {{ entryDate entryType exitDate {PLACE} }}"
    found = await done(execute, "enrollInSchool", shown, student=gid(student), gradeLevel=level)
    assert found["schoolEnrollment"] == {
        "entryDate": "2025-11-20",
        "entryType": "NEW",
        "exitDate": None,
        "student": {"status": "ACTIVE", "gradeLevel": {"id": level}, "schoolYear": {"code": "2025-2026"}},
    }


async def test_who_is_to_enter_later_is_not_active_yet(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school, status=StudentStatus.INACTIVE)
    await create_school_year(session, school)
    shown = f"schoolEnrollment {{ {PLACE} }}"
    found = await done(execute, "enrollInSchool", shown, student=gid(student), entryDate="2026-01-05")
    place = {"status": "INACTIVE", "gradeLevel": None, "schoolYear": None}
    assert found["schoolEnrollment"]["student"] == place


SPANS = [
    ({}, "2025-11-20", False),
    ({}, "2026-04-30", False),
    ({"exit_date": "2025-11-20"}, "2025-11-20", False),
    ({"exit_date": "2025-11-19"}, "2025-11-20", True),
    ({"entry_date": "2026-01-05"}, "2025-11-20", False),
]


@pytest.mark.parametrize(("span", "entry", "may"), SPANS)
async def test_spans_of_a_student_never_overlap(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    span: dict[str, str],
    entry: str,
    may: bool,
) -> None:
    student, _, _ = await pupil(session, school, **{name: day(value) for name, value in span.items()})
    for verb in ("enrollInSchool", "returnToSchool"):
        async with audited(connections, school, nothing=not may):
            payload = await mutate(
                execute, verb, "schoolEnrollment { id version }", student=gid(student), entryDate=entry
            )
        told = [(each["code"], each["field"]) for each in payload["errors"]]
        assert told == ([] if may else [("CONFLICT", ["entryDate"])])
        if may:
            await done(execute, "deleteSchoolEnrollment", "__typename", **payload["schoolEnrollment"])


async def test_a_span_is_refused_with_all_that_is_wrong(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, _, span = await pupil(session, school)
    gone = await create_student(session, school, deleted_at=GONE)
    new = await create_student(session, school)
    key = {"id": gid(span), "version": 1}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "enrollInSchool", student=gid(gone)) == [("BAD_USER_INPUT", ["student"])]
        assert await refused(execute, "returnToSchool", student=gid(new)) == [("CONFLICT", ["student"])]
        early = {"student": gid(student), "entryDate": "2025-05-31"}
        assert await refused(execute, "enrollInSchool", **early) == [
            ("BAD_USER_INPUT", ["entryDate"]),
            ("CONFLICT", ["entryDate"]),
        ]
        given = {"entryDate": "2026-05-01", "exitDate": "2025-05-31"}
        assert await refused(execute, "updateSchoolEnrollment", **key, **given) == [
            ("BAD_USER_INPUT", ["entryDate"]),
            ("BAD_USER_INPUT", ["exitDate"]),
        ]
        assert await refused(execute, "updateSchoolEnrollment", **key, exitReason="MOVED") == [
            ("BAD_USER_INPUT", ["exitDate"])
        ]


async def test_without_a_current_year_one_must_be_named(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, year = await create_student(session, school), await create_school_year(session, school, current=False)
    async with audited(connections, school, nothing=True):
        told = await refused(execute, "enrollInSchool", student=gid(student))
    assert told == [("BAD_USER_INPUT", ["schoolYear"])]
    await done(execute, "enrollInSchool", "schoolEnrollment { id }", student=gid(student), schoolYear=gid(year))


COURSES = """schoolEnrollment { exitDate exitReason student {
    status enrollments { beginDate endDate status dropDate dropReason dropSemester { id } }
} }"""


@pytest.mark.parametrize(("reason", "status"), [("MOVED", "DROPPED"), ("GRADUATED", "COMPLETED")])
async def test_the_courses_of_who_leaves_end_that_day_and_the_records_stay(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, reason: str, status: str
) -> None:
    student, year, span = await pupil(session, school)
    semester = await create_semester(session, year)
    course, subject = await create_course(session, year), await create_subject(session, school)
    await enroll(session, student, course)
    over = {"begin_date": day("2025-06-02"), "end_date": day("2025-08-31"), "status": EnrollmentStatus.COMPLETED}
    await enroll(session, student, await create_course(session, year), **over)
    later = {"begin_date": day("2026-01-05"), "status": EnrollmentStatus.PENDING}
    await enroll(session, student, await create_course(session, year), **later)
    never = {"begin_date": day("2025-06-03"), "status": EnrollmentStatus.PENDING}
    await enroll(session, student, await create_course(session, year), **never)
    await grade(session, student, course, subject, date=day("2025-10-10"))
    await mark_attendance(session, student, course, date=day("2025-10-10"))
    async with audited(connections, school):
        given = {"id": gid(span), "version": 1, "exitDate": "2025-10-10", "exitReason": reason}
        found = await done(execute, "leaveSchool", COURSES, **given)
    kept = {"dropDate": None, "dropReason": None, "dropSemester": None}
    drop = {"dropDate": "2025-10-10", "dropReason": "Left the school: MOVED", "dropSemester": {"id": gid(semester)}}
    ended = {"beginDate": "2025-06-01", "endDate": "2025-10-10", "status": status}
    assert found["schoolEnrollment"] == {
        "exitDate": "2025-10-10",
        "exitReason": reason,
        "student": {
            "status": "INACTIVE",
            "enrollments": [
                ended | (drop if status == "DROPPED" else kept),
                {"beginDate": "2025-06-02", "endDate": "2025-08-31", "status": "COMPLETED", **kept},
                {"beginDate": "2025-06-03", "endDate": "2025-10-10", "status": "PENDING", **kept},
            ],
        },
    }
    asked = "query($id: ID!) { student(id: $id) { grades { date } attendance { date } } }"
    marks = [{"date": "2025-10-10"}]
    assert (await execute(asked, id=gid(student))).found["student"] == {"grades": marks, "attendance": marks}


@pytest.mark.parametrize("kind", ["grade", "attendance"])
async def test_nobody_leaves_before_the_last_mark(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, kind: str
) -> None:
    student, year, span = await pupil(session, school)
    course = await create_course(session, year)
    await enroll(session, student, course)
    if kind == "grade":
        await grade(session, student, course, await create_subject(session, school), date=day("2025-10-10"))
    else:
        await mark_attendance(session, student, course, date=day("2025-10-10"))
    given = {"id": gid(span), "version": 1, "exitReason": "MOVED"}
    async with audited(connections, school, nothing=True):
        told = await refused(execute, "leaveSchool", **given, exitDate="2025-10-09")
        assert told == [("CONFLICT", ["exitDate"])]
        told = await refused(execute, "leaveSchool", **given, exitDate="2025-11-21")
        assert told == [("BAD_USER_INPUT", ["exitDate"])]
    await done(execute, "leaveSchool", "schoolEnrollment { exitDate }", **given)


async def test_who_has_left_leaves_no_more_and_comes_back_as_before(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    level = await create_grade_level(session, school)
    student, year, span = await pupil(session, school, grade_level_id=level.id)
    await enroll(session, student, await create_course(session, year))
    given = {"id": gid(span), "exitReason": "MOVED", "exitDate": "2025-10-10"}
    await done(execute, "leaveSchool", "schoolEnrollment { id }", version=1, **given)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "leaveSchool", version=2, **given) == [("CONFLICT", ["id"])]
    shown = f"schoolEnrollment {{ entryDate entryType {PLACE} }}"
    found = await done(execute, "returnToSchool", shown, student=gid(student))
    assert found["schoolEnrollment"] == {
        "entryDate": "2025-11-20",
        "entryType": "RE_ENTRY",
        "student": {"status": "ACTIVE", "gradeLevel": {"id": gid(level)}, "schoolYear": {"code": "2025-2026"}},
    }
    asked = "query($id: ID!) { student(id: $id) { enrollments { status } schoolEnrollments { exitDate } } }"
    assert (await execute(asked, id=gid(student))).found["student"] == {
        "enrollments": [{"status": "DROPPED"}],
        "schoolEnrollments": [{"exitDate": "2025-10-10"}, {"exitDate": None}],
    }


async def test_a_planned_end_does_not_keep_anybody(session: AsyncSession, school: School, execute: Execute) -> None:
    _, _, span = await pupil(session, school, exit_date=day("2026-04-30"))
    given = {"id": gid(span), "version": 1, "exitReason": "TRANSFERRED"}
    found = await done(execute, "leaveSchool", "schoolEnrollment { exitDate exitReason }", **given)
    assert found["schoolEnrollment"] == {"exitDate": "2025-11-20", "exitReason": "TRANSFERRED"}


@pytest.mark.parametrize("back", [False, True])
async def test_a_planned_end_that_has_come_is_carried_out_by_leaving_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, back: bool
) -> None:
    """It ends the span alone: courses and status wait for whoever says that the student has left.

    Where the day of coming `back` is known already, the courses that begin then stay; others to come are taken back.
    """
    student, year, span = await pupil(session, school, exit_date=day("2025-11-14"))
    await enroll(session, student, await create_course(session, year))
    asked = "query($id: ID!) { student(id: $id) { status enrollments { status endDate } } }"
    still = {"status": "ACTIVE", "enrollments": [{"status": "ACTIVE", "endDate": None}]}
    assert (await execute(asked, id=gid(student))).found["student"] == still
    to_come = {"status": "ACTIVE", "endDate": None}
    if back:
        await admit(session, student, year, entry_date=day("2026-01-05"), exit_date=day("2026-02-27"))
    for begin in ("2025-12-01", "2026-01-05", "2026-02-27", "2026-03-02"):
        await enroll(session, student, await create_course(session, year), begin_date=day(begin))
    given = {"id": gid(span), "exitReason": "MOVED"}
    async with audited(connections, school):
        found = await done(execute, "leaveSchool", "schoolEnrollment { exitDate version }", version=1, **given)
    assert found["schoolEnrollment"] == {"exitDate": "2025-11-14", "version": 2}
    left = [{"status": "DROPPED", "endDate": "2025-11-14"}]
    gone = {"status": "INACTIVE", "enrollments": left + [to_come] * 2 * back}
    assert (await execute(asked, id=gid(student))).found["student"] == gone
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "leaveSchool", version=2, **given) == [("CONFLICT", ["id"])]


async def test_a_course_that_has_been_retired_since_keeps_nobody(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, year, span = await pupil(session, school, exit_date=day("2025-11-14"))
    course = await create_course(session, year, deleted_at=datetime.datetime(2025, 11, 17, tzinfo=datetime.UTC))
    await enroll(session, student, course, end_date=day("2025-11-16"))
    async with audited(connections, school):
        shown = "schoolEnrollment { exitDate student { status enrollments { status endDate } } }"
        found = await done(execute, "leaveSchool", shown, id=gid(span), version=1, exitReason="MOVED")
    gone = {"status": "INACTIVE", "enrollments": [{"status": "DROPPED", "endDate": "2025-11-14"}]}
    assert found["schoolEnrollment"] == {"exitDate": "2025-11-14", "student": gone}


async def test_a_span_before_the_last_one_is_over_for_good(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, year, span = await pupil(session, school, exit_date=day("2025-10-10"))
    await admit(session, student, year, entry_date=day("2025-11-03"))
    async with audited(connections, school, nothing=True):
        given = {"id": gid(span), "version": 1, "exitReason": "MOVED"}
        assert await refused(execute, "leaveSchool", **given) == [("CONFLICT", ["id"])]
