"""Sending mail, where the settings name a server for it.

Letters wait in the memory of the process and are sent one after the other behind the answers, so that nobody can tell
from the time of an answer whether a letter was written. A process that is killed loses those that wait; a clean stop
sends them, for a few seconds. The standard library's client runs in a thread; the connection is encrypted, and the
server's certificate verified, unless the settings say otherwise.
"""

import asyncio
import contextlib
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from app.setting_types import SmtpSecurity
from app.settings import Settings
from resolvers.letters import Letter

log = logging.getLogger("schoolgraph.mail")
MOST_WAITING = 1000
ATTEMPTS = 3
PAUSE = 5.0
TIMEOUT = 20.0
LAST_SECONDS = 10.0


@dataclass(frozen=True)
class Post:
    """The server that takes the letters, and whom they are from."""

    host: str
    port: int
    sender: str
    security: SmtpSecurity
    username: str | None = None
    password: str | None = None

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server; raises OSError or SMTPException where it does not take it."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        # Programs that answer by themselves leave such letters alone.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        with self._connection() as connection:
            if self.security is SmtpSecurity.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if self.username is not None:
                connection.login(self.username, self.password or "")
            connection.send_message(message)

    def _connection(self) -> smtplib.SMTP:
        if self.security is SmtpSecurity.TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


class Mailer:
    """The letters that wait, and the task that sends them while there are any. `sent` and `lost` count them."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.sent = self.lost = 0
        self._waiting: asyncio.Queue[Letter] = asyncio.Queue(MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    def put(self, letter: Letter) -> None:
        """Have a letter sent soon; never waits."""
        try:
            self._waiting.put_nowait(letter)
        except asyncio.QueueFull:
            self._lose("too many letters wait already")
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send_all())

    async def close(self) -> None:
        """Send what waits, for some seconds."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._task
        for _ in range(self._waiting.qsize()):
            self._lose("the server stopped")

    async def _send_all(self) -> None:
        while not self._waiting.empty():
            await self._send(self._waiting.get_nowait())

    async def _send(self, letter: Letter) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await asyncio.to_thread(self.post.send, letter)
            except (OSError, ValueError, smtplib.SMTPException) as error:
                # What the mail server says may quote the address.
                log.warning("a letter was not taken, attempt %d of %d: %s", attempt, ATTEMPTS, type(error).__name__)
                if attempt < ATTEMPTS:
                    await asyncio.sleep(PAUSE)
            else:
                self.sent += 1
                return
        self._lose("the mail server did not take it")

    def _lose(self, reason: str) -> None:
        self.lost += 1
        log.error("a letter is lost: %s", reason)


def mailer_of(settings: Settings) -> Mailer | None:
    """Who sends mail; None where no mail server is named."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    post = Post(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_from,
        settings.smtp_security,
        settings.smtp_username,
        settings.smtp_password.get_secret_value() if settings.smtp_password is not None else None,
    )
    return Mailer(post)
