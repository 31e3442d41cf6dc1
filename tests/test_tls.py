"""A database on another machine is reached by verified TLS, or not at all."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.migrations import owner_engine_url
from app.settings import PREFIX, Settings, SettingsError
from app.tls import Mode, Tls, is_local, secured
from app.urls import asyncpg_url, sqlalchemy_url
from tests.embedded import reachable_folder, removed
from tests.test_database_commands import run
from tests.tls_server import HOST, Authority, Server, programs, tls_server

REMOTE = "postgresql://api:hid@db.example.org/school"
ROOT = Path(__file__)
STRICT = Tls(Mode.VERIFY_FULL, ROOT, None, None, "TLS")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*os.environ]:
        if name.startswith(("PG", "DATABASE_", f"{PREFIX}DATABASE")) and name != "PG_BIN":
            monkeypatch.delenv(name)
    # Where libpq's own certificates would be.
    monkeypatch.setenv("HOME", str(tmp_path))


def asked(url: str, tls: Tls = STRICT) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(secured(url, tls)).query).items()}


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("/run/postgresql", True),
        ("localhost", True),
        ("LocalHost.", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("db", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://api@/school?host=/run/postgresql",
        "postgresql://api@%2Frun%2Fpostgresql/school",
        "postgresql://api@localhost:6000/school?sslmode=disable",
        "postgresql://api@127.0.0.1,[::1]/school",
        "postgresql://api@/school",
        "postgresql:///school?host=127.0.0.1&sslmode=prefer",
    ],
)
def test_this_machine_is_reached_as_the_url_says(url: str) -> None:
    assert secured(url, STRICT) == url


@pytest.mark.parametrize(
    "url",
    [
        REMOTE,
        f"{REMOTE}?sslmode=require&channel_binding=require",
        "postgres://api@/school?host=db.example.org",
        "postgresql://api@127.0.0.1,db.example.org/school",
        "postgresql://api@10.0.0.7:6000/school",
        "postgresql://api@[fd00::7]/school",
        "postgresql://api@/school?service=school",
    ],
)
def test_another_machine_is_reached_by_verified_tls(url: str) -> None:
    found = asked(url)
    assert (found["sslmode"], found["sslrootcert"]) == ("verify-full", str(ROOT))
    assert secured(secured(url, STRICT), STRICT) == secured(url, STRICT)
    before, after = urlsplit(url), urlsplit(secured(url, STRICT))
    assert (before.netloc, before.path) == (after.netloc, after.path)


def test_a_host_that_the_environment_names_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "/run/postgresql,db.example.org")
    assert asked("postgresql://api@/school")["sslmode"] == "verify-full"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "nonsense"])
def test_what_does_not_verify_is_refused(mode: str) -> None:
    with pytest.raises(ValueError, match=f"sslmode={mode} does not verify who answers at db.example.org") as caught:
        secured(f"{REMOTE}?sslmode={mode}", STRICT)
    assert "TLS=unverified" in str(caught.value)
    assert "hid" not in str(caught.value)


def test_the_url_and_the_settings_say_how() -> None:
    certificate = Tls(Mode.VERIFY_CA, ROOT, Path("/client.crt"), Path("/client.key"), "TLS")
    assert asked(REMOTE, certificate) == {
        "sslmode": "verify-ca", "sslrootcert": str(ROOT), "sslcert": "/client.crt", "sslkey": "/client.key"
    }  # fmt: skip
    given = f"{REMOTE}?sslmode=verify-full&sslrootcert=/own.pem&sslcert=/own.crt&sslkey=/own.key"
    assert secured(given, certificate) == given.replace("/", "%2F").replace("%2F%2Fapi", "//api").replace(
        "org%2Fschool", "org/school"
    )
    assert asked(f"{REMOTE}?sslmode=verify-ca", STRICT)["sslmode"] == "verify-ca"


def test_unverified_is_a_choice_that_has_a_name() -> None:
    anything = Tls(Mode.UNVERIFIED, None, None, None, "TLS")
    for mode in ("disable", "prefer", "require"):
        assert asked(f"{REMOTE}?sslmode={mode}", anything) == {"sslmode": mode}
    assert asked(REMOTE, anything) == {}


def test_without_authorities_of_its_own_it_trusts_those_of_the_system(tmp_path: Path) -> None:
    nothing = Tls(Mode.VERIFY_FULL, None, None, None, "TLS")
    for url in (REMOTE, f"{REMOTE}?sslrootcert=system"):
        assert "sslrootcert" not in asked(url, nothing) or Path(asked(url, nothing)["sslrootcert"]).is_file()
        assert asked(url, nothing).get("sslrootcert") != "system"
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").touch()
    assert "sslrootcert" not in asked(REMOTE, nothing)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READ_URL"])
def test_every_url_of_the_settings_is_completed_or_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_ROOT_CERT", str(ROOT))
    monkeypatch.setenv(name, f"{REMOTE}?sslmode=require")
    found = Settings()
    (url,) = (each for each in (found.database_url, found.database_owner_url, found.database_read_url) if each)
    assert parse_qs(urlsplit(url).query) == {"sslmode": ["verify-full"], "sslrootcert": [str(ROOT)]}
    monkeypatch.setenv(name, f"{REMOTE}?sslmode=disable")
    with pytest.raises(SettingsError, match=f"^{name}: sslmode=disable does not verify") as caught:
        Settings()
    assert f"{PREFIX}DATABASE_TLS=unverified" in str(caught.value)
    assert "hid" not in str(caught.value)
    monkeypatch.setenv(f"{PREFIX}DATABASE_TLS", "unverified")
    assert Settings().tls.mode is Mode.UNVERIFIED


def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    readable = tmp_path / "client.key"
    readable.touch(mode=0o644)
    for name, value, told in (
        ("TLS", "require", "Input should be 'verify-full', 'verify-ca' or 'unverified'"),
        ("ROOT_CERT", "/nowhere", "no file /nowhere"),
        ("CLIENT_KEY", str(readable), f"{readable} can be read or written by others: chmod 600 {readable}"),
    ):
        monkeypatch.setenv(f"{PREFIX}DATABASE_{name}", value)
        with pytest.raises(SettingsError) as caught:
            Settings()
        assert str(caught.value) == f"{PREFIX}DATABASE_{name}={value}: {told}"
        monkeypatch.delenv(f"{PREFIX}DATABASE_{name}")
    monkeypatch.setenv(f"{PREFIX}DATABASE_CLIENT_CERT", str(ROOT))
    monkeypatch.setenv("DATABASE_URL", REMOTE)
    with pytest.raises(SettingsError, match="DATABASE_CLIENT_CERT and SCHOOLGRAPH_DATABASE_CLIENT_KEY go together"):
        Settings()


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
    with removed(reachable_folder()) as one, removed(reachable_folder()) as other:
        with tls_server(one, found, right, authority) as server, tls_server(other, found, wrong, authority) as misnamed:
            admin = server.url("postgres", "postgres")
            told = run(
                "bootstrap",
                data=one,
                DATABASE_URL=server.url("schoolgraph_api"),
                DATABASE_ADMIN_URL=admin,
                SCHOOLGRAPH_DATABASE_ROOT_CERT=str(authority.path),
            )
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
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="valid client certificate"):
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
