"""What bounds an operation: its time, and its client."""

import asyncio
from collections.abc import Callable

import pytest

from app.bound import PATIENCE as PATIENT
from app.bound import Bound, Disconnected
from tests.waiting import PATIENCE


class Client:
    """One who goes when told to; `asked` counts how often it was listened for."""

    def __init__(self) -> None:
        self.going = asyncio.Event()
        self.asked = 0

    async def receive(self) -> dict[str, str]:
        self.asked += 1
        await self.going.wait()
        return {"type": "http.disconnect"}


async def waits(bound: Bound, begin: Callable[[Bound], object] = lambda _: None) -> str:
    """How the body of a `with` ends that would wait for long."""
    try:
        async with asyncio.timeout(PATIENCE):
            with bound:
                begin(bound)
                await asyncio.sleep(2 * PATIENCE)
    except (Disconnected, TimeoutError, asyncio.CancelledError) as error:
        return type(error).__name__
    raise AssertionError("nothing ended it")


def timers(loop: asyncio.AbstractEventLoop) -> list[float]:
    return [timer.when() for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("seconds", [0.001, PATIENT * 2])
@pytest.mark.parametrize("listening", [False, True])
async def test_it_ends_when_its_time_is_up(seconds: float, *, listening: bool) -> None:
    started = asyncio.get_running_loop().time()
    assert await waits(Bound(Client().receive, seconds, listening=listening)) == "TimeoutError"
    assert asyncio.get_running_loop().time() - started >= seconds


@pytest.mark.parametrize(("first", "then"), [(PATIENCE * 3, 0.001), (PATIENCE * 3, PATIENT * 2), (0.01, PATIENT * 2)])
async def test_when_the_request_has_been_read_the_time_begins_anew(first: float, then: float) -> None:
    started = asyncio.get_running_loop().time()
    assert await waits(Bound(Client().receive, first), lambda bound: bound.listen(then)) == "TimeoutError"
    assert asyncio.get_running_loop().time() - started >= then


async def test_a_client_is_listened_for_from_where_the_request_has_been_read() -> None:
    client = Client()
    client.going.set()

    async def reads() -> None:
        with Bound(client.receive, PATIENCE) as bound:
            await asyncio.sleep(PATIENT * 3)
            assert client.asked == 0
            bound.listen(PATIENCE)
            await asyncio.sleep(PATIENCE)

    with pytest.raises(Disconnected):
        await reads()
    assert client.asked == 1


async def test_most_operations_are_over_before_anybody_listens() -> None:
    client, loop = Client(), asyncio.get_running_loop()
    before = timers(loop)
    with Bound(client.receive, PATIENCE) as bound:
        bound.listen(PATIENCE)
        assert len(timers(loop)) == len(before) + 1
        await asyncio.sleep(0)
    assert timers(loop) == before
    await asyncio.sleep(PATIENT * 2)
    assert client.asked == 0


async def test_a_client_may_go_when_it_has_everything() -> None:
    client = Client()
    with Bound(client.receive, PATIENCE, listening=True) as bound:
        await asyncio.sleep(PATIENT * 2)
        assert client.asked == 1
        bound.let_go()
        client.going.set()
        await asyncio.sleep(PATIENT * 2)


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


async def test_two_of_them_tell_their_ends_apart() -> None:
    async def both() -> None:
        with Bound(Client().receive, PATIENT * 2):
            assert await waits(Bound(Client().receive, PATIENT / 2)) == "TimeoutError"
            await asyncio.sleep(PATIENCE)

    with pytest.raises(TimeoutError):
        await both()
