"""Sending letters to a real mail server: encrypted, again when it is not taken, and behind everything else."""

import asyncio
import smtplib
import ssl
from pathlib import Path
from typing import Any

import pytest

from app import mail
from app.mail import Mailer, Post, mailer_of
from app.setting_types import SmtpSecurity
from app.settings import Settings, SettingsError
from resolvers.letters import Letter
from tests.mail import ACCOUNT, HOST, Mailbox, make_certificate, receiving

pytestmark = pytest.mark.any_database

LETTER = Letter("asha@example.org", "A letter", "Grüße aus der Schule\n")
SENDER = "office@example.org"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return make_certificate(tmp_path)


def serving(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def post(mailbox: Mailbox, security: SmtpSecurity, **more: Any) -> Post:
    return Post(HOST, mailbox.port, SENDER, security, **more)


async def send(mailbox: Mailbox, security: SmtpSecurity, **more: Any) -> None:
    await asyncio.to_thread(post(mailbox, security, **more).send, LETTER)


async def test_a_letter_arrives() -> None:
    async with receiving(Mailbox()) as mailbox:
        await send(mailbox, SmtpSecurity.NONE)
    (letter,) = mailbox.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.org>")
    assert letter["Date"] is not None
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_it_is_encrypted(
    certificate: tuple[Path, Path], security: SmtpSecurity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    async with receiving(Mailbox(), security, serving(certificate)) as mailbox:
        await send(mailbox, security)
    assert mailbox.encrypted == [True]


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_a_server_that_nobody_vouches_for_gets_no_letter(
    certificate: tuple[Path, Path], security: SmtpSecurity
) -> None:
    async with receiving(Mailbox(), security, serving(certificate)) as mailbox:
        with pytest.raises(ssl.SSLCertVerificationError):
            await send(mailbox, security)
    assert mailbox.letters == []


async def test_a_server_that_cannot_encrypt_gets_no_letter() -> None:
    async with receiving(Mailbox()) as mailbox:
        with pytest.raises(smtplib.SMTPNotSupportedError):
            await send(mailbox, SmtpSecurity.STARTTLS)
    assert mailbox.letters == []


async def test_the_server_may_want_a_name_and_a_password(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    security = SmtpSecurity.STARTTLS
    async with receiving(Mailbox(), security, serving(certificate), auth=True) as mailbox:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await send(mailbox, security, username=ACCOUNT[0], password="wrong")
        with pytest.raises(smtplib.SMTPSenderRefused):
            await send(mailbox, security)
        await send(mailbox, security, username=ACCOUNT[0], password=ACCOUNT[1])
    assert len(mailbox.letters) == 1


async def test_what_is_not_taken_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "PAUSE", 0.01)
    async with receiving(Mailbox(refusals=2)) as mailbox:
        mailer = Mailer(post(mailbox, SmtpSecurity.NONE))
        mailer.put(LETTER)
        await mailer.close()
    assert (len(mailbox.letters), mailer.sent, mailer.lost) == (1, 1, 0)


async def test_a_letter_that_is_never_taken_is_lost_and_told_without_its_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mail, "PAUSE", 0.01)
    async with receiving(Mailbox(refusals=3)) as mailbox:
        mailer = Mailer(post(mailbox, SmtpSecurity.NONE))
        mailer.put(LETTER)
        mailer.put(LETTER)
        await mailer.close()
    assert (len(mailbox.letters), mailer.sent, mailer.lost) == (1, 1, 1)
    assert [record.levelname for record in caplog.records if record.name == "schoolgraph.mail"] == [
        *["WARNING"] * 3,
        "ERROR",
    ]
    assert LETTER.to not in caplog.text


async def test_a_clean_stop_waits_for_a_while_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LAST_SECONDS", 0.1)
    async with receiving(Mailbox(refusals=1)) as mailbox:
        mailer = Mailer(post(mailbox, SmtpSecurity.NONE))
        for _ in range(3):
            mailer.put(LETTER)
        await mailer.close()
    assert (len(mailbox.letters), mailer.sent, mailer.lost) == (0, 0, 2)


async def test_letters_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_WAITING", 2)
    async with receiving(Mailbox()) as mailbox:
        mailer = Mailer(post(mailbox, SmtpSecurity.NONE))
        for _ in range(5):
            mailer.put(LETTER)
        await mailer.close()
    assert (len(mailbox.letters), mailer.sent, mailer.lost) == (2, 2, 3)


async def test_a_mailer_that_was_never_used_stops_at_once() -> None:
    await Mailer(Post(HOST, 1, SENDER, SmtpSecurity.NONE)).close()


def test_mail_is_sent_where_the_settings_name_a_server() -> None:
    assert mailer_of(Settings()) is None
    mailer = mailer_of(
        Settings(smtp_host="mail.example.org", smtp_from=SENDER, smtp_username="school", smtp_password="secret")
    )
    assert mailer is not None
    assert mailer.post == Post("mail.example.org", 587, SENDER, SmtpSecurity.STARTTLS, "school", "secret")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"smtp_host": "mail.example.org"}, "SCHOOLGRAPH_SMTP_HOST and SCHOOLGRAPH_SMTP_FROM: one is set"),
        ({"smtp_from": SENDER}, "SCHOOLGRAPH_SMTP_HOST and SCHOOLGRAPH_SMTP_FROM: one is set"),
        ({"smtp_username": "school"}, "SCHOOLGRAPH_SMTP_USERNAME and SCHOOLGRAPH_SMTP_PASSWORD: one is set"),
        ({"smtp_port": 0}, "SCHOOLGRAPH_SMTP_PORT=0: "),
        ({"smtp_security": "ssl"}, "SCHOOLGRAPH_SMTP_SECURITY=ssl: "),
        ({"password_reset_url": "https://app.example.org"}, r"SCHOOLGRAPH_PASSWORD_RESET_URL=.*: not an address with"),
        ({"password_reset_url": "javascript:{token}"}, r"SCHOOLGRAPH_PASSWORD_RESET_URL=.*: not an address with"),
    ],
)
def test_half_a_mail_server_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings(**given)
