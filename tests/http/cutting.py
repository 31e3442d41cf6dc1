"""Sessions of the server that the database ends before the server's process can hear of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.database import Database
from app.snapshot import ReadingConnection
from app.urls import Urls, asyncpg_url
from tests.embedded import ask

# It waits for their end: a backend that is slow to see the signal would serve one more request.
THROW_OUT = (
    "SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = 'schoolgraph_api'"
)


def cut(urls: Urls) -> int:
    """End all sessions of the server, and say how many; the loop of whoever calls it stands still meanwhile."""
    assert urls.admin
    with ThreadPoolExecutor(1) as apart:
        return int(apart.submit(ask, asyncpg_url(urls.admin), THROW_OUT).result())


class Cutting:
    """The next `times` that reads ask for a connection, all that are there have just been ended; `ended` counts them.

    `after` says that they are ended once one is lent.
    """

    def __init__(self, urls: Urls, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.urls = urls
        self.take = database.readers.take
        self.times = self.ended = 0
        self.after = False
        monkeypatch.setattr(database.readers, "take", self.taken)

    async def taken(self, *, alone: bool) -> ReadingConnection:
        due, self.times = self.times > 0, max(0, self.times - 1)
        if due and not self.after:
            self.ended += cut(self.urls)
        connection = await self.take(alone=alone)
        if due and self.after:
            self.ended += cut(self.urls)
        return connection
