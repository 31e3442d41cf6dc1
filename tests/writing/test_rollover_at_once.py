"""Two people apply the same plan for the next school year at the same moment: one of them does."""

import asyncio
from types import SimpleNamespace
from typing import Any

from app.owner import owner_session
from tests.academics.rollover_school import create_years, decide_all, plan
from tests.writing.conftest import Committed

APPLY = """mutation($input: ApplyRolloverInput!) { applyRollover(input: $input) {
    operation rolloverPlan { status version } errors { code field currentVersion }
} }"""
WRITTEN = """SELECT (SELECT count(*) FROM school_enrollment WHERE entry_date = '2025-06-01')
    || ' ' || (SELECT count(*) FROM school_enrollment WHERE exit_date = '2025-04-30')
    || ' ' || (SELECT count(*) FROM enrollment WHERE begin_date = '2025-06-01')
    || ' ' || (SELECT count(*) FROM operation)"""


async def test_one_of_two_appliers_does_it(committed: Committed) -> None:
    async with owner_session(committed.urls) as session:
        made = await create_years(session, SimpleNamespace(id=committed.institution_id))

    async def execute(document: str, **variables: Any) -> Any:
        return await committed.ask(document, **variables)

    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    given = {"id": planned["id"], "version": planned["version"]}
    answers = await asyncio.gather(*(committed.ask(APPLY, input=given) for _ in range(2)))
    first, second = sorted((each.found["applyRollover"] for each in answers), key=lambda each: len(each["errors"]))
    assert (first["operation"], first["errors"]) == ("op_1", [])
    assert second == {
        "operation": None,
        "rolloverPlan": {"status": "APPLIED", "version": planned["version"] + 1},
        "errors": [{"code": "CONFLICT", "field": ["version"], "currentVersion": planned["version"] + 1}],
    }
    assert await committed.value(WRITTEN) == "7 10 7 1"
