"""Attendance of a whole class: what becomes of each mark, the rules, and what it costs."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Attendance, AttendanceTaken, CalendarDayKind, EnrollmentStatus, Outbox, SchoolYear
from tests.academics.marking import Class, create_class, outcomes, record, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_attendance_code, create_calendar_day, create_course, create_student, enroll, gid
from tests.mutating import refused
from tests.writing.sent import sent

DAY = "2025-09-01"
PRESENT, ABSENT = {"status": "PRESENT"}, {"status": "ABSENT", "reason": "Ill"}
LATE = {"code": "LATE", "minutesLate": 10}


def call(given: Class, *marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"course": gid(given.course), "date": DAY, "marks": given.marks(*marks), **more}


async def stored(session: AsyncSession, given: Class) -> list[Attendance]:
    statement = select(Attendance).where(Attendance.course_id == given.course.id).order_by(Attendance.student_id)
    return list(await session.scalars(statement.execution_options(populate_existing=True)))


async def test_a_class_is_marked_marked_again_and_corrected(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 3)
    teacher = given.viewer(school)
    async with audited(connections, school):
        payload = await record(
            execute, "recordAttendance", viewer=teacher, **call(given, PRESENT, ABSENT, LATE, session="AM")
        )
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 3)
    assert [payload[each] for each in ("created", "updated", "unchanged", "refused")] == [3, 0, 0, 0]
    assert [each["student"]["id"] for each in payload["results"]] == [gid(student) for student in given.students]
    rows = await stored(session, given)
    assert [gid(row) for row in rows] == [each["mark"]["id"] for each in payload["results"]]
    found = [(row.status, row.code, row.reason, row.minutes_late) for row in rows]
    assert found == [("PRESENT", "PRESENT", None, None), ("ABSENT", "ABSENT", "Ill", None), ("LATE", "LATE", None, 10)]
    own = {(row.recorded_by_id, row.semester_id, row.school_year_id, row.session) for row in rows}
    assert own == {(given.teacher.id, given.semester.id, given.year.id, "AM")}
    (taken,) = await session.scalars(select(AttendanceTaken).where(AttendanceTaken.course_id == given.course.id))
    assert (taken.date, taken.session, taken.taken_by_id) == (datetime.date(2025, 9, 1), "AM", given.teacher.id)
    async with audited(connections, school):
        payload = await record(
            execute, "recordAttendance", viewer=teacher, **call(given, PRESENT, PRESENT, LATE, session="AM")
        )
    assert outcomes(payload) == ["UNCHANGED", "UPDATED", "UNCHANGED"]
    assert [each["mark"]["version"] for each in payload["results"]] == [1, 2, 1]
    (_, changed, _) = await stored(session, given)
    assert (changed.status, changed.reason) == ("PRESENT", None)


async def test_what_was_done_is_told_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 2)
    for _ in range(2):
        assert (await record(execute, "recordAttendance", **call(given, PRESENT, ABSENT)))["errors"] == []
    counts = {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    about = {"course": given.course.id, "date": DAY, "session": "FULL"}
    entries = await session.scalars(select(ActivityEntry).where(ActivityEntry.action == "attendance.record"))
    assert [entry.details for entry in entries] == [{**counts, **about}]
    events = await session.scalars(select(Outbox).where(Outbox.topic == "course"))
    assert [(each.key, each.payload) for each in events] == [
        (str(given.course.id), {"action": "record_attendance", **counts, **about})
    ]


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"code": "NONE"}, "code", "'NONE' is none of the school's attendance codes"),
    ({"code": "LATE", "status": "ABSENT"}, "status", "ABSENT is not the status of the code: 'LATE' stands for LATE"),
    ({}, "status", "must be given, or a code"),
    ({"status": "ABSENT", "minutesLate": 5}, "minutesLate", "5 can be given with LATE only, not with ABSENT"),
    ({"status": "LATE", "minutesLate": 1441}, "minutesLate", "1441 is not between 0 and 1440"),
    ({"status": "ABSENT", "reason": "x" * 501}, "reason", f"'{'x' * 40}…' has 501 characters, at most 500 are allowed"),
]


@pytest.mark.parametrize(("mark", "field", "words"), BAD, ids=[str(place) for place in range(len(BAD))])
async def test_a_mark_that_breaks_a_rule_refuses_all_or_itself_alone(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    mark: dict[str, Any],
    field: str,
    words: str,
) -> None:
    given = await create_class(session, school, 2)
    expected = [("BAD_USER_INPUT", f"marks.1.{field}", f"marks.1.{field}: {words}")]
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordAttendance", **call(given, PRESENT, mark))
    assert refusals(payload["errors"]) == expected
    assert (outcomes(payload), payload["results"][0]["place"], payload["refused"]) == (["REFUSED"], 1, 1)
    async with audited(connections, school):
        payload = await record(execute, "recordAttendance", **call(given, PRESENT, mark, mode="VALID_ROWS"))
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED", "REFUSED"])
    assert refusals(payload["results"][1]["errors"]) == expected
    assert len(await stored(session, given)) == 1


async def test_only_students_of_that_day_are_marked_and_each_once(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    late, left, planned, stranger = [await create_student(session, school) for _ in range(4)]
    await enroll(session, late, given.course, begin_date=datetime.date(2025, 9, 2))
    await enroll(session, left, given.course, end_date=datetime.date(2025, 8, 31))
    await enroll(session, planned, given.course, status=EnrollmentStatus.PENDING)
    ids = [gid(each) for each in (*given.students, late, left, planned, stranger, *given.students)] + ["stu_999999999"]
    marks = [{"student": each, **PRESENT} for each in ids]
    async with audited(connections, school):
        payload = await record(
            execute, "recordAttendance", course=gid(given.course), date=DAY, marks=marks, mode="VALID_ROWS"
        )
    assert outcomes(payload) == ["CREATED", *["REFUSED"] * 6]
    absent = [f"marks.{place}.student: is not enrolled in the course on 2025-09-01" for place in (1, 2, 4)]
    absent.insert(2, "marks.3.student: the enrolment in the course is PENDING: set it to ACTIVE first")
    words = [each["errors"][0]["message"] for each in payload["results"][1:]]
    twice = "marks.5.student: is the same as in marks.0"
    assert words == [*absent, twice, "marks.6.student: there is no Student with this id"]
    assert [each["errors"][0]["code"] for each in payload["results"][1:]] == [*["BAD_USER_INPUT"] * 5, "NOT_FOUND"]
    # Both ends of a span count.
    for day, student in (("2025-09-02", late), ("2025-08-31", left)):
        marks = [{"student": gid(student), **PRESENT}]
        payload = await record(execute, "recordAttendance", course=gid(given.course), date=day, marks=marks)
        assert outcomes(payload) == ["CREATED"]


async def test_the_day_must_have_lessons_and_not_be_to_come(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    # It is 20 November, noon in Kolkata.
    to_come = await record(execute, "recordAttendance", **call(given, PRESENT) | {"date": "2025-11-21"})
    assert refusals(to_come["errors"]) == [
        ("BAD_USER_INPUT", "date", "date: 2025-11-21 is in the future, today is 2025-11-20")
    ]
    await create_calendar_day(session, given.year, kind=CalendarDayKind.HOLIDAY)
    payload = await record(execute, "recordAttendance", **call(given, PRESENT))
    said = "date: 2025-09-01 is HOLIDAY in the school's calendar, no lesson day"
    assert refusals(payload["errors"]) == [("BAD_USER_INPUT", "date", said)]
    payload = await record(execute, "recordAttendance", **call(given, PRESENT) | {"date": "2025-09-02"})
    assert refusals(payload["errors"]) == [
        ("BAD_USER_INPUT", "date", "date: 2025-09-02 is not in the school's calendar")
    ]
    await create_calendar_day(session, given.year, date=datetime.date(2025, 9, 2), kind=CalendarDayKind.MAKE_UP)
    payload = await record(execute, "recordAttendance", **call(given, PRESENT) | {"date": "2025-09-02"})
    assert outcomes(payload) == ["CREATED"]


async def test_the_whole_day_excludes_its_parts(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    for part in ("AM", "PM"):
        assert outcomes(await record(execute, "recordAttendance", **call(given, PRESENT, session=part))) == ["CREATED"]
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordAttendance", **call(given, ABSENT))
    (error,) = payload["errors"]
    said = "marks.0.student: has been marked for AM that day, which FULL excludes"
    assert (error["code"], error["message"], error["currentVersion"]) == ("CONFLICT", said, 1)
    assert payload["results"][0]["mark"]["id"] == gid((await stored(session, given))[0])


async def test_another_version_is_a_conflict_with_the_record(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 2)
    await record(execute, "recordAttendance", **call(given, PRESENT))
    marks = [{**PRESENT, "version": 1}, {**ABSENT, "version": 1}]
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordAttendance", **call(given, ABSENT | {"version": 7}, marks[1]))
    codes = [(each["code"], each["field"], each["currentVersion"]) for each in payload["errors"]]
    assert codes == [("CONFLICT", ["marks", "0", "version"], 1), ("CONFLICT", ["marks", "1", "version"], None)]
    assert [each["mark"] and each["mark"]["version"] for each in payload["results"]] == [1, None]
    assert outcomes(await record(execute, "recordAttendance", **call(given, ABSENT | {"version": 1}))) == ["UPDATED"]


async def test_a_dry_run_says_what_would_be_and_does_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 2)
    await record(execute, "recordAttendance", **call(given, PRESENT))
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordAttendance", **call(given, ABSENT, PRESENT, dryRun=True))
    assert (payload["errors"], outcomes(payload)) == ([], ["UPDATED", "CREATED"])
    assert [each["mark"]["version"] for each in payload["results"]] == [2, 1]


async def test_an_own_code_stands_for_its_status(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 2)
    await create_attendance_code(session, school, code="AILING")
    payload = await record(execute, "recordAttendance", **call(given, {"code": "AILING"}, {"status": "EXCUSED"}))
    assert outcomes(payload) == ["CREATED", "CREATED"]
    assert [(row.status, row.code) for row in await stored(session, given)] == [
        ("EXCUSED", "AILING"),
        ("EXCUSED", "EXCUSED"),
    ]


async def test_a_roster_is_taken_without_marks_and_marks_without_taking_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    taken = select(AttendanceTaken).where(AttendanceTaken.course_id == given.course.id)
    await record(execute, "recordAttendance", **call(given, PRESENT, taken=False))
    assert (await session.scalars(taken)).all() == []
    await record(execute, "recordAttendance", **call(given))
    assert len((await session.scalars(taken)).all()) == 1


async def test_a_teacher_marks_the_own_courses_only(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    other = await create_course(session, given.year)
    await enroll(session, given.students[0], other)
    async with audited(connections, school, nothing=True):
        theirs = call(given, PRESENT) | {"course": gid(other)}
        assert await refused(execute, "recordAttendance", viewer=given.viewer(school), **theirs) == [
            ("NOT_FOUND", ["course"])
        ]


async def test_too_many_marks_are_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    marks = given.marks(PRESENT) * 1001
    errors = await refused(execute, "recordAttendance", course=gid(given.course), date=DAY, marks=marks)
    assert errors == [("BAD_USER_INPUT", ["marks"])]


async def test_the_size_of_the_class_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    costs: list[list[int]] = []
    year: SchoolYear | None = None
    for size in (1, 40):
        given = await create_class(session, school, size + 1, year)
        year = given.year
        marks = [PRESENT, *[ABSENT] * size]
        seen: list[int] = []
        for part in (marks[:1], marks, [LATE] * (size + 1)):
            asked = call(given, *part, idempotencyKey=f"{size}-{len(costs)}-{len(seen)}")
            async with sent(connections) as statements:
                answer = await execute(
                    "mutation($input: RecordAttendanceInput!) { recordAttendance(input: $input) { refused } }",
                    input=asked,
                )
            assert answer.found == {"recordAttendance": {"refused": 0}}
            seen.append(len(statements))
        costs.append(seen)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10, costs
