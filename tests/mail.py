"""A mail server in this process, with a certificate of its own where it is to be encrypted."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.setting_types import SmtpSecurity

HOST = "127.0.0.1"
ACCOUNT = ("school", "a good password")
DAY = datetime.timedelta(days=1)


@dataclass
class Mailbox:
    """What a mail server has taken; refuses the first `refusals` letters."""

    refusals: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.refusals:
            self.refusals -= 1
            return "451 Try again later"
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return "250 Taken"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback address that nobody but itself has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return certificate, private


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login.decode(), given.password.decode()) == ACCOUNT, handled=False)


@contextlib.asynccontextmanager
async def receiving(
    mailbox: Mailbox,
    security: SmtpSecurity = SmtpSecurity.NONE,
    certificate: ssl.SSLContext | None = None,
    *,
    auth: bool = False,
) -> AsyncIterator[Mailbox]:
    """A mail server on a free port, which takes letters without encryption only where it has no certificate."""
    starttls = certificate if security is SmtpSecurity.STARTTLS else None
    tls = certificate if security is SmtpSecurity.TLS else None

    def session() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_authenticate if auth else None,
            auth_required=auth,
            auth_exclude_mechanism=["LOGIN"],
        )

    server = await asyncio.get_running_loop().create_server(session, HOST, 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()
