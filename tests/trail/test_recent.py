"""A reading that goes on is recorded once."""

import datetime
from dataclasses import replace

import pytest

from models import ActorKind
from resolvers.trail.notes import Access
from resolvers.trail.recent import SECONDS, Recent

pytestmark = pytest.mark.any_database

NOON = datetime.datetime(2025, 11, 20, 12, tzinfo=datetime.UTC)
READ = Access(1, ActorKind.USER, 7, "Class", "request-1", NOON, frozenset({1, 2, 3}))


def test_the_same_reading_is_recorded_once() -> None:
    recent = Recent()

    assert recent.fresh(READ) == READ
    assert recent.fresh(replace(READ, at=NOON + datetime.timedelta(seconds=SECONDS - 1), request_id="2")) is None


def test_of_a_reading_that_goes_further_only_the_new_is_recorded() -> None:
    recent = Recent()
    recent.fresh(READ)

    assert recent.fresh(replace(READ, students=frozenset({2, 3, 4, 5}))) == replace(READ, students=frozenset({4, 5}))


@pytest.mark.parametrize(
    "other",
    [
        replace(READ, institution_id=2),
        replace(READ, actor_kind=ActorKind.API_KEY),
        replace(READ, actor_id=8),
        replace(READ, purpose=None),
        replace(READ, at=NOON + datetime.timedelta(seconds=SECONDS)),
    ],
    ids=["another school", "a key", "another user", "another purpose", "later"],
)
def test_another_reader_purpose_or_time_is_another_reading(other: Access) -> None:
    recent = Recent()
    recent.fresh(READ)

    assert recent.fresh(other) == other


def test_what_is_remembered_is_bounded() -> None:
    recent = Recent(bound=8)
    for number in range(100):
        recent.fresh(replace(READ, purpose=str(number)))

    assert recent.known <= 8
    assert sum(map(len, recent._seen.values())) <= 8
