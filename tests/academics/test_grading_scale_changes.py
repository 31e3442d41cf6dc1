"""Rules of grading scales and of their letters, which cover them without a gap."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import GradingScale
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_band,
    create_course,
    create_grading_scale,
    create_school_year,
    create_student,
    create_subject,
    gid,
    grade,
)
from tests.mutating import done, mutate, refused

Errors = list[tuple[str, list[str]]]
SHOWN = "gradingScale { version bands { letter lowerBound points } }"
A, B, F = ({"letter": letter, "lowerBound": bound} for letter, bound in (("A", "16"), ("B", "10"), ("F", "0")))
NEW = {"name": "New", "minScore": "0", "maxScore": "20", "passMark": "10", "bands": [A, B, F]}
BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"name": "Taken"}, [("CONFLICT", ["name"])]),
    ({"name": " "}, [("BAD_USER_INPUT", ["name"])]),
    ({"maxScore": "0"}, [("BAD_USER_INPUT", ["maxScore"])]),
    ({"passMark": "20.5"}, [("BAD_USER_INPUT", ["passMark"])]),
    ({"passMark": "-1"}, [("BAD_USER_INPUT", ["passMark"])]),
    ({"decimals": 5}, [("BAD_USER_INPUT", ["decimals"])]),
    ({"minScore": "0.00001"}, [("BAD_USER_INPUT", ["minScore"])]),
    ({"bands": [A, B]}, [("BAD_USER_INPUT", ["bands"])]),
    ({"bands": [F, F]}, [("BAD_USER_INPUT", ["bands", "1", x]) for x in ("letter", "lowerBound")]),
    ({"bands": [F, {"letter": "S", "lowerBound": "20.5"}]}, [("BAD_USER_INPUT", ["bands", "1", "lowerBound"])]),
    ({"bands": [F, {"letter": "S", "lowerBound": "-1"}]}, [("BAD_USER_INPUT", ["bands", "1", "lowerBound"])]),
    ({"bands": [F, {"letter": " ", "lowerBound": "1"}]}, [("BAD_USER_INPUT", ["bands", "1", "letter"])]),
    ({"bands": [F, {"letter": "x" * 11, "lowerBound": "1"}]}, [("BAD_USER_INPUT", ["bands", "1", "letter"])]),
    ({"bands": [F, A | {"points": "100000"}]}, [("BAD_USER_INPUT", ["bands", "1", "points"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD, ids=range(len(BAD)))
async def test_a_scale_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    await create_grading_scale(session, school, name="Taken")
    scale = await create_grading_scale(session, school)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createGradingScale", **NEW | given) == errors
        assert await refused(execute, "updateGradingScale", **{"id": gid(scale), "version": 1} | given) == errors


async def lettered(session: AsyncSession, school: School, **values: Any) -> GradingScale:
    scale = await create_grading_scale(session, school, **values)
    for letter, bound in (("A", 16), ("B", 10), ("F", 0)):
        await create_band(session, scale, letter=letter, lower_bound=bound)
    return scale


async def test_letters_are_written_as_a_whole(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """A and B change places, F gets points, C is new."""
    scale = await lettered(session, school)
    bands = [
        {"letter": "B", "lowerBound": "16", "points": None},
        {"letter": "C", "lowerBound": "12.5", "points": None},
        {"letter": "A", "lowerBound": "10", "points": "3"},
        {"letter": "F", "lowerBound": "0", "points": "1"},
    ]
    async with audited(connections, school):
        payload = await done(execute, "updateGradingScale", SHOWN, id=gid(scale), version=1, bands=bands)
    assert payload["gradingScale"] == {"version": 2, "bands": bands}
    async with audited(connections, school, nothing=True):
        await done(execute, "updateGradingScale", SHOWN, id=gid(scale), version=2, bands=bands)
        stale = {"id": gid(scale), "version": 1, "bands": []}
        assert await refused(execute, "updateGradingScale", **stale) == [("CONFLICT", ["version"])]
    async with audited(connections, school):
        payload = await done(execute, "updateGradingScale", SHOWN, id=gid(scale), version=2, bands=[])
    assert payload["gradingScale"] == {"version": 3, "bands": []}


async def test_the_letters_that_are_there_still_cover_the_scale(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = {"id": gid(await lettered(session, school)), "version": 1}
    for bounds, field in (({"minScore": "-1"}, "minScore"), ({"minScore": "1"}, "minScore")):
        async with audited(connections, school, nothing=True):
            assert await refused(execute, "updateGradingScale", **known, **bounds) == [("BAD_USER_INPUT", [field])]
    async with audited(connections, school, nothing=True):
        high = known | {"maxScore": "15"}
        assert await refused(execute, "updateGradingScale", **high) == [("BAD_USER_INPUT", ["maxScore"])]
    await done(execute, "updateGradingScale", SHOWN, **high, bands=[F])


async def marked(session: AsyncSession, school: School, **course: Any) -> None:
    """A mark of 7.5 in a course."""
    made = await create_course(session, await create_school_year(session, school), **course)
    await grade(session, await create_student(session, school), made, await create_subject(session, school))


async def test_marks_that_were_given_stay_on_the_scale(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    scale = await create_grading_scale(session, school, pass_mark=7)
    await marked(session, school, grading_scale_id=scale.id)
    known = {"id": gid(scale), "version": 1}
    async with audited(connections, school, nothing=True):
        low, high = known | {"minScore": "7.6", "passMark": "8"}, known | {"maxScore": "7.4"}
        assert await refused(execute, "updateGradingScale", **low) == [("CONFLICT", ["minScore"])]
        assert await refused(execute, "updateGradingScale", **high) == [("CONFLICT", ["maxScore"])]
        assert await refused(execute, "deleteGradingScale", **known) == [("CONFLICT", ["id"])]
    await done(execute, "updateGradingScale", SHOWN, **known, maxScore="7.5")


async def test_one_scale_is_the_schools(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    old = await create_grading_scale(session, school, school_default=True)
    await marked(session, school)
    async with audited(connections, school, nothing=True):
        small = NEW | {"maxScore": "7", "passMark": "3", "bands": [], "schoolDefault": True}
        assert await refused(execute, "createGradingScale", **small) == [("CONFLICT", ["maxScore"])]
    async with audited(connections, school):
        await done(execute, "createGradingScale", SHOWN, **NEW, schoolDefault=True)
    shown = "{ gradingScales(first: 5) { nodes { name schoolDefault } } }"
    scales = (await execute(shown)).found["gradingScales"]["nodes"]
    assert {(each["name"], each["schoolDefault"]) for each in scales} == {("New", True), (old.name, False)}


async def test_without_a_scale_the_settings_hold(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    scale = await create_grading_scale(session, school, school_default=True)
    course = await create_course(session, await create_school_year(session, school))
    high = await grade(
        session, await create_student(session, school), course, await create_subject(session, school), score=11
    )
    known = {"id": gid(scale), "version": 1}
    async with audited(connections, school, nothing=True):
        change = known | {"schoolDefault": False}
        assert await refused(execute, "updateGradingScale", **change) == [("CONFLICT", ["schoolDefault"])]
        assert await refused(execute, "deleteGradingScale", **known) == [("CONFLICT", ["id"])]
    await session.refresh(high)
    high.score = Decimal(10)
    await session.flush()
    assert (await mutate(execute, "deleteGradingScale", "__typename", **known))["errors"] == []
