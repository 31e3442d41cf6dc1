"""Plans and graphql-core give the same answers, byte for byte, on operations made from the schema."""

from tests.execution.compare import compare
from tests.worlds import Worlds

COUNT = 3000


async def test_plans_answer_as_the_standard_does(worlds: Worlds) -> None:
    tally = await compare(worlds, COUNT, seed=20251120)

    assert tally.different == []
    assert tally.run == COUNT
    assert tally.planned >= 0.7 * COUNT
    assert tally.refused >= 0.03 * COUNT
