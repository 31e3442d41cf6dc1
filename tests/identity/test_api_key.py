"""API keys: made once, shown once, and what they may do."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, ActorKind, ApiKey, Institution, Role
from resolvers.identity.tokens import token_hash
from resolvers.identity.viewers import find_viewer
from resolvers.trail.notes import KeyUse
from resolvers.viewer import Viewer
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_key, create_user, gid
from tests.mutating import done, refused

MINUTE = datetime.timedelta(minutes=1)
SHOWN = "key apiKey { id name prefix role createdAt expiresAt lastUsedAt revokedAt }"


async def keys(session: AsyncSession) -> list[ApiKey]:
    return list(await session.scalars(select(ApiKey).order_by(ApiKey.id).execution_options(populate_existing=True)))


async def made(execute: Execute, **given: Any) -> str:
    key: str = (await done(execute, "createApiKey", "key", **({"name": "Reports", "role": "REPORTER"} | given)))["key"]
    return key


async def test_a_key_is_shown_once_and_stored_as_its_hash(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    viewer = school.viewer(Role.ADMIN, user_id=user.id)
    ends = NOW + MINUTE
    given = {"name": "  Reports ", "role": "REPORTER", "expiresAt": ends.isoformat()}
    async with audited(connections, school, nothing=True):
        found = await done(execute, "createApiKey", SHOWN, viewer=viewer, **given)
    (row,) = await keys(session)
    assert found["key"].startswith(f"sgk_{school.id}_")
    assert row.key_hash == token_hash(found["key"])
    assert row.created_by == user.id
    assert found["apiKey"] == {
        "id": gid(row),
        "name": "Reports",
        "prefix": found["key"][: len(f"sgk_{school.id}_") + 6],
        "role": "REPORTER",
        "createdAt": NOW.isoformat(),
        "expiresAt": ends.isoformat(),
        "lastUsedAt": None,
        "revokedAt": None,
    }
    entry = (await session.scalars(select(ActivityEntry))).one()
    assert (entry.action, entry.actor_id) == ("api_key.create", user.id)
    assert entry.details == {"id": row.id, "role": "REPORTER"}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": ""}, [("BAD_USER_INPUT", ["name"])]),
        ({"name": "  "}, [("BAD_USER_INPUT", ["name"])]),
        ({"name": "x" * 101}, [("BAD_USER_INPUT", ["name"])]),
        ({"name": "Taken"}, [("CONFLICT", ["name"])]),
        ({"expiresAt": NOW.isoformat()}, [("BAD_USER_INPUT", ["expiresAt"])]),
        ({"role": "STUDENT", "name": ""}, [("BAD_USER_INPUT", ["name"]), ("BAD_USER_INPUT", ["role"])]),
        *(
            ({"role": role}, [("BAD_USER_INPUT", ["role"])])
            for role in ("SUPERADMIN", "TEACHER", "GUARDIAN", "STUDENT")
        ),
    ],
)
async def test_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, str],
    errors: list[Any],
) -> None:
    await create_key(session, school, name="Taken")
    assert await refused(execute, "createApiKey", **({"name": "Reports", "role": "REPORTER"} | given)) == errors
    assert len(await keys(session)) == 1
    assert (await session.scalars(select(ActivityEntry))).all() == []


@pytest.mark.parametrize("role", ["ADMIN", "REGISTRAR", "REPORTER"])
async def test_a_key_is_its_own_viewer_with_one_role(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection, role: str
) -> None:
    known = await find_viewer(connections, await made(execute, role=role), NOW)
    (row,) = await keys(session)
    assert known is not None
    assert known.expires_at is None
    viewer = known.viewer
    assert (viewer.institution_id, viewer.home, viewer.roles) == (school.id, school.id, frozenset({Role[role]}))
    assert (viewer.user_id, viewer.session_id, viewer.key_id) == (0, 0, row.id)
    assert (viewer.actor_kind, viewer.actor_id) == (ActorKind.API_KEY, row.id)
    assert connections.notes == [KeyUse(school.id, row.id, NOW)]


async def test_use_is_noted_once_a_minute(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    key = await made(execute)
    await session.execute(update(ApiKey).values(last_used_at=NOW))
    assert await find_viewer(connections, key, NOW + MINUTE) is not None
    assert connections.notes == []
    assert await find_viewer(connections, key, NOW + 2 * MINUTE) is not None
    assert len(connections.notes) == 1


async def test_a_key_ends(session: AsyncSession, school: School, execute: Execute, connections: OneConnection) -> None:
    key = await made(execute, expiresAt=(NOW + MINUTE).isoformat())
    known = await find_viewer(connections, key, NOW)
    assert known is not None
    assert known.expires_at == NOW + MINUTE
    assert await find_viewer(connections, key, NOW + MINUTE) is None


async def test_a_key_of_a_suspended_school_opens_nothing(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    key = await made(execute)
    await session.execute(update(Institution).values(status="SUSPENDED"))
    assert await find_viewer(connections, key, NOW) is None


async def test_a_key_is_taken_back_for_good(
    session: AsyncSession, school: School, execute: Execute, connections: OneConnection
) -> None:
    key = await made(execute)
    (row,) = await keys(session)
    for _ in range(2):
        found = await done(execute, "revokeApiKey", "apiKey { revokedAt }", id=gid(row))
        assert found == {"apiKey": {"revokedAt": NOW.isoformat()}}
    assert await find_viewer(connections, key, NOW) is None


async def test_keys_make_no_keys_and_take_none_back(session: AsyncSession, school: School, execute: Execute) -> None:
    row = await create_key(session, school)
    viewer = replace(school.viewer(Role.ADMIN), key_id=row.id)
    given = {"name": "Another", "role": "REPORTER"}
    assert await refused(execute, "createApiKey", viewer=viewer, **given) == [("FORBIDDEN", None)]
    assert await refused(execute, "revokeApiKey", viewer=viewer, id=gid(row)) == [("FORBIDDEN", None)]
    assert [each.revoked_at for each in await keys(session)] == [None]


async def test_they_are_listed_for_admin_alone(session: AsyncSession, school: School, execute: Execute) -> None:
    second = await create_key(session, school, name="B", revoked_at=NOW)
    first = await create_key(session, school, name="A", expires_at=NOW)
    document = "query($id: ID!) { apiKeys { nodes { id } } apiKey(id: $id) { name } node(id: $id) { id } }"
    for role in (None, *Role):
        viewer: Viewer = school.viewer(*([role] if role else []), user_id=1)
        found = (await execute(document, viewer=viewer, id=gid(first))).found
        if role in (Role.ADMIN, Role.SUPERADMIN):
            ids = [{"id": gid(first)}, {"id": gid(second)}]
            assert found == {"apiKeys": {"nodes": ids}, "apiKey": {"name": "A"}, "node": {"id": gid(first)}}
        else:
            assert found == {"apiKeys": {"nodes": []}, "apiKey": None, "node": None}


async def test_what_is_of_another_school_is_not_there(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await connections.enter(other_school.id, 60)
    row = await create_key(session, other_school)
    await connections.enter(school.id, 60)
    assert await refused(execute, "revokeApiKey", id=gid(row)) == [("NOT_FOUND", ["id"])]
    await connections.enter(other_school.id, 60)
    assert [each.revoked_at for each in await keys(session)] == [None]
