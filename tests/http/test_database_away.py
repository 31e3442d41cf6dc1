"""The database away for a while: clients are told so by a code of its own, and are served again once it is back."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import retention
from app.importing.driver import owner_connection
from app.owner import owner_session
from app.urls import Urls, socket_url
from tests.http.conftest import GRAPHQL, Api, client_of, only_error
from tests.http.cutting import THROW_OUT, Cutting
from tests.http.school import Served, administering, bearer, serving, sign_in

READ = "{ students { totalCount } }"
WRITE = 'mutation { createSubject(input: { name: "Botany" }) { subject { name } errors { code } } }'
WRITE_TWO = (
    'mutation { a: createSubject(input: { name: "Botany" }) { errors { code } }'
    ' b: createSubject(input: { name: "Zoology" }) { errors { code } } }'
)
WORDS = "The database does not answer: send the same again in a few seconds"


class Site:
    """A process of the server that reaches the database by a road of its own."""

    def __init__(self, served: Served, api: Api, road: Path, token: str | None) -> None:
        self.served = served
        self.api = api
        self.road = road
        self.headers = bearer(token)

    async def post(self, query: str, **members: Any) -> httpx.Response:
        return await self.api.post(query, headers=self.headers, **members)

    @contextlib.asynccontextmanager
    async def cut_off(self) -> AsyncIterator["Site"]:
        """The road is closed, and whoever was there is thrown out."""
        place = self.road.readlink()
        self.road.unlink()
        try:
            async with administering(self.served) as admin:
                await admin.fetchval(THROW_OUT)
            yield self
        finally:
            self.road.symlink_to(place)


@pytest.fixture
async def site(served: Served, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    parts = urlsplit(served.urls.api)
    # The name of a socket has only so much room.
    road = tmp_path_factory.mktemp("away") / "s"
    road.symlink_to(dict(parse_qsl(parts.query))["host"])
    urls = replace(served.urls, api=socket_url(parts.username or "", parts.path.strip("/"), str(road)))
    async with serving(urls) as other, client_of(other.app()) as client:
        api = Api(client)
        yield Site(other, api, road, await sign_in(api))


async def subjects(site: Site) -> int:
    async with administering(site.served) as admin:
        return int(await admin.fetchval("SELECT count(*) FROM subject WHERE name = 'Botany'"))


@pytest.mark.parametrize("accept", [GRAPHQL, "application/json"])
async def test_a_read_is_to_be_sent_again(site: Site, accept: str, caplog: pytest.LogCaptureFixture) -> None:
    async with site.cut_off():
        answers = [await site.post(READ, accept=accept) for _ in range(3)]
        assert (await site.api.client.get("/readyz")).status_code == 503

    for answer in answers:
        assert only_error(answer) == ("SERVICE_UNAVAILABLE", WORDS)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (await site.post(READ)).json() == {"data": {"students": {"totalCount": 1}}}


async def test_a_read_that_finds_all_connections_ended_and_gets_no_other_is_refused_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await site.post(READ)).status_code == 200
    cutting = Cutting(site.served.urls, site.served.database, monkeypatch)
    place, cutting.times = site.road.readlink(), 1
    site.road.unlink()
    try:
        answer = await site.post(READ)
    finally:
        site.road.symlink_to(place)

    assert (answer.status_code, only_error(answer)) == (503, ("SERVICE_UNAVAILABLE", WORDS))
    assert cutting.ended
    assert (await site.post(READ)).json() == {"data": {"students": {"totalCount": 1}}}


async def test_a_change_is_to_be_sent_again_and_nothing_of_it_stays(site: Site) -> None:
    async with site.cut_off():
        answer = (await site.post(WRITE)).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["SERVICE_UNAVAILABLE"]
    assert answer.get("data") in (None, {"createSubject": None})
    assert await subjects(site) == 0
    made = (await site.post(WRITE)).json()
    assert made == {"data": {"createSubject": {"subject": {"name": "Botany"}, "errors": []}}}
    assert await subjects(site) == 1


async def test_what_is_cut_off_between_two_changes_has_the_second_alone_sent_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, opened = site.served.database.write, 0

    @contextlib.asynccontextmanager
    async def cut_off_before_the_second(
        *place: Any, repeatable: bool = False, **how: Any
    ) -> AsyncIterator[AsyncSession]:
        nonlocal opened
        opened += repeatable
        if opened == 2:
            await away.enter_async_context(site.cut_off())
        async with write(*place, repeatable=repeatable, **how) as session:
            yield session

    monkeypatch.setattr(site.served.database, "write", cut_off_before_the_second)
    async with contextlib.AsyncExitStack() as away:
        answer = (await site.post(WRITE_TWO)).json()

    assert answer["data"] == {"a": {"errors": []}, "b": None}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "SERVICE_UNAVAILABLE")
    assert "send this field again" in error["message"]
    assert await subjects(site) == 1


async def test_a_sign_in_is_to_be_sent_again(site: Site) -> None:
    async with site.cut_off():
        found = {"institution": "GAMMA", "username": "asha", "password": "of no account"}
        document = "mutation($input: LoginInput!) { login(input: $input) { token } }"
        answer = (await site.api.post(document, variables={"input": found})).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["SERVICE_UNAVAILABLE"]
    assert await sign_in(site.api) is not None


@contextlib.asynccontextmanager
async def server_session(urls: Urls) -> AsyncIterator[AsyncSession]:
    async with serving(urls) as other, other.database.write(1, 5) as session:
        yield session


@contextlib.asynccontextmanager
async def retention_connection(urls: Urls) -> AsyncIterator[AsyncConnection]:
    async with retention._engine(urls) as engine, engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("opened", [server_session, owner_session, owner_connection, retention_connection])
async def test_what_fails_is_told_without_what_was_to_be_written(
    served: Served, opened: Callable[[Urls], AbstractAsyncContextManager[AsyncSession | AsyncConnection]]
) -> None:
    async with opened(served.urls) as place:
        with pytest.raises(DBAPIError) as failed:
            await place.execute(select(literal("Anju Menon")).select_from(text("nowhere")))
        await place.rollback()
    assert "nowhere" in str(failed.value)
    assert "Anju" not in str(failed.value)
