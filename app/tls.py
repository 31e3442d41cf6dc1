"""A database on another machine is reached by verified TLS: its URL is completed for it, or refused.

A URL as providers print it (`?sslmode=require`) encrypts, but lets whoever stands between be the server. So for any
host but this machine's own, the certificate is checked, and the host's name in it. What the URL says itself about
certificates counts; then come the settings, libpq's own places, and the authorities that this system trusts.
"""

import ipaddress
import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.urls import hosts_of, parameters_of, with_parameters

# Where systems keep the authorities that they trust, beside what OpenSSL was built to look for.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
)
VERIFIED = ("verify-ca", "verify-full")


class Mode(StrEnum):
    VERIFY_FULL = "verify-full"
    VERIFY_CA = "verify-ca"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Tls:
    """How databases on other machines are reached; `setting` is the name under which UNVERIFIED can be chosen."""

    mode: Mode
    root_cert: Path | None
    client_cert: Path | None
    client_key: Path | None
    setting: str


def tls_of(values: Mapping[str, Any], prefix: str) -> Tls:
    """From the settings by their fields; those that are wrong themselves are as if they were not given.

    Raises ValueError, naming settings, which begin with `prefix`.
    """
    cert, key = values.get("database_client_cert"), values.get("database_client_key")
    if (cert is None) != (key is None):
        raise ValueError(f"{prefix}DATABASE_CLIENT_CERT and {prefix}DATABASE_CLIENT_KEY go together")
    mode = values.get("database_tls", Mode.VERIFY_FULL)
    return Tls(mode, values.get("database_root_cert"), cert, key, f"{prefix}DATABASE_TLS")


def is_local(host: str) -> bool:
    """A folder of a socket, or this machine by an address or a name that cannot be another's."""
    if host.startswith(("/", "@")) or host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def secured(url: str, tls: Tls) -> str:
    """The same database, reached by verified TLS where it is on another machine.

    Raises ValueError where the URL says otherwise; the message names the host and never the password.
    """
    given = dict(parameters_of(url))
    remote = _remote_hosts(url, given)
    if not remote:
        return url
    added = dict(_certificates(given, tls))
    if tls.mode is not Mode.UNVERIFIED:
        added |= _verification(remote[0], given, tls)
    return with_parameters(url, added)


def _remote_hosts(url: str, given: dict[str, str]) -> list[str]:
    """A service of libpq's may be anywhere, and a URL without a host is wherever the environment says."""
    if "service" in given:
        return [f"service {given['service']}"]
    hosts = hosts_of(url) or [host for host in os.environ.get("PGHOST", "").split(",") if host]
    return [host for host in hosts if not is_local(host)]


def _verification(host: str, given: dict[str, str], tls: Tls) -> dict[str, str]:
    mode = given.get("sslmode", "require")
    if mode not in ("require", *VERIFIED):
        raise ValueError(
            f"sslmode={mode} does not verify who answers at {host}, which is another machine: leave sslmode out, or"
            f" allow it by {tls.setting}={Mode.UNVERIFIED}"
        )
    root = given.get("sslrootcert", str(tls.root_cert or ""))
    if root == "system" or (not root and not _libpq_has_root()):
        root = _system_bundle()
    found = {"sslmode": mode if mode in VERIFIED else tls.mode.value}
    return found | ({"sslrootcert": root} if root else {})


def _certificates(given: dict[str, str], tls: Tls) -> Iterator[tuple[str, str]]:
    for name, path in (("sslrootcert", tls.root_cert), ("sslcert", tls.client_cert), ("sslkey", tls.client_key)):
        if path is not None and name not in given:
            yield name, str(path)


def _libpq_has_root() -> bool:
    return bool(os.environ.get("PGSSLROOTCERT")) or (Path.home() / ".postgresql" / "root.crt").exists()


def _system_bundle() -> str:
    """Empty where the system has none that we know: the driver then says what it looked for."""
    default = ssl.get_default_verify_paths().cafile
    return next((path for path in (default, *BUNDLES) if path and Path(path).is_file()), "")
