"""Unusually many students' records read by one viewer: counted over all processes, by what the school calls unusual."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from app.database import Database
from app.owner import owner_session
from app.settings import Settings
from models import ActorKind, Institution, SettingType
from resolvers.trail.alarms import Alarm, AlarmKind
from resolvers.trail.mass_reads import OWN, MassReads
from resolvers.trail.notes import Access
from tests.factories import create_setting
from tests.trail.conftest import READ, Watched

pytestmark = pytest.mark.any_database

NOW = datetime.datetime(2025, 11, 20, 12, tzinfo=datetime.UTC)
SPAN = datetime.timedelta(minutes=60)
ADD = "INSERT INTO access_log (institution_id, student_ids, actor_kind, actor_id, at) VALUES ($1, $2, $3, $4, $5)"
TOLD = """INSERT INTO activity_log (institution_id, action, details, actor_kind, actor_id, at)
          VALUES ($1, $2, '{}', $3, $4, $5)"""
RAISED = "SELECT details->>'students' FROM activity_log WHERE action = 'alarm.mass_read' ORDER BY id"


def access(watched: Watched, *students: int) -> Access:
    """A reading of the students with these numbers, right now."""
    keys = frozenset(watched.students[n] for n in students)
    return Access(watched.institution_id, ActorKind.USER, watched.user_id, "Look", "r-1", NOW, keys)


async def read(watched: Watched, given: Access) -> None:
    who = given.actor_kind.value, given.actor_id, given.at
    await watched.admin.execute(ADD, given.institution_id, list(given.students), *who)


async def tell(
    watched: Watched,
    *,
    action: str = "alarm.mass_read",
    kind: str = "USER",
    actor_id: int = 0,
    at: datetime.datetime = NOW,
) -> None:
    """An alarm about the viewer, as it stands in the log."""
    await watched.admin.execute(TOLD, watched.institution_id, action, kind, actor_id or watched.user_id, at)


async def find(watched: Watched, given: Access, students: int = 1) -> list[Alarm]:
    async with watched.database.write(watched.institution_id, 5) as session:
        return await MassReads(students=students, minutes=60).find(session, [given])


async def own_setting(watched: Watched, value: str) -> None:
    async with owner_session(watched.urls) as session:
        school = await session.get_one(Institution, watched.institution_id)
        await create_setting(session, school, key=OWN, value=value, value_type=SettingType.STRING)


async def test_more_different_students_than_are_usual_are_an_alarm(watched: Watched) -> None:
    both = access(watched, 0, 1)
    for each in (access(watched, 0), replace(access(watched, 0), purpose="Again")):
        await read(watched, each)
        assert await find(watched, each) == []
    await read(watched, both)
    details = {"students": 2, "minutes": 60}
    who = watched.institution_id, ActorKind.USER, watched.user_id
    assert await find(watched, both) == [Alarm(AlarmKind.MASS_READ, *who, NOW, "r-1", details=details)]
    assert await find(watched, both, students=2) == []


async def test_what_was_read_before_the_span_does_not_count(watched: Watched) -> None:
    await read(watched, replace(access(watched, 0), at=NOW - SPAN))
    await read(watched, access(watched, 1))
    assert await find(watched, access(watched, 1)) == []
    await read(watched, replace(access(watched, 0), at=NOW - SPAN + datetime.timedelta(seconds=1)))
    assert len(await find(watched, access(watched, 1))) == 1


async def test_what_others_have_read_does_not_count(watched: Watched) -> None:
    mine = access(watched, 0)
    await read(watched, mine)
    await read(watched, replace(access(watched, 1), actor_id=watched.user_id + 1))
    await read(watched, replace(access(watched, 1), actor_kind=ActorKind.API_KEY))
    assert await find(watched, mine) == []


@pytest.mark.parametrize(("value", "usual", "alarms"), [("1", 300, 1), ("2", 1, 0), ("0", 1, 1), ("many", 1, 1)])
async def test_a_schools_own_setting_goes_before_the_servers(
    watched: Watched, value: str, usual: int, alarms: int
) -> None:
    """One that is no number of students is as none."""
    await own_setting(watched, value)
    await read(watched, access(watched, 0, 1))
    assert len(await find(watched, access(watched, 0, 1), students=usual)) == alarms


async def test_readings_by_several_processes_add_up_to_one_alarm(watched: Watched) -> None:
    await own_setting(watched, "1")
    other = await Database.open(watched.urls, Settings())
    try:
        await watched.read()
        await watched.database.flusher.close()
        assert await watched.admin.fetch(RAISED) == []
        elsewhere = replace(watched, database=other)
        await elsewhere.read(READ, id=f"stu_{watched.students[1]}")
        await other.flusher.close()
    finally:
        await other.close()
    assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["2"]
    await watched.read(READ.replace("Look", "Again"), id=f"stu_{watched.students[1]}")
    await watched.database.flusher.close()
    assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["2"]
    await watched.admin.execute("UPDATE activity_log SET at = at - interval '61 minutes'")
    later = replace(watched, database=await Database.open(watched.urls, Settings()))
    try:
        await later.read(READ.replace("Look", "Later"), id=f"stu_{watched.students[1]}")
    finally:
        await later.database.close()
    assert [row[0] for row in await watched.admin.fetch(RAISED)] == ["2", "2"]


async def test_a_viewer_is_counted_until_the_log_says_that_an_alarm_has_told(watched: Watched) -> None:
    """One that was found and did not get there is found again."""
    reads, both = MassReads(students=1, minutes=60), access(watched, 0, 1)
    await read(watched, both)
    async with watched.database.write(watched.institution_id, 5) as session:
        for _ in range(2):
            assert reads.due([both]) == [both]
            assert len(await reads.find(session, [both])) == 1
        await tell(watched)
        assert reads.due([both]) == [both]
        assert await reads.find(session, [both]) == []
    assert reads.due([replace(both, at=NOW + SPAN - datetime.timedelta(seconds=1))]) == []
    other, later = replace(both, actor_id=99), replace(both, at=NOW + SPAN)
    assert reads.due([other, later]) == [other, later]


async def test_of_several_alarms_the_last_counts(watched: Watched) -> None:
    reads, both = MassReads(students=1, minutes=60), access(watched, 0, 1)
    for minutes in (50, 10, 30):
        await tell(watched, at=NOW - datetime.timedelta(minutes=minutes))
    async with watched.database.write(watched.institution_id, 5) as session:
        assert await reads.find(session, [both]) == []
    assert reads.due([replace(both, at=NOW + datetime.timedelta(minutes=49))]) == []
    later = replace(both, at=NOW + datetime.timedelta(minutes=50))
    assert reads.due([later]) == [later]


@pytest.mark.parametrize(
    "other", [{"actor_id": 99}, {"kind": "API_KEY"}, {"action": "login"}, {"at": NOW - SPAN}], ids=str
)
async def test_what_the_log_says_of_something_else_silences_nothing(watched: Watched, other: dict[str, Any]) -> None:
    both = access(watched, 0, 1)
    await read(watched, both)
    await tell(watched, **other)
    assert len(await find(watched, both)) == 1


async def test_viewers_are_counted_again_after_another_tenth(watched: Watched) -> None:
    reads = MassReads(students=30, minutes=60)
    one = access(watched, 0)
    # What is unusual here is not known yet.
    assert reads.due([one]) == [one]
    async with watched.database.write(watched.institution_id, 5) as session:
        assert await reads.find(session, [one]) == []
    other = replace(one, actor_id=99)
    assert reads.due([one, other]) == []
    assert reads.due([one]) == []
    assert reads.due([replace(one, purpose="Third"), other]) == [replace(one, purpose="Third")]
    assert reads.due([one, other]) == [other]


async def test_what_cannot_be_counted_is_written_all_the_same(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    await watched.admin.execute("REVOKE SELECT ON activity_log FROM schoolgraph_api")
    await watched.read()
    await watched.database.flusher.close()
    assert await watched.rows() == [watched.row()]
    assert "what was written could not be looked at for alarms" in caplog.text
