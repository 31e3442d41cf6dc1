"""A plan for the next school year taken back: all is as it was, or it is told what depends on it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ReportCard, Role
from resolvers.writing.content import STAMPS
from tests.academics.rollover_school import Years, apply, create_years, decide_all, plan
from tests.audited import audited, snapshot
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, create_semester, enroll, gid, grade, mark_attendance
from tests.mutating import mutate, refused

Later = Callable[[AsyncSession, Execute, Years], Awaitable[str]]
FIELD = ["operation"]


async def applied(execute: Execute, made: Years) -> str:
    await decide_all(execute, await plan(execute, made), made)
    return str((await apply(execute, await plan(execute, made)))["operation"])


async def contents(connections: OneConnection, school: School) -> Any:
    """Every row of the school, but when and how often it was written."""
    rows = await snapshot(connections, school.id)
    return {place: {name: value for name, value in row.items() if name not in STAMPS} for place, row in rows.items()}


async def test_all_is_as_it_was(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    before = await contents(connections, school)
    operation = str((await apply(execute, planned))["operation"])
    assert await contents(connections, school) != before
    async with audited(connections, school):
        payload = await mutate(execute, "undo", "removed restored", operation=operation)
    assert payload == {"removed": 14, "restored": 24, "errors": []}
    assert await contents(connections, school) == before
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", operation=operation) == [("CONFLICT", FIELD)]
    again = await plan(execute, made)
    assert (await apply(execute, again))["schoolEnrollmentsBegun"] == 7


async def _mark(session: AsyncSession, _: Execute, made: Years) -> str:
    await grade(session, made.students["Asha"], made.courses["IIA next"], made.subjects["Science"])
    return "something depends on it: {Asha} has marks in IIA"


async def _attend(session: AsyncSession, _: Execute, made: Years) -> str:
    await mark_attendance(session, made.students["Bala"], made.courses["IA next"])
    return "something depends on it: {Bala} has attendance in IA"


async def _report(session: AsyncSession, _: Execute, made: Years) -> str:
    semester = await create_semester(session, made.begins)
    of = {"institution_id": semester.institution_id, "semester_id": semester.id}
    session.add(ReportCard(**of, student_id=made.students["Bala"].id, course_id=made.courses["IA next"].id))
    await session.flush()
    return "something depends on it: {Bala} has a report card of IA"


async def _enroll(session: AsyncSession, _: Execute, made: Years) -> str:
    other = await create_course(session, made.begins, name="Chess")
    await enroll(session, made.students["Chitra"], other)
    return "something depends on it: {Chitra} has been enrolled in Chess"


async def _name(session: AsyncSession, execute: Execute, made: Years) -> str:
    document = "query($id: ID!) { student(id: $id) { schoolEnrollments { id } } }"
    found = (await execute(document, id=gid(made.students["Dev"]))).found["student"]["schoolEnrollments"]
    given = {"record": found[1]["id"], "system": "oneroster", "value": "x-1"}
    assert (await mutate(execute, "setExternalId", "__typename", **given))["errors"] == []
    return "something depends on it: {Dev} has a school enrolment that another system has a name for"


async def _return(session: AsyncSession, execute: Execute, made: Years) -> str:
    given = {"student": gid(made.students["Esha"]), "schoolYear": gid(made.begins), "entryDate": "2025-07-01"}
    assert (await mutate(execute, "returnToSchool", "__typename", **given))["errors"] == []
    return "these have been changed since: the record of {Esha}"


async def _leave(session: AsyncSession, execute: Execute, made: Years) -> str:
    document = "query($id: ID!) { student(id: $id) { schoolEnrollments { id version } } }"
    found = (await execute(document, id=gid(made.students["Mohan"]))).found["student"]["schoolEnrollments"]
    given = {**found[1], "exitReason": "MOVED", "exitDate": "2025-08-01"}
    assert (await mutate(execute, "leaveSchool", "__typename", **given))["errors"] == []
    return "these have been changed since: the course enrolment of {Mohan}; the school enrolment of {Mohan}"


async def _delete(session: AsyncSession, execute: Execute, made: Years) -> str:
    document = "query($id: ID!) { student(id: $id) { enrollments { id version course { name } } } }"
    found = (await execute(document, id=gid(made.students["Farid"]))).found["student"]["enrollments"]
    given = {name: found[1][name] for name in ("id", "version")}
    assert (await mutate(execute, "deleteEnrollment", "__typename", **given))["errors"] == []
    return "these have been changed since: a course enrolment that is not there any more"


LATER: dict[str, Later] = {
    "a mark": _mark,
    "attendance": _attend,
    "a report card": _report,
    "an enrolment": _enroll,
    "a name in another system": _name,
    "a return": _return,
    "a leaving": _leave,
    "a deletion": _delete,
}


@pytest.mark.parametrize("what", LATER)
async def test_what_depends_on_it_is_told(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, what: str
) -> None:
    made = await create_years(session, school)
    operation = await applied(execute, made)
    message = await LATER[what](session, execute, made)
    numbers = {name: student.student_number for name, student in made.students.items()}
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "undo", "removed restored", operation=operation)
    assert [each["message"] for each in payload["errors"]] == [f"operation: {message.format(**numbers)}"]
    assert [(each["code"], each["field"]) for each in payload["errors"]] == [("CONFLICT", FIELD)]


async def test_it_is_taken_back_by_whoever_may_apply_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    operation = await applied(execute, made)
    async with audited(connections, school, nothing=True):
        for role in (Role.REGISTRAR, Role.TEACHER):
            theirs = await refused(execute, "undo", viewer=school.viewer(role), operation=operation)
            assert theirs == [("NOT_FOUND", FIELD)]


async def test_another_plan_of_the_years_stands_in_the_way(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    operation = await applied(execute, made)
    await plan(execute, made)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "undo", "removed", operation=operation)
    message = "operation: there is another plan for the same years: delete it first"
    assert [each["message"] for each in payload["errors"]] == [message]
