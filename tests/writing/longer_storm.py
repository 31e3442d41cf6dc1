"""The storm of `tests.writing.storm` for longer, with everything that can be killed killed again and again.

    python -m tests.writing.longer_storm --seconds 60 --seed 7

runs on a PostgreSQL of its own under `.cache/storm`, which syncs its commits as in production. It tells how often what
has happened, and fails where an acknowledged write is lost or doubled, or audit and rows disagree.
"""

import asyncio
import random
from collections.abc import Iterator

import typer

from app.settings import ROOT
from tests.writing.storm import Storm
from tests.writing.storm_checks import check, rows_of
from tests.writing.storm_site import site

# Seconds between two disturbances; what takes a start of the server is less often.
PAUSE = 2.5
WEIGHTS = {
    "server killed": 2,
    "PostgreSQL killed": 2,
    "PostgreSQL stopped at once": 2,
    "PostgreSQL restarted": 2,
    "session killed": 3,
    "sessions ended": 5,
}


def chosen(seconds: float, chance: random.Random) -> Iterator[str]:
    """What happens in so many seconds: everything once at least, where there is time for it."""
    several = max(1, int(seconds / PAUSE))
    yield from list(WEIGHTS)[:several]
    yield from chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=max(0, several - len(WEIGHTS)))


async def run(seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    folder = ROOT / ".cache" / "storm"
    folder.mkdir(parents=True, exist_ok=True)
    async with site(folder, chance, 10) as place:
        await place.site.join()
        storm, before = Storm(place), await rows_of(place.site.urls)
        disturbances = list(chosen(seconds, chance))
        chance.shuffle(disturbances)
        await storm.rage(seconds, disturbances)
        await check(storm, before)
    typer.echo("\n".join(f"{count:6} {what}" for what, count in sorted(storm.counts.items())))


def main(seconds: float = 60, seed: int = 7) -> None:
    """Let it storm."""
    asyncio.run(run(seconds, seed))


if __name__ == "__main__":
    typer.run(main)
