"""Two people apply the same plan for the next school year at the same moment: one of them does."""

import asyncio

from tests.writing.at_once import rollover_planned
from tests.writing.conftest import Committed

APPLY = """mutation($input: ApplyRolloverInput!) { applyRollover(input: $input) {
    operation rolloverPlan { status version } errors { code field currentVersion }
} }"""
WRITTEN = """SELECT (SELECT count(*) FROM school_enrollment WHERE entry_date = '2025-06-01')
    || ' ' || (SELECT count(*) FROM school_enrollment WHERE exit_date = '2025-04-30')
    || ' ' || (SELECT count(*) FROM enrollment WHERE begin_date = '2025-06-01')
    || ' ' || (SELECT count(*) FROM operation)"""


async def test_one_of_two_appliers_does_it(committed: Committed) -> None:
    _, given = await rollover_planned(committed)
    answers = await asyncio.gather(*(committed.ask(APPLY, input=given) for _ in range(2)))
    first, second = sorted((each.found["applyRollover"] for each in answers), key=lambda each: len(each["errors"]))
    assert (first["operation"], first["errors"]) == ("op_1", [])
    assert second == {
        "operation": None,
        "rolloverPlan": {"status": "APPLIED", "version": given["version"] + 1},
        "errors": [{"code": "CONFLICT", "field": ["version"], "currentVersion": given["version"] + 1}],
    }
    assert await committed.value(WRITTEN) == "7 10 7 1"
