"""Alarms: which are raised, what of them is in the log, the counters and the school's trail, and what is nobody's."""

import datetime
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.alarms import Alarms
from app.metrics import REGISTRY
from models import ActivityEntry, ActorKind, Role, User, UserRole
from resolvers.identity.passwords import hash_password
from resolvers.trail.alarms import Alarm, AlarmKind, Refused, SignInFailed
from resolvers.trail.mass_reads import MassReads
from resolvers.trail.refusals import Refusals
from tests.answers import ENGINE, NOW, operation
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, create_user, gid, give_role
from tests.mutating import done, refused
from tests.trail.conftest import Watched

pytestmark = pytest.mark.any_database

ALL = "query {name} {{ students {{ nodes {{ id }} }} }}"
PASSWORD = "correct horse battery"
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token } }"
TRAIL = (
    "SELECT action, actor_kind, actor_id, request_id, details FROM activity_log WHERE action LIKE 'alarm.%' ORDER BY id"
)
SENT = "SELECT key, payload FROM outbox WHERE topic = 'alarm' ORDER BY id"
ACTOR = 99


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def strict(watched: Watched) -> Watched:
    """A second student is one too many, and so is a third refusal."""
    watched.database.alarms.refusals = Refusals(most=2, minutes=60)
    watched.database.alarms.reads = MassReads(students=1, minutes=60)
    return watched


async def told(watched: Watched) -> list[dict[str, Any]]:
    """What the trail says of alarms, once all is written."""
    await watched.database.flusher.close()
    return [dict(row) for row in await watched.admin.fetch(TRAIL)]


async def test_a_mass_read_is_told_once_to_log_counters_activity_and_outbox(
    strict: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    """It names the last of the readings that were written together."""
    before = counted("schoolgraph_alarms_total", alarm="mass_read")
    with caplog.at_level(logging.WARNING, "schoolgraph.alarm"):
        await strict.read()
        await strict.read(ALL.format(name="First"), request_id="r-2")
        await strict.read(ALL.format(name="Second"), request_id="r-3")
        (entry,) = await told(strict)
    assert entry == {
        "action": "alarm.mass_read",
        "actor_kind": "USER",
        "actor_id": strict.user_id,
        "request_id": "r-3",
        "details": '{"minutes": 60, "students": 2}',
    }
    (sent,) = await strict.admin.fetch(SENT)
    payload = (
        f'{{"alarm": "mass_read", "actorId": {strict.user_id}, "minutes": 60, "students": 2, "actorKind": "USER"}}'
    )
    assert tuple(sent) == (str(strict.user_id), payload)
    (line,) = caplog.records
    assert (line.getMessage(), line.levelname) == ("mass_read", "WARNING")
    assert vars(line)["fields"] == {
        "institution": strict.institution_id,
        "actor_kind": "USER",
        "actor": strict.user_id,
        "request": "r-3",
        "address": None,
        "students": 2,
        "minutes": 60,
    }
    assert counted("schoolgraph_alarms_total", alarm="mass_read") == before + 1


async def test_reading_what_is_usual_raises_none(watched: Watched) -> None:
    for n in range(5):
        await watched.read(ALL.format(name=f"Read{n}"))
    assert await told(watched) == []


async def test_refusals_of_one_viewer_are_told(strict: Watched) -> None:
    """By an error of the field, and by a payload: of a role, and of an id that is not there for the viewer."""
    before = counted("schoolgraph_refusals_total")
    operator = 'mutation { suspendInstitution(input: {code: "X", reason: "y"}) { errors { code } } }'
    retire = 'mutation { retireUser(input: {id: "usr_999999999", version: 1}) { errors { code } } }'
    for n, document in enumerate((operator, retire, operator)):
        async with strict.database.context(strict.viewer, request_id=f"r-{n}", timeout=10) as context:
            await ENGINE.execute(operation(document), {}, context)
        assert counted("schoolgraph_refusals_total") == before + n + 1
    (entry,) = await told(strict)
    assert (entry["action"], entry["actor_id"], entry["request_id"]) == ("alarm.refusals", strict.user_id, "r-2")
    assert entry["details"] == '{"minutes": 60, "refusals": 3}'


async def test_what_is_not_refused_is_not_counted(strict: Watched) -> None:
    """A wrong value, a missing id of a query, and whoever is not signed in."""
    before = counted("schoolgraph_refusals_total")
    for viewer, document in (
        (strict.viewer, 'mutation { createUser(input: {username: "?"}) { errors { code } } }'),
        (strict.viewer, '{ student(id: "stu_999999999") { id } }'),
        (None, "{ students { nodes { id } } }"),
    ):
        async with strict.database.context(viewer, request_id="r", timeout=10) as context:
            await ENGINE.execute(operation(document), {}, context)
    assert counted("schoolgraph_refusals_total") == before
    assert await told(strict) == []


async def sign_in(execute: Execute, school: School, password: str) -> None:
    found = {"institution": school.code, "username": "asha", "password": password}
    await execute(LOGIN, viewer=None, input=found)


async def test_a_lock_is_an_alarm_and_a_failure_alone_is_none(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, username="asha", password_hash=await hash_password(PASSWORD))
    await sign_in(execute, school, PASSWORD)
    assert connections.notes == []
    for _ in range(4):
        await sign_in(execute, school, "wrong")
    assert connections.notes == [SignInFailed()] * 4
    await sign_in(execute, school, "wrong")
    alarm = Alarm(AlarmKind.ACCOUNT_LOCKED, school.id, ActorKind.USER, user.id, NOW, details={"minutes": 15})
    assert connections.notes[5:] == [alarm]
    await sign_in(execute, school, PASSWORD)
    assert connections.notes[6:] == [SignInFailed()]


async def test_guessing_the_password_in_an_open_session_locks_with_an_alarm(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, password_hash=await hash_password(PASSWORD))
    viewer = school.viewer(Role.TEACHER, user_id=user.id)
    for _ in range(6):
        given = {"currentPassword": "wrong", "newPassword": "battery horse correct"}
        assert await refused(execute, "changePassword", viewer=viewer, **given)
    assert await session.scalar(select(User.locked_until).execution_options(populate_existing=True)) is not None
    assert [note.kind for note in connections.notes if isinstance(note, Alarm)] == [AlarmKind.ACCOUNT_LOCKED]
    assert connections.notes.count(SignInFailed()) == 5


async def test_accounts_that_do_not_exist_raise_none(
    connections: OneConnection, school: School, execute: Execute
) -> None:
    for _ in range(6):
        await sign_in(execute, school, "wrong")
    assert connections.notes == [SignInFailed()] * 6


async def _grant(execute: Execute, user: User, viewer: Any) -> dict[str, Any]:
    await done(execute, "grantRole", "__typename", viewer=viewer, user=gid(user), role="TEACHER")
    return {"action": "role.grant", "id": user.id, "role": Role.TEACHER}


async def _revoke(execute: Execute, user: User, viewer: Any) -> dict[str, Any]:
    asked = f'{{ user(id: "{gid(user)}") {{ roles {{ id version }} }} }}'
    (held,) = (await execute(asked)).found["user"]["roles"]
    await done(execute, "revokeRole", "__typename", viewer=viewer, **held)
    return {"action": "role.revoke", "id": user.id, "role": Role.REGISTRAR}


async def _create(execute: Execute, user: User, viewer: Any) -> dict[str, Any]:
    made = await done(execute, "createUser", "user { id }", viewer=viewer, username="new", roles=[{"role": "ADMIN"}])
    return {"action": "user.create", "id": int(made["user"]["id"].removeprefix("usr_")), "roles": [Role.ADMIN]}


@pytest.mark.parametrize("change", [_grant, _revoke, _create])
async def test_roles_given_or_taken_are_an_alarm(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, change: Callable[..., Any]
) -> None:
    user = await create_user(session, school)
    await give_role(session, user, Role.REGISTRAR)
    details = await change(execute, user, school.viewer(Role.ADMIN, user_id=ACTOR))
    alarm = Alarm(AlarmKind.ROLES_CHANGED, school.id, ActorKind.USER, ACTOR, NOW, details=details)
    assert [note for note in connections.notes if isinstance(note, Alarm)] == [alarm]


async def test_roles_that_go_with_a_person_are_one_and_a_rehearsal_is_none(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    await give_role(session, user, Role.STUDENT)
    student = await create_student(session, school, user_id=user.id)
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=True)
    assert [note for note in connections.notes if isinstance(note, Alarm)] == []
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    (alarm,) = [note for note in connections.notes if isinstance(note, Alarm)]
    assert (alarm.kind, alarm.details) == (AlarmKind.ROLES_CHANGED, {"action": "student.erase", "id": student.id})


async def test_other_changes_and_refused_ones_are_none(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    await done(execute, "updateUser", "__typename", id=gid(user), version=1, firstName="Asha")
    assert await refused(execute, "grantRole", user=gid(user), role="SUPERADMIN")
    assert await session.scalar(select(func.count()).select_from(UserRole)) == 0
    assert [note for note in connections.notes if isinstance(note, Alarm)] == []


@pytest.mark.parametrize("kind", AlarmKind)
async def test_what_the_trail_has_already_is_not_told_twice(kind: AlarmKind, connections: OneConnection) -> None:
    put: list[Alarm | Refused] = []
    before = counted("schoolgraph_alarms_total", alarm=kind.value)
    alarm = Alarm(kind, 1, ActorKind.USER, 7, NOW)
    reads = MassReads(students=1, minutes=1)
    Alarms(Refusals(most=1, minutes=1), reads, connections.write, put.append).hear(alarm)
    assert put == ([] if kind is AlarmKind.ROLES_CHANGED else [alarm])
    assert counted("schoolgraph_alarms_total", alarm=kind.value) == before + 1


async def test_an_administrator_finds_alarms_and_nobody_else_does(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    connections.notes = [
        Alarm(kind, school.id, ActorKind.USER, user.id, NOW, "r-1", "192.0.2.1", {"minutes": 60})
        for kind in AlarmKind
        if kind is not AlarmKind.ROLES_CHANGED
    ]
    await connections.flush(NOW + datetime.timedelta(seconds=1))
    asked = (
        '{ activityLog(where: {action: {startsWith: "alarm."}}, orderBy: [{field: ACTION}])'
        " { nodes { action at address requestId details actor { id } } } }"
    )
    shown = {"at": NOW.isoformat(), "address": "192.0.2.1", "requestId": "r-1"}
    assert (await execute(asked)).found["activityLog"]["nodes"] == [
        {"action": f"alarm.{name}", "details": {"minutes": 60}, "actor": {"id": gid(user)}} | shown
        for name in ("account_locked", "mass_read", "refusals")
    ]
    for role in Role:
        if role not in (Role.ADMIN, Role.SUPERADMIN):
            viewer = school.viewer(role, user_id=user.id)
            assert (await execute(asked, viewer=viewer, refused=True)).refusal[0] == "FORBIDDEN"
            assert (await execute("{ activityLog { nodes { id } } }", viewer=viewer)).found["activityLog"][
                "nodes"
            ] == []
    assert await session.scalar(select(func.count()).select_from(ActivityEntry)) == 3
    assert await session.scalar(text("SELECT count(*) FROM outbox WHERE topic = 'alarm'")) == 3
