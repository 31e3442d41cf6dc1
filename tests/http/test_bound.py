"""What bounds an operation: its time, and its client."""

import asyncio
import contextlib
import gc
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from app.bound import PATIENCE as PATIENT
from app.bound import Bound, Disconnected
from tests.waiting import PATIENCE

Begin = Callable[[Bound], object]


class Client:
    """One who goes when told to; `asked` counts how often it was listened for."""

    def __init__(self) -> None:
        self.going = asyncio.Event()
        self.asked = 0

    async def receive(self) -> dict[str, str]:
        self.asked += 1
        await self.going.wait()
        return {"type": "http.disconnect"}


async def ended(work: Coroutine[Any, Any, None]) -> str:
    """How work ends that would go on for long; fails where nothing ends it."""
    clock = asyncio.timeout(PATIENCE)
    try:
        async with clock:
            await work
    except (Disconnected, TimeoutError, asyncio.CancelledError) as error:
        assert not clock.expired()
        return type(error).__name__
    raise AssertionError("it has ended by itself")


async def waits(bound: Bound, begin: Begin = lambda _: None) -> str:
    """How the body of a `with` ends that would wait for long."""

    async def work() -> None:
        with bound:
            begin(bound)
            await asyncio.sleep(2 * PATIENCE)

    return await ended(work())


def cancellations() -> int:
    """How often the task that asks has been cancelled."""
    task = asyncio.current_task()
    assert task is not None
    return task.cancelling()


def timers() -> list[float]:
    """When bounds will look; others have timers on the loop, too."""
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    looks = [each for each in scheduled if getattr(each._callback, "__func__", None) is Bound._look]
    return [timer.when() for timer in looks if not timer.cancelled()]


def watchers() -> int:
    return sum("Bound._watch" in repr(task.get_coro()) for task in asyncio.all_tasks())


@pytest.mark.parametrize("seconds", [0.001, PATIENT * 2])
@pytest.mark.parametrize("listening", [False, True])
async def test_it_ends_when_its_time_is_up(seconds: float, *, listening: bool) -> None:
    started = asyncio.get_running_loop().time()
    assert await waits(Bound(Client().receive, seconds, listening=listening)) == "TimeoutError"
    assert asyncio.get_running_loop().time() - started >= seconds


def test_a_short_time_is_not_lengthened() -> None:
    async def due(seconds: float, *then: float) -> float:
        now = asyncio.get_running_loop().time()
        with Bound(Client().receive, seconds) as bound:
            for each in then:
                bound.listen(each)
            return min(timers()) - now

    assert asyncio.run(due(PATIENT / 4)) < PATIENT / 2
    assert asyncio.run(due(PATIENCE, PATIENT / 4)) < PATIENT / 2
    assert asyncio.run(due(PATIENCE, PATIENCE)) >= PATIENT / 2


@pytest.mark.parametrize(
    ("first", "then"),
    [(PATIENCE * 3, 0.0), (PATIENCE * 3, 0.001), (PATIENCE * 3, PATIENT * 2), (PATIENT / 2, PATIENT * 2)],
)
async def test_when_the_request_has_been_read_the_time_begins_anew(first: float, then: float) -> None:
    started = asyncio.get_running_loop().time()
    assert await waits(Bound(Client().receive, first), lambda bound: bound.listen(then)) == "TimeoutError"
    assert asyncio.get_running_loop().time() - started >= then


async def test_a_slow_request_has_its_time_too() -> None:
    """What is read later than the first look is bounded as what is read before."""

    async def reads() -> None:
        with Bound(Client().receive, PATIENCE * 3) as bound:
            await asyncio.sleep(PATIENT * 2)
            bound.listen(PATIENT)
            await asyncio.sleep(PATIENCE * 2)

    assert await ended(reads()) == "TimeoutError"


async def test_a_client_is_listened_for_once_the_request_has_been_read() -> None:
    client, before = Client(), []

    async def reads() -> None:
        with Bound(client.receive, PATIENCE) as bound:
            await asyncio.sleep(PATIENT * 3)
            before.append(client.asked)
            client.going.set()
            bound.listen(PATIENCE)
            await asyncio.sleep(PATIENCE)

    assert await ended(reads()) == "Disconnected"
    assert (before, client.asked) == ([0], 1)


async def test_it_is_listened_for_by_one_task() -> None:
    client = Client()
    with Bound(client.receive, PATIENCE, listening=True) as bound:
        await asyncio.sleep(PATIENT * 2)
        bound.listen(PATIENCE)
        await asyncio.sleep(PATIENT * 2)
    assert client.asked == 1


async def test_most_operations_are_over_before_anybody_listens() -> None:
    client = Client()
    with Bound(client.receive, PATIENCE) as bound:
        bound.listen(PATIENCE)
        assert len(timers()) == 1
        await asyncio.sleep(0)
    assert timers() == []
    await asyncio.sleep(PATIENT * 2)
    assert client.asked == 0


@pytest.mark.parametrize("seconds", [0, PATIENT * 3])
async def test_nothing_goes_on_after_the_end(seconds: float) -> None:
    with Bound(Client().receive, PATIENCE, listening=True) as bound:
        await asyncio.sleep(seconds)
        assert watchers() == (seconds > 0)
        bound.listen(PATIENT / 2)
        assert len(timers()) == 1
    assert timers() == []
    await asyncio.sleep(PATIENT)
    assert watchers() == 0


@pytest.mark.parametrize("seconds", [0, PATIENT * 2])
async def test_a_client_may_go_when_it_has_everything(seconds: float) -> None:
    client = Client()
    with Bound(client.receive, PATIENCE, listening=True) as bound:
        await asyncio.sleep(seconds)
        bound.let_go()
        client.going.set()
        await asyncio.sleep(PATIENT * 2)
    assert client.asked == (seconds > 0)


@pytest.mark.parametrize("turns", [0, 1])
async def test_who_is_cancelled_from_outside_is_told_so(turns: int) -> None:
    """Even where the client goes at the same time."""
    client = Client()
    work = asyncio.create_task(waits(Bound(client.receive, PATIENCE * 3, listening=True)))
    await asyncio.sleep(PATIENT * 2)
    client.going.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    work.cancel()
    assert await work == "CancelledError"


async def test_who_was_cancelled_before_is_bounded_all_the_same() -> None:
    async def work() -> str:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(PATIENCE)
        assert cancellations() == 1
        found = await waits(Bound(Client().receive, PATIENT / 2))
        assert cancellations() == 1
        return found

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    working.cancel()
    assert await working == "TimeoutError"


async def test_what_the_body_raises_of_it_counts() -> None:
    async def work() -> None:
        with Bound(Client().receive, PATIENT / 2):
            try:
                await asyncio.sleep(PATIENCE)
            except asyncio.CancelledError:
                raise ValueError("half done") from None

    with pytest.raises(ValueError, match="half done"):
        await work()
    assert cancellations() == 0


async def test_one_cause_is_enough() -> None:
    """The client goes and the time is up in the same turn."""

    def both(bound: Bound) -> None:
        bound._stop(Disconnected())
        bound._stop(TimeoutError())

    assert await waits(Bound(Client().receive, PATIENCE * 3), both) == "Disconnected"
    assert cancellations() == 0


@pytest.mark.parametrize("gone", [False, True])
async def test_nothing_of_what_was_ended_is_kept(*, gone: bool) -> None:
    """Not even until the collector comes by: a body may be large."""
    client, body, collecting = Client(), Client(), gc.isenabled()
    body_is_there = weakref.ref(body)
    if gone:
        client.going.set()

    async def held(asked: Client) -> None:
        with Bound(client.receive, PATIENT * 2, listening=True):
            await asked.receive()

    gc.disable()
    try:
        with contextlib.suppress(TimeoutError, Disconnected):
            await held(body)
        del body
        await asyncio.sleep(0)
        assert body_is_there() is None
    finally:
        if collecting:
            gc.enable()


async def test_two_of_them_tell_their_ends_apart() -> None:
    async def both() -> None:
        with Bound(Client().receive, PATIENT * 2):
            assert await waits(Bound(Client().receive, PATIENT / 2)) == "TimeoutError"
            await asyncio.sleep(PATIENCE)

    assert await ended(both()) == "TimeoutError"
