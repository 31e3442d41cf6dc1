"""How often one address may fail."""

import datetime

import pytest

from resolvers.errors import RateLimited
from resolvers.identity import attempts
from resolvers.identity.attempts import Attempts, neighbourhood

NOW = datetime.datetime(2025, 11, 20, 6, 30, tzinfo=datetime.UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"


def after(seconds: float) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


def test_an_address_fails_so_often_and_then_waits() -> None:
    found = Attempts(6)
    for _ in range(6):
        found.take(HERE, NOW)
    for _ in range(2):
        with pytest.raises(RateLimited) as refusal:
            found.take(HERE, NOW)
        assert (refusal.value.code, refusal.value.retry_after) == ("RATE_LIMITED", 10)
    with pytest.raises(RateLimited) as refusal:
        found.take(HERE, after(4))
    assert refusal.value.retry_after == 6
    found.take(HERE, after(10))
    with pytest.raises(RateLimited):
        found.take(HERE, after(10))


def test_another_address_is_not_held_up() -> None:
    found = Attempts(1)
    found.take(HERE, NOW)
    found.take(THERE, NOW)
    with pytest.raises(RateLimited):
        found.take(HERE, NOW)


def test_a_good_attempt_costs_nothing_and_leaves_nothing() -> None:
    found = Attempts(1)
    for _ in range(5):
        found.take(HERE, NOW)
        found.give_back(HERE, NOW)
    assert len(found) == 0


def test_after_a_minute_everything_is_as_before_and_never_more() -> None:
    found = Attempts(2)
    for _ in range(2):
        found.take(HERE, NOW)
    for _ in range(2):
        found.take(HERE, after(3600))
    with pytest.raises(RateLimited):
        found.take(HERE, after(3600))


def test_a_clock_that_goes_back_gives_nothing() -> None:
    found = Attempts(1)
    found.take(HERE, after(60))
    with pytest.raises(RateLimited):
        found.take(HERE, NOW)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 3)
    found = Attempts(1)
    for number in range(4):
        found.take(f"192.0.2.{number}", NOW)
    assert len(found) == 3
    found.take("192.0.2.0", NOW)
    with pytest.raises(RateLimited):
        found.take("192.0.2.3", NOW)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        (None, ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_what_counts_as_one_address(address: str | None, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as
