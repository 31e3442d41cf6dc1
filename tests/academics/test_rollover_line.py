"""Lines of a plan for the next school year: what persons decide about single students."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.academics.rollover_school import apply, create_years, decide_all, plan
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, gid
from tests.mutating import done, mutate, refused

SHOWN = "rolloverLine { decision reason note exitReason toGradeLevel { code } toCourse { name } version }"


def of(planned: dict[str, Any], name: str) -> dict[str, Any]:
    line = planned["lines"][name]
    return {"id": line["id"], "version": line["version"]}


# What is said, and the decision with the grade level, class and reason to leave that follow.
FOLLOWING: dict[str, tuple[str, dict[str, Any], tuple[Any, ...]]] = {
    "moves on": ("Bala", {"decision": "PROMOTE"}, ("PROMOTE", "II", "IIA", None)),
    "repeats": ("Asha", {"decision": "RETAIN"}, ("RETAIN", "I", "IA", None)),
    "leaves": ("Asha", {"decision": "LEAVE", "exitReason": "MOVED"}, ("LEAVE", None, None, "MOVED")),
    "stays after all": ("Esha", {"decision": "RETAIN"}, ("RETAIN", "III", "IIIA", None)),
    "is left as it is": ("Esha", {"decision": "SKIP"}, ("SKIP", None, None, None)),
    "is left open": ("Asha", {"decision": "UNDECIDED"}, ("UNDECIDED", None, None, None)),
    "leaves for another reason": ("Esha", {"exitReason": "EXPELLED"}, ("LEAVE", None, None, "EXPELLED")),
    "goes to no class": ("Asha", {"toCourse": None}, ("PROMOTE", "II", None, None)),
}


@pytest.mark.parametrize("how", FOLLOWING)
async def test_what_follows_from_a_decision(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, how: str
) -> None:
    planned = await plan(execute, await create_years(session, school))
    name, given, expected = FOLLOWING[how]
    async with audited(connections, school):
        line = (await done(execute, "updateRolloverLine", SHOWN, **of(planned, name), **given))["rolloverLine"]
    level, course = ((line[each] or {}) for each in ("toGradeLevel", "toCourse"))
    assert (line["decision"], level.get("code"), course.get("name"), line["exitReason"]) == expected
    assert (line["reason"], line["version"]) == ("DECIDED", 2)


async def test_somebody_may_skip_a_level_and_change_the_class(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    other = await create_course(session, made.begins, name="III B", section="B", grade_level_id=made.levels["III"].id)
    given = {"toGradeLevel": gid(made.levels["III"]), "toCourse": gid(other)}
    line = (await done(execute, "updateRolloverLine", SHOWN, **of(planned, "Asha"), **given))["rolloverLine"]
    assert (line["decision"], line["toGradeLevel"], line["toCourse"]) == (
        *("PROMOTE", {"code": "III"}),
        {"name": "III B"},
    )


async def test_a_note_alone_decides_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    planned = await plan(execute, await create_years(session, school))
    line = (await done(execute, "updateRolloverLine", SHOWN, **of(planned, "Asha"), note="Call them"))["rolloverLine"]
    assert (line["reason"], line["note"]) == ("PASSED", "Call them")


async def test_what_does_not_go_together_is_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    first, second = gid(made.levels["I"]), gid(made.levels["II"])
    wrong: list[tuple[str, dict[str, Any], list[str]]] = [
        ("Asha", {"decision": "LEAVE"}, ["exitReason"]),
        ("Asha", {"exitReason": "MOVED"}, ["exitReason"]),
        ("Asha", {"decision": "RETAIN", "toGradeLevel": second}, ["toGradeLevel"]),
        ("Asha", {"toGradeLevel": first}, ["toGradeLevel"]),
        ("Asha", {"decision": "SKIP", "toGradeLevel": second}, ["toGradeLevel"]),
        ("Asha", {"decision": "SKIP", "toCourse": gid(made.courses["IIA next"])}, ["toCourse"]),
        ("Asha", {"toCourse": gid(made.courses["IA next"])}, ["toCourse"]),
        ("Asha", {"toCourse": gid(made.courses["IA"])}, ["toCourse"]),
        ("Gita", {"decision": "PROMOTE"}, ["toGradeLevel"]),
    ]
    async with audited(connections, school, nothing=True):
        for name, given, field in wrong:
            found = await refused(execute, "updateRolloverLine", **of(planned, name), **given)
            assert found == [("BAD_USER_INPUT", field)], (name, given)


async def test_nothing_is_decided_once_the_plan_has_been_applied(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    await apply(execute, planned)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "updateRolloverLine", "__typename", **of(planned, "Asha"), decision="RETAIN")
    message = "id: the plan has been applied: `undo` its operation first"
    assert payload["errors"] == [{"code": "CONFLICT", "field": ["id"], "message": message, "currentVersion": None}]
