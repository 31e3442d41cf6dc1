"""A PostgreSQL that is reached by TLS, with authorities of its own; the wheel's is built without it."""

import contextlib
import datetime
import ipaddress
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.postgres import make_plan
from app.postmaster import Plan, make_cluster
from app.settings import Settings
from tests.ports import free_port

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
# This machine by an address that does not say so.
HOST = "0.0.0.0"
RULES = """\
local   all all trust
hostssl all schoolgraph_read 0.0.0.0/0 cert
hostssl all all 0.0.0.0/0 trust
"""


def programs() -> Path | None:
    """The folder of a system's PostgreSQL that is built with TLS."""
    given = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    for folder in [*given, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        libraries = subprocess.run(["ldd", folder / "postgres"], capture_output=True, text=True, check=False).stdout
        if "libssl" in libraries:
            return folder
    return None


class Authority:
    """Signs certificates; `path` is its own, which whoever trusts it is given."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._builder(self.name, self.key).add_extension(x509.BasicConstraints(True, None), critical=True)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(signed.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(NOW - DAY).not_valid_after(NOW + 30 * DAY)

    def issue(self, name: str, *, host: str | None = None) -> tuple[Path, Path]:
        """A certificate and its key, a file for its owner alone; for a server at `host`, or for a user `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(subject, key)
        if host is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([_named(host)]), critical=False)
        certificate, private = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        certificate.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        private.touch(mode=0o600)
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, private


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@dataclass(frozen=True)
class Server:
    port: int
    plan: Plan

    def url(self, user: str, database: str = "schoolgraph", **parameters: object) -> str:
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"postgresql://{user}@{HOST}:{self.port}/{database}" + (f"?{query}" if query else "")


def _own(plan: Plan, path: Path, text: bytes) -> Path:
    """A file in the data folder that the server's user alone can read."""
    path.touch(mode=0o600)
    path.write_bytes(text)
    if plan.user is not None and plan.group is not None:
        os.chown(path, plan.user, plan.group)
    return path


@contextlib.contextmanager
def tls_server(data: Path, found: Path, certificate: tuple[Path, Path], clients: Authority) -> Iterator[Server]:
    """A server that shows this certificate, and asks users of `schoolgraph_read` for one of the authority's."""
    plan = make_plan(Settings(data=data, pg_bin=found, database_url=None), {"fsync": "off"})
    make_cluster(plan)
    files = dict(zip(("ssl_cert_file", "ssl_key_file"), certificate, strict=True)) | {"ssl_ca_file": clients.path}
    options = {name: str(_own(plan, plan.data / name, path.read_bytes())) for name, path in files.items()}
    options |= {"hba_file": str(_own(plan, plan.data / "rules", RULES.encode())), "ssl": "on", "fsync": "off"}
    port = free_port()
    listed = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    command = plan.command("postgres", "-D", str(plan.data), "-k", plan.sockets, "-h", HOST, "-p", str(port), *listed)
    with open(plan.data.with_name("tls.log"), "wb") as log:
        process = subprocess.Popen(command, cwd="/", env=plan.environment(), stdout=log, stderr=log, **plan.account())
        try:
            _await(process, port)
            yield Server(port, plan)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as connection:
            if connection.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the server does not come up")
