"""Sessions: who sees them, and who ends them."""

import datetime
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Role, Session, User
from resolvers.viewer import Viewer
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user, gid, open_session
from tests.mutating import done, refused

HOUR = datetime.timedelta(hours=1)
LOGOUT = "mutation { logout { ended errors { code field message } } }"
OTHERS = [role for role in Role if role not in (Role.ADMIN, Role.SUPERADMIN)]


async def left(session: AsyncSession) -> list[int]:
    return list(await session.scalars(select(Session.id).order_by(Session.id)))


async def activities(session: AsyncSession) -> list[tuple[str, object, object]]:
    found = await session.scalars(select(ActivityEntry).order_by(ActivityEntry.id))
    return [(entry.action, entry.actor_id, entry.details) for entry in found]


def signed_in(school: School, user: User, opened: Session, *roles: Role) -> Viewer:
    return replace(school.viewer(*roles, user_id=user.id), session_id=opened.id)


async def test_a_session_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    opened = await open_session(
        session, user, created_at=NOW, last_seen_at=NOW, expires_at=NOW + HOUR, user_agent="Browser/1", address="::1"
    )
    document = """query($id: ID!) {
        session(id: $id) { createdAt lastSeenAt expiresAt userAgent address current user { id } }
        node(id: $id) { ... on Session { current } }
    }"""
    found = (await execute(document, id=gid(opened))).found
    assert found["session"] == {
        "createdAt": NOW.isoformat(),
        "lastSeenAt": NOW.isoformat(),
        "expiresAt": (NOW + HOUR).isoformat(),
        "userAgent": "Browser/1",
        "address": "::1",
        "current": False,
        "user": {"id": gid(user)},
    }
    assert found["node"] == {"current": False}
    viewer = signed_in(school, user, opened)
    assert (await execute(document, viewer=viewer, id=gid(opened))).found["node"] == {"current": True}


async def test_the_own_ones_are_listed_and_as_admin_all(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user, other = await create_user(session, school), await create_user(session, school)
    earlier = await open_session(session, user, expires_at=NOW + HOUR)
    later = await open_session(session, user, expires_at=NOW + 2 * HOUR)
    theirs = await open_session(session, other, expires_at=NOW + 3 * HOUR)
    document = """query($other: ID!) {
        sessions { nodes { id } } me { sessions { id current } } user(id: $other) { sessions { id } }
    }"""
    for roles in ([], *([role] for role in Role)):
        viewer = signed_in(school, user, earlier, *roles)
        found = (await execute(document, viewer=viewer, other=gid(other))).found
        sees_all = bool({Role.ADMIN, Role.SUPERADMIN} & set(roles))
        assert [each["id"] for each in found["sessions"]["nodes"]] == [
            gid(each) for each in ([theirs] if sees_all else []) + [later, earlier]
        ]
        own = [{"id": gid(later), "current": False}, {"id": gid(earlier), "current": True}]
        assert found["me"]["sessions"] == own
        if found["user"] is not None:
            assert found["user"]["sessions"] == ([{"id": gid(theirs)}] if sees_all else [])


@pytest.mark.parametrize("role", [None, *Role])
async def test_one_that_has_ended_by_itself_is_seen_by_nobody(
    session: AsyncSession, school: School, execute: Execute, role: Role | None
) -> None:
    user = await create_user(session, school)
    live = await open_session(session, user, expires_at=NOW + datetime.timedelta(seconds=1))
    over = await open_session(session, user, expires_at=NOW)
    document = """query($id: ID!) {
        sessions { totalCount nodes { id } } me { sessions { id } } session(id: $id) { id } node(id: $id) { id }
    }"""
    viewer = signed_in(school, user, live, *([role] if role else []))
    found = (await execute(document, viewer=viewer, id=gid(over))).found
    assert found == {
        "sessions": {"totalCount": 1, "nodes": [{"id": gid(live)}]},
        "me": {"sessions": [{"id": gid(live)}]},
        "session": None,
        "node": None,
    }
    assert await refused(execute, "revokeSession", viewer=viewer, id=gid(over)) == [("NOT_FOUND", ["id"])]
    assert await left(session) == [live.id, over.id]


async def test_logout_ends_the_session_of_the_request(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    one, other = await open_session(session, user), await open_session(session, user)
    viewer = signed_in(school, user, one, Role.TEACHER)
    assert (await execute(LOGOUT, viewer=viewer)).found["logout"] == {"ended": 1, "errors": []}
    assert await left(session) == [other.id]
    assert (await execute(LOGOUT, viewer=viewer)).found["logout"] == {"ended": 0, "errors": []}
    assert await left(session) == [other.id]
    assert await activities(session) == [("logout", user.id, {})] * 2


async def test_after_logout_the_operation_is_nobodys(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    viewer = signed_in(school, user, await open_session(session, user), Role.ADMIN)
    document = "mutation($id: ID!) { logout { ended } revokeSessions(input: { user: $id }) { ended } }"
    answer = await execute(document, viewer=viewer, refused=True, id=gid(user))
    assert answer.data == {"logout": {"ended": 1}, "revokeSessions": None}
    assert answer.refusal == ("UNAUTHENTICATED", None)


async def test_whoever_has_no_session_signs_out_in_vain(
    connections: OneConnection, school: School, execute: Execute
) -> None:
    assert (await execute(LOGOUT, viewer=None)).found["logout"] == {"ended": 0, "errors": []}
    key = replace(school.viewer(Role.REPORTER), key_id=7)
    (error,) = (await execute(LOGOUT, viewer=key)).found["logout"]["errors"]
    assert error["code"] == "FORBIDDEN"


@pytest.mark.parametrize("role", [None, *Role])
async def test_an_own_session_is_ended_by_anybody(
    session: AsyncSession, school: School, execute: Execute, role: Role | None
) -> None:
    user = await create_user(session, school)
    one, other = await open_session(session, user), await open_session(session, user)
    viewer = signed_in(school, user, one, *([role] if role else []))
    assert await done(execute, "revokeSession", "ended", viewer=viewer, id=gid(other)) == {"ended": 1}
    assert await left(session) == [one.id]
    assert await activities(session) == [("session.revoke", user.id, {"id": other.id, "user": user.id})]
    assert await done(execute, "revokeSessions", "ended", viewer=viewer, user=gid(user)) == {"ended": 1}
    assert await left(session) == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERADMIN])
async def test_those_of_others_are_ended_by_admin(
    session: AsyncSession, school: School, execute: Execute, role: Role
) -> None:
    user, other = await create_user(session, school), await create_user(session, school)
    mine = await open_session(session, user)
    theirs = [await open_session(session, other) for _ in range(3)]
    viewer = signed_in(school, user, mine, role)
    assert await done(execute, "revokeSession", "ended", viewer=viewer, id=gid(theirs[0])) == {"ended": 1}
    assert await done(execute, "revokeSessions", "ended", viewer=viewer, user=gid(other)) == {"ended": 2}
    assert await left(session) == [mine.id]


@pytest.mark.parametrize("role", [None, *OTHERS])
async def test_those_of_others_are_nobody_elses_business(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, role: Role | None
) -> None:
    user, other = await create_user(session, school), await create_user(session, school)
    mine, theirs = await open_session(session, user), await open_session(session, other)
    viewer = signed_in(school, user, mine, *([role] if role else []))
    assert await refused(execute, "revokeSession", viewer=viewer, id=gid(theirs)) == [("NOT_FOUND", ["id"])]
    seen = role in (Role.REGISTRAR, Role.REPORTER)
    expected = "FORBIDDEN" if seen else "NOT_FOUND"
    assert await refused(execute, "revokeSessions", viewer=viewer, user=gid(other)) == [(expected, ["user"])]
    assert await left(session) == [mine.id, theirs.id]
    assert await activities(session) == []


async def test_what_is_of_another_school_is_not_there(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await connections.enter(other_school.id, 60)
    user = await create_user(session, other_school)
    opened = await open_session(session, user)
    await connections.enter(school.id, 60)
    async with audited(connections, school, other_school, nothing=True):
        assert await refused(execute, "revokeSession", id=gid(opened)) == [("NOT_FOUND", ["id"])]
        assert await refused(execute, "revokeSessions", user=gid(user)) == [("NOT_FOUND", ["user"])]
    await connections.enter(other_school.id, 60)
    assert await left(session) == [opened.id]
