"""Signing in as clients do: what it costs, and how guessing is slowed down and stopped."""

import asyncio
import contextlib
import datetime
from collections.abc import Iterator
from typing import Any

import bcrypt
import httpx
import pytest
from sqlalchemy import event

from app.settings import Settings, SettingsError
from app.urls import Urls
from resolvers.identity import passwords
from tests.http.conftest import BASE, GRAPHQL, Api, client_of, listening
from tests.http.school import (
    LOGIN,
    PASSWORD,
    Served,
    administering,
    bearer,
    fill,
    serving,
    sign_in,
)
from tests.waiting import until, until_waiting

HERE, THERE = "192.0.2.1", "192.0.2.2"
ACCOUNT = {"institution": "GAMMA", "username": "asha", "password": PASSWORD}
CHANGES = {
    "none": "SELECT 1",
    "locked": "UPDATE app_user SET locked_until = now() + interval '1 minute'",
    "inactive": "UPDATE app_user SET status = 'INACTIVE'",
    "retired": "UPDATE app_user SET deleted_at = now()",
    "no password": "UPDATE app_user SET password_hash = NULL",
    "suspended": "UPDATE institution SET status = 'SUSPENDED'",
}


@contextlib.contextmanager
def counting(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Statements, transactions and checks of passwords, in their order; the statements without their values."""
    done: list[str] = []
    check = passwords._matches

    def checked(password_hash: str, password: str) -> bool:
        done.append("check")
        return check(password_hash, password)

    def executed(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        done.append(statement)

    def begun(connection: Any) -> None:
        done.append("BEGIN")

    engine = served.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "begin", begun)
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "_matches", checked)
        yield done
    event.remove(engine, "before_cursor_execute", executed)
    event.remove(engine, "begin", begun)


async def attempt(api: Api, **given: str) -> Any:
    response = await api.post(LOGIN, variables={"input": ACCOUNT | given})
    assert response.status_code == 200
    return response.json()["data"]["login"]


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ({"username": "nobody"}, "none"),
        ({"institution": "NOWHERE"}, "none"),
        ({"institution": "NOWHERE", "username": "nobody", "password": "x"}, "none"),
        ({}, "locked"),
        ({"password": "wrong"}, "locked"),
        ({}, "inactive"),
        ({}, "retired"),
        ({}, "no password"),
        ({}, "suspended"),
    ],
)
async def test_every_refusal_is_the_same_work_and_the_same_answer(
    served: Served, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], change: str
) -> None:
    async with client_of(served.app()) as client:
        api = Api(client)
        # The first statement of its kind on a connection is prepared: not what is compared here.
        await attempt(api, password="wrong")
        with counting(served, monkeypatch) as wrong:
            expected = await attempt(api, password="wrong")
        async with administering(served) as admin:
            await admin.execute(CHANGES[change])
        with counting(served, monkeypatch) as refused:
            found = await attempt(api, **given)

    assert found == expected
    assert found["token"] is None
    assert refused == wrong
    assert refused.count("check") == 1
    assert len(refused) > 6


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"username": "nobody"}, {"institution": "NOWHERE"}])
async def test_no_refusal_comes_before_its_time(empty_database: Urls, given: dict[str, str]) -> None:
    """The account's hash is another system's, which takes another time to check than ours."""
    await fill(empty_database)
    # Longer than any check of a password here takes, cheap as this one is.
    async with serving(empty_database, login_refusal_seconds=0.4) as served, client_of(served.app()) as client:
        async with administering(served) as admin:
            imported = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
            await admin.execute("UPDATE app_user SET password_hash = $1", imported)
        clock = asyncio.get_running_loop().time
        begun = clock()
        assert (await attempt(Api(client), **given))["token"] is None
        assert clock() - begun >= 0.39
        assert (await attempt(Api(client)))["token"] is not None


async def test_a_lock_that_comes_while_a_password_is_checked_counts(served: Served) -> None:
    """Otherwise whoever guesses many passwords side by side would have more than five attempts."""
    async with client_of(served.app(write_seconds=60)) as client, administering(served) as admin:
        async with admin.transaction():
            await admin.execute(CHANGES["locked"])
            signing_in = asyncio.create_task(sign_in(Api(client)))
            await until_waiting(admin, 1)
        assert await signing_in is None
        assert await admin.fetchval("SELECT count(*) FROM session") == 0
        assert await admin.fetchval("SELECT array_agg(details->>'reason') FROM activity_log") == ["locked"]


def from_address(served: Served, address: str, **settings: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(served.app(**settings), client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


async def refused(api: Api, accept: str = GRAPHQL, **given: str) -> httpx.Response:
    response = await api.post(LOGIN, accept=accept, variables={"input": ACCOUNT | given})
    (error,) = response.json()["errors"]
    assert response.status_code == 429
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": int(response.headers["retry-after"])}
    assert response.json()["data"] == {"login": None}
    return response


async def test_an_address_that_fails_too_often_must_wait(empty_database: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(empty_database)
    async with serving(empty_database, login_failures_per_minute=2) as served:
        async with from_address(served, HERE) as client:
            api = Api(client)
            assert await sign_in(api) is not None
            assert await sign_in(api, "wrong") is None
            assert (await attempt(api, institution="NOWHERE"))["token"] is None
            with counting(served, monkeypatch) as done:
                for accept in (GRAPHQL, "application/json"):
                    assert 0 < int((await refused(api, accept)).headers["retry-after"]) <= 30
            assert done == []
        async with from_address(served, THERE) as client:
            assert await sign_in(Api(client)) is not None


async def test_guesses_side_by_side_are_counted_before_they_are_made(empty_database: Urls) -> None:
    await fill(empty_database)
    async with serving(empty_database, login_failures_per_minute=3) as served, from_address(served, HERE) as client:
        given = ACCOUNT | {"username": "nobody"}
        asked = [Api(client).post(LOGIN, variables={"input": given}) for _ in range(8)]
        answers = await asyncio.gather(*asked)
        async with administering(served) as admin:
            assert await admin.fetchval("SELECT count(*) FROM activity_log") == 3
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5


@pytest.mark.parametrize(
    ("proxies", "forwarded", "recorded"),
    [
        ((), HERE, "127.0.0.1"),
        (("127.0.0.1",), HERE, HERE),
        (("127.0.0.0/8",), f"{THERE}, {HERE}", HERE),
        (("127.0.0.1", HERE), f"{THERE}, {HERE}", THERE),
        (("10.0.0.1",), HERE, "127.0.0.1"),
        (("127.0.0.1",), "x" * 200, "x" * 50),
    ],
)
async def test_only_the_proxies_of_the_settings_are_believed(
    served: Served, proxies: tuple[str, ...], forwarded: str, recorded: str
) -> None:
    headers = {"x-forwarded-for": forwarded, "user-agent": "Browser/1.0 " + "x" * 600}
    async with listening(served.app(trusted_proxies=proxies)) as port, httpx.AsyncClient(timeout=60) as client:
        client.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        response = await Api(client).post(LOGIN, variables={"input": ACCOUNT}, headers=headers)
    assert response.json()["data"]["login"]["errors"] == []
    async with administering(served) as admin:
        found = await admin.fetchrow("SELECT address, length(user_agent) AS agent FROM session")
        assert dict(found or {}) == {"address": recorded, "agent": 500}
        assert await admin.fetchval("SELECT address FROM activity_log") == recorded


@pytest.mark.parametrize("proxy", ["*", "proxy.example.org", "10.0.0.1/8", ""])
def test_a_proxy_is_an_address_or_a_network(proxy: str) -> None:
    with pytest.raises(SettingsError, match=r"^SCHOOLGRAPH_TRUSTED_PROXIES"):
        Settings(trusted_proxies=(proxy,))


async def test_a_session_slides_on_with_use(served: Served) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        token = await sign_in(Api(client))
        await admin.execute("UPDATE session SET last_seen_at = now() - interval '2 min', expires_at = now() + '1min'")
        response = await Api(client).post("{ me { username } }", headers=bearer(token))
        assert response.json() == {"data": {"me": {"username": "asha"}}}

        async def moved() -> bool:
            return bool(await admin.fetchval("SELECT expires_at > now() + interval '29 minutes' FROM session"))

        await until(moved)
        assert await admin.fetchval("SELECT expires_at - last_seen_at FROM session") == datetime.timedelta(minutes=30)
