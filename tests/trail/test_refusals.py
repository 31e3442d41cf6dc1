"""One viewer who is refused again and again: counted over all processes, and told once a span."""

import datetime
from dataclasses import replace

import pytest

from app.database import Database
from app.settings import Settings
from models import ActorKind
from resolvers.trail.alarms import Alarm, AlarmKind, Refused
from resolvers.trail.notes import write
from resolvers.trail.refusals import Refusals
from tests.answers import ENGINE, operation
from tests.trail.conftest import Watched

pytestmark = pytest.mark.any_database

NOON = datetime.datetime(2025, 11, 20, 12, tzinfo=datetime.UTC)
SPAN = datetime.timedelta(minutes=60)
ENTRIES = "SELECT actor_kind, actor_id, details ->> 'count' AS count, request_id FROM activity_log WHERE action = $1"
RAISED = "SELECT details ->> 'refusals' FROM activity_log WHERE action = 'alarm.refusals' ORDER BY id"
RETIRE = 'mutation {{ retireUser(input: {{ id: "usr_{key}", version: 1 }}) {{ errors {{ code }} }} }}'


def refused(watched: Watched, count: int = 1) -> Refused:
    return Refused(watched.institution_id, ActorKind.USER, watched.user_id, "r-1", NOON, count)


async def find(watched: Watched, *given: Refused) -> list[Alarm]:
    """The alarms of what was just written, where two are usual."""
    async with watched.database.write(watched.institution_id, 5) as session:
        await write(session, watched.institution_id, given, NOON)
        return await Refusals(most=2, minutes=60).find(session, given)


async def test_more_refusals_than_are_usual_are_an_alarm(watched: Watched) -> None:
    assert await find(watched, refused(watched, 2)) == []
    details = {"refusals": 3, "minutes": 60}
    who = watched.institution_id, ActorKind.USER, watched.user_id
    alarm = Alarm(AlarmKind.REFUSALS, *who, NOON, "r-2", details=details)
    assert await find(watched, replace(refused(watched), request_id="r-2")) == [alarm]


async def test_what_is_written_together_is_one_entry_a_viewer(watched: Watched) -> None:
    program = replace(refused(watched), actor_kind=ActorKind.API_KEY)
    last = replace(refused(watched), request_id="r-3")
    (alarm,) = await find(watched, refused(watched, 2), program, last)
    assert (alarm.actor_kind, alarm.request_id, alarm.details["refusals"]) == (ActorKind.USER, "r-3", 3)
    entries = [tuple(row) for row in await watched.admin.fetch(ENTRIES, "viewer.refused")]
    assert entries == [("USER", watched.user_id, "3", "r-3"), ("API_KEY", watched.user_id, "1", "r-1")]


async def test_what_was_refused_before_the_span_does_not_count(watched: Watched) -> None:
    assert await find(watched, replace(refused(watched, 2), at=NOON - SPAN)) == []
    assert await find(watched, refused(watched)) == []
    within = replace(refused(watched), at=NOON - SPAN + datetime.timedelta(seconds=1))
    async with watched.database.write(watched.institution_id, 5) as session:
        await write(session, watched.institution_id, [within], NOON)
    (alarm,) = await find(watched, refused(watched))
    assert alarm.details["refusals"] == 3


@pytest.mark.parametrize("other", [{"actor_kind": ActorKind.API_KEY}, {"actor_id": 999}], ids=["a key", "another user"])
async def test_viewers_are_counted_each_by_themselves(watched: Watched, other: dict[str, object]) -> None:
    assert await find(watched, replace(refused(watched, 2), **other)) == []  # type: ignore[arg-type]
    assert await find(watched, refused(watched, 2)) == []


def test_a_tenth_of_what_is_too_much_is_written_at_once() -> None:
    refusals, each = Refusals(most=30, minutes=60), Refused(1, ActorKind.USER, 7, "r-1", NOON, 1)
    assert [refusals.due(replace(each, request_id=f"r-{n}")) for n in range(3)] == [
        None,
        None,
        replace(each, request_id="r-2", count=3),
    ]
    assert refusals.due(replace(each, count=2)) is None
    assert refusals.due(replace(each, actor_id=8)) is None
    assert refusals.due(replace(each, institution_id=2, count=40)) == replace(each, institution_id=2, count=40)
    assert refusals.due(each) == replace(each, count=3)


async def retire(watched: Watched, key: int) -> None:
    """A change of a user who is not there."""
    async with watched.database.context(watched.viewer, request_id=f"r-{key}", timeout=10) as context:
        await ENGINE.execute(operation(RETIRE.format(key=key)), {}, context)
    await watched.database.flusher.close()


async def test_refusals_by_several_processes_add_up_to_one_alarm(watched: Watched) -> None:
    other = await Database.open(watched.urls, Settings(alarming_refusals=2))
    watched.database.alarms.refusals = Refusals(most=2, minutes=60)
    try:
        elsewhere = replace(watched, database=other)
        for n, each in enumerate((watched, elsewhere)):
            await retire(each, 10_000 + n)
        assert await watched.admin.fetch(RAISED) == []
        await retire(watched, 10_002)
        assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["3"]
        await retire(elsewhere, 10_003)
        assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["3"]
        await watched.admin.execute("UPDATE activity_log SET at = at - interval '61 minutes'")
        for n in range(3):
            await retire(elsewhere, 10_004 + n)
    finally:
        await other.close()
    assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["3", "3"]
