"""Pictures over HTTP when their store is slow or has lost them, or nobody waits for them."""

import asyncio
from typing import Any

import pytest

from tests.files.samples import JPEG
from tests.http.conftest import client_of
from tests.http.file_site import Site
from tests.http.school import bearer
from tests.waiting import until


async def test_bytes_that_are_lost_are_not_there(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    url = await site.set_photo(JPEG)
    site.kept()[0].unlink()
    response = await site.get(url, "gita")
    absent = await site.get("/files/999999999", "gita")
    assert (response.status_code, response.json()) == (404, absent.json())
    assert [record.name for record in caplog.records if "no bytes" in record.message] == ["schoolgraph.files"]


class Slow:
    """Stands in for a store's reading: answers when it may."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, location: str) -> bytes:
        self.asked.set()
        try:
            await self.may_answer.wait()
        finally:
            self.ended.set()
        return b"here it is"


@pytest.fixture
async def slow(site: Site, monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(site.served.database.services.files, "get", slow)
    return slow


async def test_no_connection_waits_for_the_store(site: Site, slow: Slow) -> None:
    async def all_given_back() -> bool:
        return site.served.database.readers.taken == 0

    url = await site.set_photo(JPEG)
    task = asyncio.create_task(site.get(url, "gita"))
    await slow.asked.wait()
    await until(all_given_back)
    assert not task.done()
    slow.may_answer.set()
    assert (await task).content == b"here it is"


async def test_a_store_that_is_slow_has_its_time(site: Site, slow: Slow) -> None:
    url = await site.set_photo(JPEG)
    async with client_of(site.served.app(read_seconds=1)) as client:
        response = await client.get(url, headers=bearer(site.tokens["gita"]))
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (504, "TIMEOUT")


async def test_a_file_that_nobody_waits_for_is_not_read_on(site: Site, slow: Slow) -> None:
    url = await site.set_photo(JPEG)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await slow.asked.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    authorization = bearer(site.tokens["gita"])["authorization"].encode()
    scope = {
        "type": "http", "method": "GET", "path": url, "raw_path": url.encode(), "query_string": b"",
        "headers": [(b"authorization", authorization)], "client": ("127.0.0.1", 1), "server": ("test", 80),
        "scheme": "http", "http_version": "1.1", "root_path": "",
    }  # fmt: skip
    async with asyncio.timeout(60):
        await site.served.app()(scope, receive, send)
    assert slow.ended.is_set()
    assert sent == []
