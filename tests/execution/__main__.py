"""The comparison of plans with graphql-core at length: `python -m tests.execution 100000 [SEED]`."""

import asyncio
import sys

from tests.database import make_template, running
from tests.execution.compare import compare
from tests.worlds import open_worlds


async def main(count: int, seed: int) -> int:
    with running() as server:
        await make_template(server)
        async with open_worlds(server) as worlds:
            tally = await compare(worlds, count, seed)
    print(f"{tally.run} operations, {tally.planned} planned, {tally.refused} with errors")
    print("\n\n".join(tally.different) or "no difference")
    print("\n\n".join(["faults:", *tally.faulty]) if tally.faulty else "no fault")
    return bool(tally.different) or bool(tally.faulty) or tally.planned < 0.7 * tally.run


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
