"""A database URL means the same to asyncpg, to SQLAlchemy's engine and to whoever wrote it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.urls import asyncpg_url, socket_url, sqlalchemy_url

pytestmark = pytest.mark.any_database

PLAIN = "postgresql://api:p%40ss@db.example.org:6000/school"


def keywords(url: str) -> dict[str, Any]:
    """What SQLAlchemy's dialect gives to `asyncpg.connect`."""
    engine = create_async_engine(sqlalchemy_url(url))
    _, given = engine.dialect.create_connect_args(engine.url)
    return dict(given)


def test_a_plain_url() -> None:
    assert asyncpg_url(PLAIN) == PLAIN
    assert keywords(PLAIN) == {
        "user": "api", "password": "p@ss", "host": "db.example.org", "port": 6000, "database": "school"
    }  # fmt: skip


def test_the_short_scheme_of_some_providers() -> None:
    assert asyncpg_url(PLAIN.replace("postgresql", "postgres")) == PLAIN


def test_what_only_libpq_knows_is_left_out() -> None:
    printed = f"{PLAIN}?sslmode=require&channel_binding=require&connect_timeout=10"
    assert asyncpg_url(printed) == f"{PLAIN}?sslmode=require"


def test_tls_reaches_the_driver_through_sqlalchemy() -> None:
    given = keywords(f"{PLAIN}?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert parse_qs(urlsplit(given["dsn"]).query) == {"sslmode": ["verify-full"], "sslrootcert": ["/etc/ca.pem"]}
    assert given["password"] == "p@ss"


def test_a_setting_of_the_session_is_passed_on() -> None:
    given = keywords(f"{PLAIN}?options=-c%20search_path%3Dschool")
    assert parse_qs(urlsplit(given["dsn"]).query) == {"options": ["-c search_path=school"]}


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://api@/school?host=/run/post%20gres", "/run/post gres", 5432),
        ("postgresql://api@/school?host=/run/postgresql&port=5433", "/run/postgresql", 5433),
        ("postgresql://api@%2Frun%2Fpostgresql/school", "/run/postgresql", 5432),
        ("postgresql://api@[::1]:6000/school", "::1", 6000),
        ("postgresql://api@/school?host=[::1]", "::1", 5432),
        ("postgresql://api@one:1,two/school", ["one", "two"], [1, 5432]),
        ("postgresql://api@127.0.0.1:1,[::1]:2/school", ["127.0.0.1", "::1"], [1, 2]),
        ("postgresql://api@/school?host=one,two&port=1,2", ["one", "two"], [1, 2]),
        ("postgresql://api@/school?host=one,two&port=7", ["one", "two"], [7, 7]),
    ],
)
def test_hosts(url: str, host: str | list[str], port: int | list[int]) -> None:
    given = keywords(url)
    assert (given["host"], given["port"], given["user"], given["database"]) == (host, port, "api", "school")


async def test_the_driver_itself_reaches_hosts_of_both_kinds() -> None:
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncpg.connect(asyncpg_url("postgresql://api@127.0.0.1:1,[::1]:1/school"))


def test_user_password_and_database_as_parameters() -> None:
    given = keywords("postgresql:///?host=db&user=api&password=a/b%3Fc&dbname=school")
    assert (given["user"], given["password"], given["database"]) == ("api", "a/b?c", "school")


def test_sqlalchemy_hides_the_password() -> None:
    shown = repr(make_url(sqlalchemy_url(f"{PLAIN}?sslmode=require&application_name=school")))
    assert "p@ss" not in shown
    assert "p%40ss" not in shown


def test_the_url_of_a_socket() -> None:
    url = socket_url("schoolgraph_api", "schoolgraph", "/srv/my school/socket")
    assert url == "postgresql://schoolgraph_api@/schoolgraph?host=%2Fsrv%2Fmy%20school%2Fsocket&port=5432"
    assert asyncpg_url(url) == url
    assert keywords(url)["host"] == "/srv/my school/socket"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://api:hidden@db/school", "starts with postgresql:// or postgres://, this one with 'mysql'"),
        ("db.example.org/hidden", "starts with postgresql:// or postgres://, this one with 'neither'"),
        ("postgresql://api:hid#den@db/school", "write that character as %23"),
        ("postgresql://api:hidden@db/school?sslmode", "are written ?name=value&name=value"),
    ],
)
def test_a_wrong_url_is_explained_without_its_password(url: str, told: str) -> None:
    with pytest.raises(ValueError, match="database URL") as caught:
        sqlalchemy_url(url)
    assert told in str(caught.value)
    assert "hid" not in str(caught.value)
