"""Marking a class while others mark it too, change its calendar, enrol students or move them on."""

import asyncio
from typing import Any

import pytest

from app.owner import owner_session
from models import Assessment, CalendarDayKind
from tests.academics.marking import Class
from tests.conftest import School
from tests.factories import (
    admit,
    create_assessment,
    create_calendar_day,
    create_course,
    create_student,
    create_subject,
    enroll,
    gid,
)
from tests.waiting import until_waiting
from tests.writing.at_once import call, held, one_after_the_other, rollover_planned
from tests.writing.conftest import Committed
from tests.writing.test_once import committed_class

DAY = "2025-09-01"
WRITERS = 4
COURSE = "SELECT FROM course WHERE id = {id} FOR UPDATE"


async def assessed(committed: Committed, given: Class) -> tuple[str, Assessment]:
    """A subject, and an assessment in it."""
    async with owner_session(committed.urls) as session:
        subject = await create_subject(session, School(committed.institution_id, "GAMMA"))
        return gid(subject), await create_assessment(session, given.course, subject_id=subject.id)


@pytest.mark.parametrize("of_assessment", [True, False], ids=["assessment", "day"])
async def test_a_student_has_one_mark_for_one_thing_whoever_gives_it(committed: Committed, of_assessment: bool) -> None:
    given = await committed_class(committed, 1)
    subject, work = await assessed(committed, given)
    asked = {"course": gid(given.course), "subject": subject, "semester": gid(given.semester)}
    asked |= {"assessment": gid(work)} if of_assessment else {"date": DAY}
    async with held(committed, COURSE.format(id=given.course.id)) as looking:
        marks = [{**asked, "marks": given.marks({"score": str(score)})} for score in range(WRITERS)]
        tasks = [asyncio.create_task(call(committed, "recordGrades", "created updated", each)) for each in marks]
        await until_waiting(looking, WRITERS)
    payloads = [await task for task in tasks]
    assert [payload["errors"] for payload in payloads] == [[]] * WRITERS
    assert sorted(payload["created"] for payload in payloads) == [0, 0, 0, 1]
    assert await committed.value("SELECT array_agg(version) FROM grade") == [WRITERS]


async def test_an_assessment_is_marked_once_also_on_several_days(committed: Committed) -> None:
    given = await committed_class(committed, 1)
    subject, work = await assessed(committed, given)
    marks = given.marks({"score": "7"})
    asked = {"course": gid(given.course), "subject": subject, "assessment": gid(work), "marks": marks}
    calls = [("recordGrades", "created", {**asked, "date": day}) for day in (DAY, "2025-09-02")]
    first, second = await one_after_the_other(committed, calls[0], calls[1])
    assert (first["created"], first["errors"]) == (1, [])
    assert [(each["code"], each["field"]) for each in second["errors"]] == [("CONFLICT", ["marks", "0", "student"])]
    assert await committed.value("SELECT count(*) FROM grade") == 1


async def calendar_day(committed: Committed, given: Class, there: bool) -> tuple[str, str, dict[str, Any]]:
    """The call that makes a day a holiday, which the calendar has or has not."""
    async with owner_session(committed.urls) as session:
        row = await create_calendar_day(session, given.year) if there else None
    if row is not None:
        return "updateCalendarDay", "__typename", {"id": gid(row), "version": 1, "kind": "HOLIDAY"}
    days = [{"date": DAY, "kind": "HOLIDAY"}]
    return "setCalendarDays", "__typename", {"schoolYear": gid(given.year), "days": days}


@pytest.mark.parametrize("there", [True, False], ids=["changed", "added"])
@pytest.mark.parametrize("taken_first", [True, False], ids=["attendance", "holiday"])
async def test_a_day_is_no_holiday_on_which_attendance_is_taken(
    committed: Committed, there: bool, taken_first: bool
) -> None:
    given = await committed_class(committed, 1)
    holiday = await calendar_day(committed, given, there)
    marks = {"course": gid(given.course), "date": DAY, "marks": given.marks({"status": "PRESENT"})}
    record = "recordAttendance", "created", marks
    first, second = await one_after_the_other(committed, *((record, holiday) if taken_first else (holiday, record)))
    assert first["errors"] == []
    (error,) = second["errors"]
    late = ["kind"] if there else ["days", "0", "kind"]
    assert (error["code"], error["field"]) == (("CONFLICT", late) if taken_first else ("BAD_USER_INPUT", ["date"]))
    kinds = await committed.value("SELECT array_agg(kind) FROM calendar_day")
    assert kinds == ([CalendarDayKind.INSTRUCTIONAL.value] if there else None) if taken_first else ["HOLIDAY"]
    assert await committed.value("SELECT count(*) FROM attendance") == taken_first


async def enroll_while(committed: Committed, course: Any, student: Any, begins: str, waits: asyncio.Task[Any]) -> None:
    """The student comes into the course though somebody else is about to lock both."""
    students = {"course": gid(course), "students": [gid(student)], "beginDate": begins}
    payload = await asyncio.wait_for(call(committed, "enrollStudents", "created", students), 60)
    assert (payload["created"], payload["errors"], waits.done()) == (1, [], False)


async def test_students_are_enrolled_while_a_rollover_waits_for_a_course(committed: Committed) -> None:
    made, given = await rollover_planned(committed)
    first, *_, last = sorted(made.courses.values(), key=lambda course: course.id)
    async with held(committed, COURSE.format(id=first.id)) as looking:
        rollover = asyncio.create_task(call(committed, "applyRollover", "operation", given))
        await until_waiting(looking, 1)
        await enroll_while(committed, last, made.students["Asha"], "2025-06-01", rollover)
    assert {error["code"] for error in (await rollover)["errors"]} <= {"CONFLICT"}


async def test_a_student_is_enrolled_while_leaving_waits_for_a_course(committed: Committed) -> None:
    school = School(committed.institution_id, "GAMMA")
    given = await committed_class(committed, 0)
    async with owner_session(committed.urls) as session:
        student = await create_student(session, school)
        span = await admit(session, student, given.year)
        await enroll(session, student, given.course)
        other = await create_course(session, given.year, name="Other")
    leaves = {"id": gid(span), "version": 1, "exitDate": "2025-10-31", "exitReason": "MOVED"}
    async with held(committed, COURSE.format(id=given.course.id)) as looking:
        leaving = asyncio.create_task(call(committed, "leaveSchool", "__typename", leaves))
        await until_waiting(looking, 1)
        await enroll_while(committed, other, student, DAY, leaving)
    assert (await leaving)["errors"] == []
    assert await committed.value("SELECT count(*) FROM enrollment WHERE end_date = '2025-10-31'") == 2
