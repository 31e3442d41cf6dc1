"""Plans and graphql-core give the same answers, byte for byte, on operations made from the schema."""

import asyncio
import gc

import pytest

from tests.execution.compare import compare
from tests.worlds import Worlds

# Three thousand operations, in parts that several workers share. One is enough to send their statements to a version.
COUNT, FIRST = 500, 20251120
SEEDS = [FIRST, *(pytest.param(FIRST + n, marks=pytest.mark.any_database) for n in range(1, 6))]


# Where a field's arguments are refused at once, graphql-core leaves its siblings to themselves: some never begin.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", SEEDS)
async def test_plans_answer_as_the_standard_does(worlds: Worlds, seed: int) -> None:
    tally = await compare(worlds, COUNT, seed)
    # What was left is told now, and not while another test runs.
    await asyncio.sleep(0)
    gc.collect()

    assert tally.different == []
    assert tally.faulty == []
    assert tally.run == COUNT
    assert tally.planned >= 0.7 * COUNT
    assert tally.refused >= 0.03 * COUNT
