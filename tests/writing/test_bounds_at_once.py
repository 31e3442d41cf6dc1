"""The bounds by which marks are given stay as they are until the marks are there."""

from decimal import Decimal

import asyncpg
import pytest

from resolvers.academics.score_bounds import Bounds, scale_bounds
from resolvers.context import Context
from tests.answers import NOW
from tests.writing.conftest import Committed

SCALE = """mutation($input: CreateGradingScaleInput!) { createGradingScale(input: $input) { errors { code field } } }"""
OWN = {"name": "Twenty", "minScore": "0", "maxScore": "20", "passMark": "10", "schoolDefault": True}
SETTINGS = "SELECT count(*) FROM (SELECT FROM configuration_setting WHERE key LIKE 'GRADE_SCALE_M%' {lock}) AS found"
SCALES = "SELECT count(*) FROM (SELECT FROM grading_scale {lock}) AS found"
LOCK = "FOR NO KEY UPDATE NOWAIT"


@pytest.mark.parametrize(("highest", "rows", "count"), [(10, SETTINGS, 2), (20, SCALES, 1)], ids=["settings", "scale"])
async def test_nobody_moves_bounds_that_somebody_marks_by(
    committed: Committed, highest: int, rows: str, count: int
) -> None:
    if highest == 20:
        payload = (await committed.ask(SCALE, input=OWN)).found["createGradingScale"]
        assert payload["errors"] == []
    context = Context(committed.database, committed.viewer, now=NOW, timeout=60)
    try:
        async with context.change("grade.record") as change:
            assert await scale_bounds(change, None) == Bounds(Decimal(0), Decimal(highest))
            with pytest.raises(asyncpg.LockNotAvailableError):
                await committed.value(rows.format(lock=LOCK))
            assert await committed.value(rows.format(lock="FOR SHARE NOWAIT")) == count
            change.withdraw()
    finally:
        await context.close()
    assert await committed.value(rows.format(lock=LOCK)) == count
