"""Settings come from the environment, and a wrong one is named."""

import os
from pathlib import Path

import pytest

from app.settings import PREFIX, ROOT, Settings, SettingsError, environment_name

pytestmark = pytest.mark.any_database

OUTSIDE = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READ_URL", "PG_BIN"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*OUTSIDE, *(name for name in os.environ if name.startswith(PREFIX))]:
        monkeypatch.delenv(name, raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings()
    return str(caught.value)


def test_every_setting_has_a_meaning_and_a_default() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name
        assert environment_name(name) in OUTSIDE or environment_name(name).startswith(PREFIX)


def test_without_an_environment_data_lies_in_the_checkout() -> None:
    settings = Settings()
    assert settings.data == ROOT / ".data"
    assert settings.database_url is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCHOOLGRAPH_DATA", str(tmp_path))
    monkeypatch.setenv("SCHOOLGRAPH_POOL_MAX", "7")
    monkeypatch.setenv("SCHOOLGRAPH_CORS_ORIGINS", '["https://app.example.org"]')
    settings = Settings()
    assert (settings.data, settings.pool_max, settings.cors_origins) == (tmp_path, 7, ("https://app.example.org",))


def test_a_keyword_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://one@localhost/school")
    assert Settings(database_url=None).database_url is None
    assert Settings(pool_max=3).database_url == "postgresql://one@localhost/school"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PG_BIN", "")
    settings = Settings()
    assert (settings.database_url, settings.pg_bin) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SCHOOLGRAPH_POOL_MIN", "none", "SCHOOLGRAPH_POOL_MIN=none: Input should be a valid integer"),
        ("SCHOOLGRAPH_POOL_MIN", "0", "SCHOOLGRAPH_POOL_MIN=0: Input should be greater than 0"),
        ("SCHOOLGRAPH_POOL_MIN", "11", "SCHOOLGRAPH_POOL_MIN=11: more than SCHOOLGRAPH_POOL_MAX=10"),
        ("SCHOOLGRAPH_READ_SECONDS", "inf", "SCHOOLGRAPH_READ_SECONDS=inf: Input should be a finite number"),
        ("SCHOOLGRAPH_CORS_ORIGINS", "example.org", "SCHOOLGRAPH_CORS_ORIGINS=example.org: not JSON"),
        ("SCHOOLGRAPH_DATA", __file__, f"SCHOOLGRAPH_DATA={__file__}: {__file__} is not a folder"),
        ("PG_BIN", "/nowhere", "PG_BIN=/nowhere: no program called postgres in /nowhere"),
        ("SCHOOLGRAPH_DTA", "/srv", "SCHOOLGRAPH_DTA is no setting; is SCHOOLGRAPH_DATA meant?"),
    ],
)
def test_a_wrong_one_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    assert told in refusal(monkeypatch, **{name: value})


def test_all_wrong_ones_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refusal(monkeypatch, SCHOOLGRAPH_POOL_MIN="0", SCHOOLGRAPH_POOL_MAX="x")
    assert [line.partition("=")[0] for line in told.splitlines()] == ["SCHOOLGRAPH_POOL_MIN", "SCHOOLGRAPH_POOL_MAX"]


@pytest.mark.parametrize(
    "url", ["mysql://api:hidden@db/school", "postgresql://api:hidden@db/school?oops", "api:hidden@db"]
)
def test_a_wrong_database_url_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    told = refusal(monkeypatch, DATABASE_URL=url)
    assert told.startswith("DATABASE_URL: ")
    assert "hidden" not in told


def test_a_password_is_not_shown_with_the_settings() -> None:
    assert "hidden" not in repr(Settings(database_url="postgresql://api:hidden@db.example.org/school"))
