"""A session that ends is ended everywhere at once, though every process remembers whose a token is."""

import asyncio
import contextlib
import datetime
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from app import database, revocations
from app.owner import owner_session
from models import Session, User
from resolvers.context import Connections
from resolvers.errors import Unauthenticated
from resolvers.identity.revocation import Revocation, Subject, end_sessions, end_sessions_in, forget_user
from resolvers.identity.session_viewer import Known
from resolvers.identity.viewers import find_viewer
from tests.http.conftest import Api, client_of
from tests.http.school import Served, administering, bearer, serving, sign_in
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("long_memory")

LISTENING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_notify%'"
    " AND usename = 'schoolgraph_api'"
)
# How many seconds something is to last that is used before its end: on a busy machine the first are not enough.
SPANS = (1, 4, 16, 50)
ME = "{ me { username } }"


async def until_heard(*processes: Served) -> None:
    """Wait until the processes hear of revocations."""

    async def heard() -> bool:
        return all(each.database.viewers.trusted for each in processes)

    await until(heard)


async def until_deaf(served: Served) -> None:
    async def deaf() -> bool:
        return not served.database.viewers.trusted

    await until(deaf)


async def status(app: Starlette, token: str | None) -> int:
    async with client_of(app) as client:
        return (await Api(client).post(ME, headers=bearer(token))).status_code


async def signed_in(served: Served) -> str:
    async with client_of(served.app()) as client:
        token = await sign_in(Api(client))
    assert token is not None
    return token


@contextlib.asynccontextmanager
async def another(served: Served) -> AsyncIterator[Served]:
    async with serving(served.urls) as other:
        await until_heard(served, other)
        yield other


async def until_refused(app: Starlette, token: str) -> None:
    """Wait for what NOTIFY takes; nothing is forgotten by itself meanwhile."""

    async def refused() -> bool:
        return await status(app, token) == 401

    await until(refused)


@pytest.mark.parametrize("how", ["user", "institution"])
async def test_all_processes_hear_that_sessions_have_ended(served: Served, how: str) -> None:
    async with another(served) as other:
        token = await signed_in(served)
        for each in (served, other):
            assert await status(each.app(), token) == 200
        async with owner_session(served.urls) as session:
            user = (await session.scalars(select(User))).one()
            if how == "user":
                assert await end_sessions(session, user.institution_id, user.id) == 1
            else:
                assert await end_sessions_in(session, user.institution_id) == 1
        for each in (served, other):
            await until_refused(each.app(), token)


async def test_other_sessions_of_the_user_may_stay(served: Served) -> None:
    tokens = [await signed_in(served) for _ in range(2)]
    async with owner_session(served.urls) as session:
        first, second = (await session.scalars(select(Session).order_by(Session.id))).all()
        assert await end_sessions(session, first.institution_id, first.user_id, but=second.id) == 1
    assert [await status(served.app(), token) for token in tokens] == [401, 200]


async def test_a_change_of_roles_is_seen_at_once(served: Served) -> None:
    await until_heard(served)
    token = await signed_in(served)
    assert await status(served.app(), token) == 200
    (remembered,) = served.database.viewers._known
    async with owner_session(served.urls) as session:
        user = (await session.scalars(select(User))).one()
        await forget_user(session, user.institution_id, user.id)

    async def forgotten() -> bool:
        return remembered not in served.database.viewers._known

    await until(forgotten)
    assert await status(served.app(), token) == 200


async def test_what_was_not_committed_is_not_told(served: Served) -> None:
    await until_heard(served)
    token = await signed_in(served)
    assert await status(served.app(), token) == 200
    heard = served.database.viewers.heard
    async with owner_session(served.urls) as session:
        user = (await session.scalars(select(User))).one()
        await end_sessions(session, user.institution_id, user.id)
        await session.rollback()
    async with administering(served) as admin:
        await admin.execute("SELECT pg_notify('schoolgraph_viewers', 'session 1 0')")

    async def told() -> bool:
        return served.database.viewers.heard > heard

    await until(told)
    assert served.database.viewers.heard == heard + 1
    assert await status(served.app(), token) == 200


async def test_a_process_that_hears_nothing_remembers_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(revocations, "PAUSE", 0.2)
    await until_heard(served)
    token = await signed_in(served)
    assert await status(served.app(), token) == 200
    async with administering(served) as admin:
        for process in await admin.fetch(LISTENING):
            await admin.execute("SELECT pg_terminate_backend($1)", process["pid"])
        await until_deaf(served)
        # Nobody says that it is over, and it is over all the same.
        await admin.execute("UPDATE session SET expires_at = now() - interval '1 second'")
    assert await status(served.app(), token) == 401
    assert "revocations are not heard" in caplog.text

    await until_heard(served)
    token = await signed_in(served)
    assert await status(served.app(), token) == 200
    assert len(served.database.viewers._known) == 1


async def test_a_connection_that_does_not_hear_itself_is_not_trusted(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler that gives every transaction another server process."""
    monkeypatch.setattr(revocations, "PATIENCE", 0.3)
    async with serving(served.urls) as other:
        assert other.database._revocations is not None
        monkeypatch.setattr(other.database._revocations, "_hear", lambda *_: None)
        token = await signed_in(other)
        assert await status(other.app(), token) == 200
        async with administering(served) as admin:
            await admin.execute("UPDATE session SET expires_at = now() - interval '1 second'")
        assert await status(other.app(), token) == 401
        assert not other.database.viewers.trusted


async def test_a_session_is_not_remembered_beyond_its_end(served: Served) -> None:
    await until_heard(served)
    token = await signed_in(served)
    async with administering(served) as admin:
        for seconds in SPANS:
            ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
            await admin.execute("UPDATE session SET expires_at = $1", ends)
            if await status(served.app(), token) == 200:
                break
            assert datetime.datetime.now(datetime.UTC) >= ends
    await until_refused(served.app(), token)
    assert datetime.datetime.now(datetime.UTC) >= ends


async def test_a_page_that_asks_for_much_at_once_is_looked_up_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_heard(served)
    token = await signed_in(served)
    looked_up: list[str] = []

    async def find(connections: Connections, given: str, now: datetime.datetime) -> Known | None:
        looked_up.append(given)
        return await find_viewer(connections, given, now)

    monkeypatch.setattr(database, "find_viewer", find)
    served.database.viewers.forget_all()

    assert await asyncio.gather(*(status(served.app(), token) for _ in range(5))) == [200] * 5
    assert looked_up == [token]


async def test_a_session_that_ended_while_it_was_looked_up_is_none(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_heard(served)
    token = await signed_in(served)
    ended = datetime.datetime.now(datetime.UTC)
    known = [Known((await served.database.viewer(token)), ended), None]

    async def find(connections: Connections, given: str, now: datetime.datetime) -> Known | None:
        return known.pop(0)

    monkeypatch.setattr(database, "find_viewer", find)
    served.database.viewers.forget_all()

    assert await status(served.app(), token) == 401
    assert known == []


async def test_a_bad_token_counts_for_each_address_that_brings_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_heard(served)
    asked: list[str] = []

    async def find(connections: Connections, given: str, now: datetime.datetime) -> Known | None:
        asked.append(given)
        await asyncio.sleep(0)
        return None

    monkeypatch.setattr(database, "find_viewer", find)
    looked_up = [served.database.viewer("bad", address) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2")]
    found = await asyncio.gather(*looked_up, return_exceptions=True)

    assert [type(each) for each in found] == [Unauthenticated] * 3
    assert asked == ["bad", "bad"]


async def test_what_was_read_before_a_revocation_is_not_remembered_after_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_heard(served)
    token = await signed_in(served)
    viewer = await served.database.viewer(token)
    looked_up: list[str] = []

    async def find(connections: Connections, given: str, now: datetime.datetime) -> Known | None:
        looked_up.append(given)
        known = await find_viewer(connections, given, now)
        served.database.viewers.revoke(Revocation(Subject.USER, viewer.institution_id, viewer.user_id))
        return known

    monkeypatch.setattr(database, "find_viewer", find)
    served.database.viewers.forget_all()

    assert [await status(served.app(), token) for _ in range(2)] == [200, 200]
    assert looked_up == [token] * 2
