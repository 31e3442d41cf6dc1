"""Database URLs: how they come in, and how the driver and SQLAlchemy want them.

They come in as libpq and the hosting providers write them: ``postgres://`` or ``postgresql://``, several hosts,
``?sslmode=require``, ``?host=/folder/of/the/socket``. Two readers take them here, and each is particular: asyncpg sends
every parameter it does not know to the server, which refuses it; SQLAlchemy's dialect hands parameters to
``asyncpg.connect`` as keywords, where ``sslmode`` and its kin are unknown.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

SCHEMES = ("postgresql", "postgres")
_NETLOC = re.compile(r"[^/?#]*")
# Parameters of libpq that asyncpg has no use for.
LIBPQ_ONLY = frozenset(
    [
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "fallback_application_name",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "load_balance_hosts",
        "requirepeer",
        "sslcompression",
        "sslsni",
        "tcp_user_timeout",
    ]
)
# What asyncpg reads from a URL for itself; any other parameter is a setting of the session.
PLACE = ("host", "port", "user", "password", "dbname", "database")
# Settings of a session that writes: the audit has instants as PostgreSQL writes them, in the session's time zone.
WRITING = {"timezone": "UTC"}


@dataclass(frozen=True)
class Urls:
    """Where the database is, for each role that works with it.

    ``owner`` is absent where only the server's own URL is known; ``admin`` (superuser) exists for the embedded database
    alone.
    """

    api: str
    owner: str | None
    admin: str | None


def socket_url(user: str, database: str, folder: str) -> str:
    """The URL of a database behind the socket in ``folder``."""
    place = urlencode({"host": folder, "port": 5432}, quote_via=quote)
    return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?{place}"


def asyncpg_url(url: str) -> str:
    """The same database as ``asyncpg.connect`` and its pool accept it.

    Raises ValueError, which never shows the password.
    """
    parts = _parse(url)
    kept = [(name, value) for name, value in _parameters(parts) if name not in LIBPQ_ONLY]
    netloc = parts.netloc
    account, sign, hosts = netloc.rpartition("@")
    if "[" in hosts and "," in hosts:
        # Where asyncpg has URLs taken apart, only one address may be in brackets, and only by itself.
        netloc, kept = account + sign, [*((name, value) for name, value in kept if name != "host"), ("host", hosts)]
    return _write("postgresql", netloc, parts.path, kept)


def sqlalchemy_url(url: str) -> str:
    """The same database for ``create_async_engine``. Raises ValueError, which never shows the password.

    User, password, hosts and database stand where SQLAlchemy expects them, so that it can hide the password; what else
    was asked for travels in one ``dsn`` parameter, which asyncpg reads as its own.
    """
    parts = _parse(asyncpg_url(url))
    given = dict(_parameters(parts))
    account, _, hosts = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    user = quote(given["user"], safe="") if "user" in given else user
    password = quote(given["password"], safe="") if "password" in given else password
    database = parts.path[1:] or quote(given.get("dbname", given.get("database", "")), safe="")
    query = _hosts(hosts or given.get("host", ""), given.get("port", ""))
    rest = [(name, value) for name, value in given.items() if name not in PLACE]
    if rest:
        query.append(("dsn", _write("postgresql", "", "", rest)))
    netloc = f"{user}:{password}@" if password else f"{user}@"
    return _write("postgresql+asyncpg", netloc, f"/{database}", query)


def parameters_of(url: str) -> list[tuple[str, str]]:
    """The parameters of a URL. Raises ValueError, which never shows the password."""
    return _parameters(_parse(url))


def hosts_of(url: str) -> list[str]:
    """The hosts of a URL, folders of sockets among them; empty where it names none."""
    parts = _parse(url)
    given = dict(_parameters(parts))
    # Hosts before the path win over those among the parameters.
    found = dict(_hosts(parts.netloc.rpartition("@")[2] or given.get("host", ""), ""))
    return [host for host in found.get("host", "").split(",") if host]


def with_parameters(url: str, added: dict[str, str]) -> str:
    """The URL with these parameters, in place of those of the same names."""
    parts = _parse(url)
    return _write(parts.scheme, parts.netloc, parts.path, list((dict(_parameters(parts)) | added).items()))


def _parse(url: str) -> SplitResult:
    # Some versions of Python take no list of hosts with an address in brackets, so that they are kept from them.
    scheme, sign, rest = url.partition("://")
    netloc = _NETLOC.match(rest if sign else "")
    hosts = netloc[0] if netloc else ""
    parts = urlsplit(scheme + sign + rest[len(hosts) :])._replace(netloc=hosts)
    if parts.scheme not in SCHEMES:
        raise ValueError(
            f"a database URL starts with postgresql:// or postgres://, this one with {parts.scheme or 'neither'!r}"
        )
    if parts.fragment:
        raise ValueError("a database URL has no part after '#': write that character as %23, also in a password")
    return parts


def _parameters(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True)
    except ValueError:
        raise ValueError("the parameters of a database URL are written ?name=value&name=value") from None


def _hosts(hosts: str, ports: str) -> list[tuple[str, str]]:
    """``h1:1,h2`` as ``host=h1,h2`` and ``port=1,5432``; a folder of a socket is a host too."""
    if not hosts:
        return []
    outside = ports.split(",") if ports else ["5432"]
    names, numbers = [], []
    for place, host in enumerate(hosts.split(",")):
        name, _, port = (host, "", "") if host.startswith("/") or host.endswith("]") else host.rpartition(":")
        names.append(unquote((name or port).strip("[]")))
        numbers.append(port if name and port else outside[min(place, len(outside) - 1)])
    return [("host", ",".join(names)), ("port", ",".join(numbers))]


def _write(scheme: str, netloc: str, path: str, parameters: list[tuple[str, str]]) -> str:
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{scheme}://{netloc}{path}{query}"
