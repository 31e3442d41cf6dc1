"""A real PostgreSQL behind TLS: reached where it is who it says, by every way that this program has, or refused."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.hanging_up import look_of
from app.migrations import owner_engine_url
from app.settings import PREFIX, Settings
from app.tls import Mode, Tls, secured
from app.urls import asyncpg_url, sqlalchemy_url
from tests.embedded import reachable_folder, removed
from tests.test_database_commands import run
from tests.test_tls import without_environment
from tests.tls_server import HOST, Authority, Server, programs, tls_server

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_environment(monkeypatch, tmp_path)


@dataclass(frozen=True)
class Reached:
    """A server whose certificate names its host, one whose certificate names another, and who signs."""

    server: Server
    misnamed: Server
    authority: Authority
    stranger: Authority
    client: tuple[Path, Path]


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    found = programs()
    if found is None:
        assert "REQUIRE_TLS" not in os.environ
        pytest.skip("no PostgreSQL with TLS is installed; on Debian: apt-get install postgresql")
    folder = tmp_path_factory.mktemp("certificates")
    authority, stranger = Authority(folder, "authority"), Authority(folder, "stranger")
    right, wrong = authority.issue("right", host=HOST), authority.issue("wrong", host="db.example.org")
    client = authority.issue("schoolgraph_read")
    with (
        removed(reachable_folder()) as one,
        removed(reachable_folder()) as other,
        tls_server(one, found, right, authority) as server,
        tls_server(other, found, wrong, authority) as misnamed,
    ):
        urls = {"DATABASE_URL": server.url("schoolgraph_api"), "DATABASE_ADMIN_URL": server.url("postgres", "postgres")}
        told = run("bootstrap", data=one, **urls, SCHOOLGRAPH_DATABASE_ROOT_CERT=str(authority.path))
        assert told[0] == 0, told
        yield Reached(server, misnamed, authority, stranger, client)


async def by_asyncpg(url: str) -> Any:
    connection = await asyncpg.connect(asyncpg_url(url), timeout=20)
    try:
        return await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    finally:
        await connection.close()


async def by_sqlalchemy(url: str) -> Any:
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        async with engine.connect() as connection:
            return await connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    finally:
        await engine.dispose()


WAYS = pytest.mark.parametrize("way", [by_asyncpg, by_sqlalchemy])


def tls(root: Path | None, mode: Mode = Mode.VERIFY_FULL, client: tuple[Path, Path] | None = None) -> Tls:
    cert, key = client or (None, None)
    return Tls(mode, root, cert, key, "TLS")


@WAYS
async def test_a_server_that_is_who_it_says_is_reached(reached: Reached, way: Any) -> None:
    for mode in (Mode.VERIFY_FULL, Mode.VERIFY_CA):
        url = secured(reached.server.url("schoolgraph_api", sslmode="require"), tls(reached.authority.path, mode))
        assert await way(url) is True


@WAYS
async def test_a_certificate_of_somebody_elses_is_refused(reached: Reached, way: Any) -> None:
    for mode in (Mode.VERIFY_FULL, Mode.VERIFY_CA):
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            await way(secured(reached.server.url("schoolgraph_api"), tls(reached.stranger.path, mode)))


@WAYS
async def test_a_certificate_of_another_host_is_refused_unless_names_do_not_count(reached: Reached, way: Any) -> None:
    url = reached.misnamed.url("postgres", "postgres")
    with pytest.raises(OSError, match="IP address mismatch"):
        await way(secured(url, tls(reached.authority.path)))
    assert await way(secured(url, tls(reached.authority.path, Mode.VERIFY_CA))) is True


@WAYS
async def test_a_server_that_asks_for_a_certificate_is_shown_one(reached: Reached, way: Any) -> None:
    url = reached.server.url("schoolgraph_read")
    assert await way(secured(url, tls(reached.authority.path, client=reached.client))) is True
    with pytest.raises(
        (asyncpg.InvalidAuthorizationSpecificationError, DBAPIError), match="requires a valid client certificate"
    ):
        await way(secured(url, tls(reached.authority.path)))


@WAYS
async def test_a_server_that_will_not_encrypt_is_refused(reached: Reached, way: Any) -> None:
    """Whoever strips the encryption answers so to the wish for it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)
        writer.write(b"N")
        await writer.drain()
        writer.close()

    stripping = await asyncio.start_server(answer, HOST, 0)
    async with stripping:
        port = stripping.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
            await way(secured(f"postgresql://api@{HOST}:{port}/school", tls(reached.authority.path)))


def test_commands_and_migrations_go_the_same_way(reached: Reached, tmp_path: Path) -> None:
    urls = {
        "DATABASE_URL": reached.server.url("schoolgraph_api"),
        "DATABASE_OWNER_URL": reached.server.url("schoolgraph_owner", sslmode="require"),
    }
    right = {f"{PREFIX}DATABASE_ROOT_CERT": str(reached.authority.path)}
    wrong = {f"{PREFIX}DATABASE_ROOT_CERT": str(reached.stranger.path)}
    assert run("migrate", data=tmp_path, **urls, **right) == (0, "The database is at the newest version.\n")
    assert run("doctor", data=tmp_path, **urls, **right)[0] == 0
    for command in ("migrate", "doctor"):
        status, told = run(command, data=tmp_path, **urls, **wrong)
        assert status == 1
        assert "The database cannot be reached: [SSL: CERTIFICATE_VERIFY_FAILED]" in told


async def test_alembic_on_its_own_goes_the_same_way(reached: Reached, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", reached.server.url("schoolgraph_owner"))
    for root, trusted in ((reached.authority.path, True), (reached.stranger.path, False)):
        monkeypatch.setenv(f"{PREFIX}DATABASE_ROOT_CERT", str(root))
        engine = create_async_engine(owner_engine_url(Settings()))
        try:
            if trusted:
                async with engine.connect() as connection:
                    assert await connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
            else:
                with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
                    await engine.connect().start()
        finally:
            await engine.dispose()


async def test_only_a_session_that_has_been_ended_has_something_to_be_read(reached: Reached) -> None:
    url = asyncpg_url(secured(reached.server.url("schoolgraph_api"), tls(reached.authority.path)))
    one: Any = await asyncpg.connect(url)
    other = await asyncpg.connect(url)
    try:
        is_ended = look_of(one._transport)
        for _ in range(3):
            await one.fetch("SELECT repeat('x', 100) FROM generate_series(1, 1000)")
            assert not is_ended()
            await asyncio.sleep(0.02)
            assert not is_ended()
        await other.execute("SELECT pg_terminate_backend($1, 30000)", one.get_server_pid())
        await asyncio.sleep(0.02)
        assert one.is_closed() or is_ended()
    finally:
        one.terminate()
        await other.close()
