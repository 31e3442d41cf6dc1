"""What the database must not give and gives: both ways of execution say the same, and let go of what they held.

Each test breaks a committed database, asks with plans and without, and mends what it broke.
"""

import contextlib
from collections.abc import AsyncIterator

import orjson
import pytest

from tests.execution.broken import COLUMNS, COMPUTED, FAULTS, Case
from tests.execution.compare import answer
from tests.execution.held import Admin, nothing_is_left, operation
from tests.worlds import Worlds


@contextlib.asynccontextmanager
async def spoilt(worlds: Worlds, admin: Admin, case: Case) -> AsyncIterator[None]:
    places = {"tenant": worlds.ours.institution_id, "id": worlds.ours.ids[case.table][1]}
    await admin.execute(case.spoil.format(**places))
    try:
        yield
    finally:
        await admin.execute(case.mend.format(**places))


@pytest.mark.parametrize("case", [*COMPUTED, *FAULTS], ids=lambda case: case.name)
async def test_both_ways_say_the_same(broken: Worlds, admin: Admin, case: Case) -> None:
    asked = operation(broken, case.document)
    async with spoilt(broken, admin, case):
        planned, context = await answer(broken, asked, planning=True)
        await nothing_is_left(broken, admin)
        standard, _ = await answer(broken, asked, planning=False)
        await nothing_is_left(broken, admin)

    assert planned == standard
    errors = [orjson.loads(each) for each in orjson.loads(standard)["errors"]]
    assert sorted(each["path"] for each in errors) == case.paths
    assert context.planning is False

    again, context = await answer(broken, asked, planning=True)
    assert b'"errors":[]' in again
    assert context.planning


@pytest.mark.parametrize("case", COLUMNS, ids=lambda case: case.name)
async def test_plans_take_the_databases_word_for_what_it_keeps_out(broken: Worlds, admin: Admin, case: Case) -> None:
    """NOT NULL and CHECK are not checked again row by row: a column that lost them is shown as it is."""
    asked = operation(broken, case.document)
    async with spoilt(broken, admin, case):
        planned, context = await answer(broken, asked, planning=True)
        standard, _ = await answer(broken, asked, planning=False)
        await nothing_is_left(broken, admin)

    assert context.planning
    assert orjson.loads(planned)["errors"] == []
    errors = [orjson.loads(each) for each in orjson.loads(standard)["errors"]]
    assert sorted(each["path"] for each in errors) == case.paths
