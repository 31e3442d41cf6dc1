"""A token that several requests bring at once is looked up once."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from app import viewers
from app.viewers import Viewers
from models import Role
from resolvers.errors import Unauthenticated
from resolvers.identity.revocation import Revocation, Subject
from resolvers.identity.session_viewer import Known
from resolvers.viewer import Viewer

TEACHER = Known(Viewer(7, 3, frozenset({Role.TEACHER}), ZoneInfo("UTC"), 70), None)


class Looking:
    """Look-ups that end when they are let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.begun = self.given_up = 0
        self.go = asyncio.Event()

    async def look(self) -> Known:
        self.begun += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self.error is not None:
            raise self.error
        return TEACHER


def hearing() -> Viewers:
    memory = Viewers()
    memory.trust()
    return memory


def asked(memory: Viewers, looking: Looking, name: str = "a") -> "asyncio.Task[Known]":
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


async def test_nobody_joins_a_look_up_that_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "SECONDS_TO_JOIN", -1.0)
    memory, stuck, looking = hearing(), Looking(), Looking()
    first = asked(memory, stuck)
    await begun()
    looking.go.set()

    assert await asked(memory, looking) == TEACHER
    assert (stuck.begun, looking.begun, first.done()) == (1, 1, False)
    stuck.go.set()
    assert await first == TEACHER


async def test_what_nobody_waits_for_any_more_is_given_up() -> None:
    memory, stuck, looking = hearing(), Looking(), Looking()
    tasks = [asked(memory, stuck) for _ in range(2)]
    await begun()
    tasks[0].cancel()
    await begun()
    assert stuck.given_up == 0
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert (stuck.given_up, [task.cancelled() for task in tasks]) == (1, [True, True])

    looking.go.set()
    assert await asked(memory, looking) == TEACHER
    assert memory._looking == {}
