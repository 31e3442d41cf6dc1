"""A database on another machine is reached by verified TLS, or not at all."""

import os
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from app.settings import PREFIX, Settings, SettingsError
from app.tls import Mode, Tls, is_local, secured

pytestmark = pytest.mark.any_database

REMOTE = "postgresql://api:hid@db.example.org/school"
ROOT = Path(__file__)
STRICT = Tls(Mode.VERIFY_FULL, ROOT, None, None, "TLS")


def without_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in [*os.environ]:
        if name.startswith(("PG", "DATABASE_", f"{PREFIX}DATABASE")) and name != "PG_BIN":
            monkeypatch.delenv(name)
    # Where libpq's own certificates would be.
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_environment(monkeypatch, tmp_path)


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
    assert asked(given, certificate) == dict(parse_qsl(urlsplit(given).query))
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
