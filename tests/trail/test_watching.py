"""What one viewer is refused within a span of time: from when on it is too much, and what is forgotten."""

import datetime
from dataclasses import replace

import pytest

from models import ActorKind
from resolvers.trail.alarms import Alarm, AlarmKind, Refused
from resolvers.trail.watching import Tally, Watch

NOON = datetime.datetime(2025, 11, 20, 12, tzinfo=datetime.UTC)
REFUSED = Refused(1, ActorKind.USER, 7, "r-1", NOON, 1)


def later(minutes: float) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=minutes)


def watch() -> Watch:
    return Watch(refusals=2, minutes=60)


def test_more_refusals_than_the_setting_are_alarming() -> None:
    found = watch()
    assert found.refused(replace(REFUSED, count=2)) is None
    assert found.refused(replace(REFUSED, at=later(60))) is None
    assert found.refused(replace(REFUSED, at=later(61), actor_id=8)) is None
    alarm = found.refused(replace(REFUSED, at=later(61), count=2, request_id="r-2"))
    details = {"refusals": 3, "minutes": 60}
    assert alarm == Alarm(AlarmKind.REFUSALS, 1, ActorKind.USER, 7, later(61), "r-2", details=details)


def test_the_same_viewer_is_left_alone_for_a_span() -> None:
    found = watch()
    many = replace(REFUSED, count=3)
    assert found.refused(many) is not None
    assert found.refused(replace(many, at=later(59.9))) is None
    assert found.refused(replace(many, at=later(60))) is not None


@pytest.mark.parametrize(
    "other",
    [replace(REFUSED, institution_id=2), replace(REFUSED, actor_kind=ActorKind.API_KEY), replace(REFUSED, actor_id=8)],
    ids=["another school", "a key", "another user"],
)
def test_viewers_are_counted_each_by_themselves(other: Refused) -> None:
    found = watch()
    for each in (REFUSED, other):
        assert found.refused(replace(each, count=2)) is None
    for each in (REFUSED, other):
        assert found.refused(each) is not None


def test_what_is_remembered_is_bounded_and_the_quiet_are_forgotten_first() -> None:
    found = Tally(most=5, seconds=60, bound=20)
    for who in range(100):
        found.add("busy", [who % 4], now=float(who))
        found.add(who, range(3), now=float(who))
        assert found.known == sum(1 + len(seen.times) for seen in found._seen.values()) <= 20
    assert found.add("busy", [10, 11], now=100.0) == 6
    assert found.known == sum(1 + len(seen.times) for seen in found._seen.values())
