"""When marks can be entered: in the window, and after it where it was opened again with a reason."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import GradeEntryReopening, Semester
from resolvers.academics.grade_entry import check_grade_entry_open
from resolvers.context import Context
from resolvers.errors import Conflict, NotFound
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, create_school_year, create_semester, gid
from tests.mutating import done, refused

MINUTE = datetime.timedelta(minutes=1)
SHOWN = "semester { gradeEntryOpensAt gradeEntryClosesAt }"


async def a_semester(session: AsyncSession, school: School, **window: Any) -> Semester:
    return await create_semester(session, await create_school_year(session, school), **window)


async def is_open(connections: OneConnection, school: School, semester: int, course: int) -> str:
    """What whoever enters marks is told; empty where they may."""
    context = Context(connections, school.admin, now=NOW, timeout=60)
    async with context.change("grade.record") as change:
        change.withdraw()
        try:
            await check_grade_entry_open(change, semester, course)
        except Conflict as error:
            return str(error)
    return ""


WINDOWS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"grade_entry_opens_at": NOW}, ""),
    ({"grade_entry_opens_at": NOW + MINUTE}, "semester: grade entry of S opens at 2025-11-20T06:31:00Z"),
    ({"grade_entry_closes_at": NOW + MINUTE}, ""),
    ({"grade_entry_closes_at": NOW}, "semester: grade entry of S closed at 2025-11-20T06:30:00Z"),
]


@pytest.mark.parametrize(("window", "told"), WINDOWS, ids=["always", "just open", "not yet", "still open", "closed"])
async def test_marks_are_entered_in_the_window(
    connections: OneConnection, session: AsyncSession, school: School, window: dict[str, Any], told: str
) -> None:
    semester = await a_semester(session, school, code="S", **window)
    assert await is_open(connections, school, semester.id, 1) == told


async def test_a_part_of_another_school_is_none(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School
) -> None:
    semester = await a_semester(session, school)
    context = Context(connections, other_school.admin, now=NOW, timeout=60)
    with pytest.raises(NotFound, match="semester: there is no Semester with this id"):
        async with context.change("grade.record") as change:
            await check_grade_entry_open(change, semester.id, 1)


async def test_what_has_closed_is_reopened_for_one_course_or_for_all(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    semester = await create_semester(session, year, grade_entry_closes_at=NOW - MINUTE)
    one, other = await create_course(session, year), await create_course(session, year)
    given = {"semester": gid(semester), "reason": "Mistyped", "until": "2025-11-21T00:00:00Z"}
    await done(execute, "reopenGradeEntry", SHOWN, **given, course=gid(one))
    assert await is_open(connections, school, semester.id, one.id) == ""
    assert await is_open(connections, school, semester.id, other.id) != ""
    await done(execute, "reopenGradeEntry", SHOWN, **given)
    assert await is_open(connections, school, semester.id, other.id) == ""
    kept = (await session.scalars(select(GradeEntryReopening).order_by(GradeEntryReopening.id))).all()
    until = datetime.datetime(2025, 11, 21, tzinfo=datetime.UTC)
    assert [(each.course_id, each.reason, each.closes_at) for each in kept] == [
        (one.id, "Mistyped", until),
        (None, "Mistyped", until),
    ]


async def test_closing_ends_the_reopenings(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    semester = await a_semester(session, school, grade_entry_closes_at=NOW - MINUTE)
    again = {"semester": gid(semester), "reason": "Mistyped", "until": "2025-11-21T00:00:00Z"}
    await done(execute, "reopenGradeEntry", SHOWN, **again)
    async with audited(connections, school):
        payload = await done(execute, "closeGradeEntry", SHOWN, id=gid(semester), version=1)
    assert payload["semester"]["gradeEntryClosesAt"] == "2025-11-20T06:29:00+00:00"
    assert await is_open(connections, school, semester.id, 1) != ""
    async with audited(connections, school, nothing=True):
        await done(execute, "closeGradeEntry", SHOWN, id=gid(semester), version=1)


async def test_the_window_is_opened_and_closed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    semester = await a_semester(session, school, code="S", grade_entry_opens_at=NOW + MINUTE)
    known = gid(semester)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "closeGradeEntry", id=known, version=1) == [("CONFLICT", ["id"])]
    payload = await done(execute, "openGradeEntry", SHOWN, id=known, version=1)
    assert payload["semester"] == {"gradeEntryOpensAt": "2025-11-20T06:30:00+00:00", "gradeEntryClosesAt": None}
    assert await is_open(connections, school, semester.id, 1) == ""
    async with audited(connections, school, nothing=True):
        await done(execute, "openGradeEntry", SHOWN, id=known, version=2)


async def test_a_window_has_an_end_or_none(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    semester = await a_semester(session, school, grade_entry_opens_at=NOW - MINUTE, grade_entry_closes_at=NOW + MINUTE)
    given = {"id": gid(semester), "version": 1, "gradeEntryClosesAt": None}
    payload = await done(execute, "openGradeEntry", SHOWN, **given)
    assert payload["semester"] == {"gradeEntryOpensAt": "2025-11-20T06:29:00+00:00", "gradeEntryClosesAt": None}
    payload = await done(execute, "closeGradeEntry", SHOWN, id=gid(semester), version=2)
    assert payload["semester"]["gradeEntryClosesAt"] == "2025-11-20T06:30:00+00:00"
    assert await is_open(connections, school, semester.id, 1) != ""


async def test_what_has_closed_is_not_simply_opened(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    closed = await a_semester(session, school, grade_entry_closes_at=NOW)
    for window in ({}, {"gradeEntryClosesAt": None}, {"gradeEntryClosesAt": "2025-12-01T00:00:00Z"}):
        async with audited(connections, school, nothing=True):
            given = {"id": gid(closed), "version": 1, **window}
            assert await refused(execute, "openGradeEntry", **given) == [("CONFLICT", ["id"])]


BAD: list[tuple[str, dict[str, Any], list[tuple[str, list[str]]]]] = [
    ("openGradeEntry", {"gradeEntryClosesAt": "2025-11-20T06:30:00Z"}, [("BAD_USER_INPUT", ["gradeEntryClosesAt"])]),
    (
        "openGradeEntry",
        {"gradeEntryOpensAt": "2025-12-02T00:00:00Z", "gradeEntryClosesAt": "2025-12-01T00:00:00Z"},
        [("BAD_USER_INPUT", ["gradeEntryClosesAt"])],
    ),
    (
        "reopenGradeEntry",
        {"until": "2025-11-20T06:30:00Z"},
        [("CONFLICT", ["semester"]), ("BAD_USER_INPUT", ["until"])],
    ),
    ("reopenGradeEntry", {}, [("CONFLICT", ["semester"])]),
]


@pytest.mark.parametrize(("name", "given", "errors"), BAD, ids=["past", "backwards", "open and past", "open"])
async def test_a_window_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    name: str,
    given: dict[str, Any],
    errors: list[tuple[str, list[str]]],
) -> None:
    known = gid(await a_semester(session, school))
    start: dict[str, Any] = {"id": known, "version": 1}
    if name == "reopenGradeEntry":
        start = {"semester": known, "reason": "Mistyped", "until": "2025-12-01T00:00:00Z"}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, name, **start | given) == errors


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501], ids=["empty", "blank", "long"])
async def test_a_reopening_has_a_reason(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, reason: str
) -> None:
    semester = await a_semester(session, school, grade_entry_closes_at=NOW)
    async with audited(connections, school, nothing=True):
        given = {"semester": gid(semester), "reason": reason, "until": "2025-12-01T00:00:00Z"}
        assert await refused(execute, "reopenGradeEntry", **given) == [("BAD_USER_INPUT", ["reason"])]
