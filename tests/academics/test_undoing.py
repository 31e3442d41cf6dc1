"""Bulk marking taken back, as a whole and while nothing has been changed since."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceTaken, GradeEntryReopening, Operation, Student
from tests.academics.marking import Class, create_class, record
from tests.academics.test_attendance_recording import call as attend
from tests.academics.test_attendance_recording import stored
from tests.academics.test_grade_recording import call as mark
from tests.academics.test_grade_recording import stored as graded
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_assessment, create_subject, create_user, gid, name_outside, teach
from tests.mutating import mutate, refused

PRESENT, ABSENT = {"status": "PRESENT"}, {"status": "ABSENT", "reason": "Ill"}
FIELD = ["operation"]


async def undo(execute: Execute, operation: str, **more: Any) -> dict[str, Any]:
    return await mutate(execute, "undo", "removed restored", operation=operation, **more)


async def operation_of(execute: Execute, name: str, /, **given: Any) -> str:
    payload = await mutate(execute, name, "operation", **given)
    assert payload["errors"] == []
    return str(payload["operation"])


def said(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in names) for row in rows]


async def test_what_was_made_goes_and_what_was_changed_says_what_it_said(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 3)
    await record(execute, "recordAttendance", **attend(given, ABSENT, {"code": "LATE", "minutesLate": 5}, taken=False))
    names = "student_id", "status", "code", "reason", "minutes_late", "recorded_by_id", "semester_id"
    before = said(await stored(session, given), *names)
    teacher = given.viewer(school)
    operation = await operation_of(execute, "recordAttendance", viewer=teacher, **attend(given, *[PRESENT] * 3))
    assert said(await stored(session, given), "status") == [("PRESENT",)] * 3
    async with audited(connections, school):
        assert await undo(execute, operation, viewer=teacher) == {"removed": 1, "restored": 2, "errors": []}
    assert said(await stored(session, given), *names) == before
    taken = select(AttendanceTaken).where(AttendanceTaken.course_id == given.course.id)
    assert (await session.scalars(taken)).all() == []
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", operation=operation) == [("CONFLICT", FIELD)]
    kept = await session.scalar(select(Operation).where(Operation.undone_at.is_not(None)))
    assert kept is not None
    assert (gid_of(kept), kept.undone_at, kept.action) == (operation, NOW, "attendance.record")


def gid_of(operation: Operation) -> str:
    return f"op_{operation.id}"


async def test_marks_are_taken_back_while_they_can_be_entered(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 2), await create_subject(session, school)
    await record(execute, "recordGrades", **mark(given, subject, {"score": "7.25", "comment": "Fine"}))
    better = {"score": "9", "comment": None}, {"scoreStatus": "EXEMPT"}
    operation = await operation_of(execute, "recordGrades", **mark(given, subject, *better))
    given.semester.grade_entry_closes_at = NOW
    await session.flush()
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", operation=operation) == [("CONFLICT", FIELD)]
    session.add(
        GradeEntryReopening(
            institution_id=school.id, semester_id=given.semester.id, reason="Wrong", closes_at=NOW.replace(year=2026)
        )
    )
    await session.flush()
    async with audited(connections, school):
        assert await undo(execute, operation) == {"removed": 1, "restored": 1, "errors": []}
    assert [(str(row.score), row.comment) for row in await graded(session, given)] == [("7.2500", "Fine")]


@pytest.mark.parametrize(("session_of_later", "stays"), [("FULL", True), ("AM", False)])
async def test_the_roster_stays_taken_while_there_are_marks_of_others(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    session_of_later: str,
    stays: bool,
) -> None:
    given = await create_class(session, school, 2)
    first = await operation_of(execute, "recordAttendance", **attend(given, PRESENT))
    later = attend(given, session=session_of_later) | {"marks": given.marks({}, ABSENT)[1:]}
    second = await operation_of(execute, "recordAttendance", **later)
    async with audited(connections, school):
        assert (await undo(execute, first))["removed"] == 1
    statement = select(AttendanceTaken.session).where(AttendanceTaken.course_id == given.course.id)
    assert ("FULL" in (await session.scalars(statement)).all()) == stays
    assert (await undo(execute, second))["removed"] == 1
    assert "FULL" not in (await session.scalars(statement)).all()


async def test_scores_outside_of_the_bounds_of_today_do_not_come_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 2), await create_subject(session, school)
    work = await create_assessment(session, given.course, max_score=20)
    asked = {"assessment": gid(work)}
    await record(execute, "recordGrades", **mark(given, subject, {"score": "18"}, {"score": "4"}, **asked))
    lower = mark(given, subject, {"score": "8"}, {"score": "5"}, **asked)
    operation = await operation_of(execute, "recordGrades", **lower)
    work.max_score = Decimal(10)
    await session.flush()
    async with audited(connections, school, nothing=True):
        payload = await undo(execute, operation)
    message = "operation: 1 of its 2 former marks are outside of the bounds, now 0 to 10"
    assert payload["errors"] == [{"code": "CONFLICT", "field": FIELD, "message": message, "currentVersion": None}]
    work.max_score = Decimal(18)
    await session.flush()
    assert (await undo(execute, operation))["restored"] == 2


@pytest.mark.parametrize("how", ["changed", "deleted"])
async def test_nothing_is_taken_back_once_a_record_has_been_changed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, how: str
) -> None:
    given = await create_class(session, school, 2)
    operation = await operation_of(execute, "recordAttendance", **attend(given, PRESENT, PRESENT))
    one = {"id": gid((await stored(session, given))[0]), "version": 1}
    call = ("updateAttendance", {**one, "status": "ABSENT"}) if how == "changed" else ("deleteAttendance", one)
    assert (await mutate(execute, call[0], "__typename", **call[1]))["errors"] == []
    async with audited(connections, school, nothing=True):
        payload = await undo(execute, operation)
    message = "operation: 1 of its 2 records have been changed since"
    assert payload["errors"] == [{"code": "CONFLICT", "field": FIELD, "message": message, "currentVersion": None}]


async def test_of_the_same_marks_the_later_is_taken_back_first(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    first = await operation_of(execute, "recordAttendance", **attend(given, PRESENT))
    second = await operation_of(execute, "recordAttendance", **attend(given, ABSENT))
    assert await refused(execute, "undo", operation=first) == [("CONFLICT", FIELD)]
    assert (await undo(execute, second))["restored"] == 1
    (row,) = await stored(session, given)
    assert (row.status, row.version) == ("PRESENT", 3)


async def test_teachers_take_back_what_they_did_themselves(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    colleague = await create_user(session, school)
    await teach(session, given.course, colleague, position=2)
    operation = await operation_of(execute, "recordAttendance", viewer=given.viewer(school), **attend(given, PRESENT))
    given.teacher = colleague
    async with audited(connections, school, nothing=True):
        theirs = await refused(execute, "undo", viewer=given.viewer(school), operation=operation)
    assert theirs == [("NOT_FOUND", FIELD)]
    assert (await undo(execute, operation))["removed"] == 1


async def test_marks_that_another_system_has_a_name_for_stay(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 2), await create_subject(session, school)
    operation = await operation_of(execute, "recordGrades", **mark(given, subject, {"score": "8"}, {"score": "5"}))
    row = (await graded(session, given))[0]
    student = await session.get_one(Student, (school.id, row.student_id))
    name = await name_outside(session, row)
    async with audited(connections, school, nothing=True):
        (error,) = (await undo(execute, operation))["errors"]
    said = f"{student.student_number} has a mark that another system has a name for"
    assert (error["code"], error["message"]) == ("CONFLICT", f"operation: something depends on it: {said}")
    await session.delete(name)
    await session.flush()
    assert (await undo(execute, operation))["removed"] == 2


@pytest.mark.parametrize("text", ["", "op_", "op_x", "stu_1", "op_01", "op_1234567890123456789012"])
async def test_what_is_no_id_is_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, text: str
) -> None:
    assert await refused(execute, "undo", operation=text) == [("BAD_USER_INPUT", FIELD)]


async def test_nothing_written_is_no_operation(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given: Class = await create_class(session, school, 1)
    await record(execute, "recordAttendance", **attend(given, PRESENT))
    for call in (attend(given, PRESENT), attend(given, ABSENT, dryRun=True)):
        payload = await mutate(execute, "recordAttendance", "operation", **call)
        assert payload == {"operation": None, "errors": []}
