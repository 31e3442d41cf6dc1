"""A token that several requests bring at once is looked up once."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from app.viewers import Viewers
from models import Role
from resolvers.errors import Unauthenticated
from resolvers.identity.revocation import Revocation, Subject
from resolvers.viewer import Viewer

TEACHER = Viewer(7, 3, frozenset({Role.TEACHER}), ZoneInfo("UTC"), 70)


class Looking:
    """Look-ups that end when they are let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.begun = 0
        self.go = asyncio.Event()

    async def look(self) -> Viewer:
        self.begun += 1
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return TEACHER


def hearing() -> Viewers:
    memory = Viewers()
    memory.trust()
    return memory


def asked(memory: Viewers, looking: Looking, name: str = "a") -> "asyncio.Task[Viewer]":
    return asyncio.create_task(memory.once(name, looking.look))


async def begun() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize("error", [None, Unauthenticated("gone")])
async def test_who_asks_meanwhile_has_the_same_answer(error: Exception | None) -> None:
    memory, looking = hearing(), Looking(error)
    tasks = [asked(memory, looking) for _ in range(5)]
    await begun()
    looking.go.set()

    assert await asyncio.gather(*tasks, return_exceptions=True) == [error or TEACHER] * 5
    assert looking.begun == 1


async def test_each_token_is_looked_up_and_each_time_anew() -> None:
    memory, looking = hearing(), Looking()
    looking.go.set()
    await asyncio.gather(asked(memory, looking, "a"), asked(memory, looking, "b"))
    await asked(memory, looking, "a")

    assert looking.begun == 3


async def test_who_asks_after_a_revocation_does_not_get_what_was_read_before_it() -> None:
    memory, looking = hearing(), Looking()
    before = asked(memory, looking)
    await begun()
    memory.revoke(Revocation(Subject.USER, 3, 7))
    after = asked(memory, looking)
    await begun()
    looking.go.set()
    await asyncio.gather(before, after)

    assert looking.begun == 2


async def test_without_hearing_nothing_is_shared() -> None:
    memory, looking = Viewers(), Looking()
    tasks = [asked(memory, looking) for _ in range(3)]
    await begun()
    looking.go.set()
    await asyncio.gather(*tasks)

    assert looking.begun == 3


async def test_who_goes_away_takes_nobody_along() -> None:
    memory, looking = hearing(), Looking()
    first, second = asked(memory, looking), asked(memory, looking)
    await begun()
    first.cancel()
    await asyncio.wait({first})
    looking.go.set()

    assert await second == TEACHER
    assert (first.cancelled(), looking.begun) == (True, 1)


async def test_what_nobody_waits_for_is_waited_for_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    memory, looking = hearing(), Looking(Unauthenticated("gone"))
    only = asked(memory, looking)
    await begun()
    only.cancel()
    await asyncio.wait({only})
    ending = asyncio.create_task(memory.settled())
    await begun()
    assert not ending.done()
    looking.go.set()
    await ending

    assert caplog.records == []
