"""What becomes of the access log when a server process ends, cleanly or killed."""

import asyncio
import contextlib
import datetime
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.owner import owner_session
from models import Role, Session, UserRole
from resolvers.identity.tokens import token_hash
from tests.embedded import command
from tests.ports import free_port
from tests.trail.conftest import READ, Watched
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.any_database

SECRET = "t" * 43


async def open_session(watched: Watched) -> str:
    """A session of the administrator; gives its token."""
    school, token = watched.institution_id, f"sgs_{watched.institution_id}_{SECRET}"
    async with owner_session(watched.urls) as session:
        session.add(UserRole(institution_id=school, user_id=watched.user_id, role=Role.ADMIN))
        opened = Session(
            institution_id=school,
            user_id=watched.user_id,
            acting_institution_id=school,
            token_hash=token_hash(token),
            expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=30),
        )
        session.add(opened)
    return token


class Server:
    """A server process over the watched database, and a client that is signed in."""

    def __init__(self, watched: Watched, process: "subprocess.Popen[str]", client: httpx.AsyncClient) -> None:
        self.watched, self.process, self.client = watched, process, client

    async def read(self, request_id: str) -> None:
        """An operation of its own each time, since one that goes on is recorded once."""
        student = f"stu_{self.watched.students[0]}"
        body = {"query": READ.replace("Look", request_id), "variables": {"id": student}}
        answer = await self.client.post("/graphql", json=body, headers={"x-request-id": request_id})
        assert answer.json() == {"data": {"student": {"fullName": "Asha Rao"}}}

    async def end(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)
        await asyncio.to_thread(self.process.communicate, timeout=60)

    async def answers(self) -> bool:
        assert self.process.poll() is None
        with contextlib.suppress(httpx.ConnectError):
            return (await self.client.get("/readyz")).status_code == 200
        return False


@pytest.fixture
async def serving(watched: Watched, tmp_path: Path) -> AsyncIterator[Server]:
    token, port = await open_session(watched), free_port()
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE) as client:
        process = command("serve", "--port", str(port), data=tmp_path, DATABASE_URL=watched.urls.api)
        with process:
            found = Server(watched, process, client)
            try:
                await until(found.answers)
                yield found
            finally:
                if process.poll() is None:
                    await found.end(signal.SIGKILL)


async def test_a_server_that_is_stopped_has_written_everything(serving: Server, watched: Watched) -> None:
    for n in range(5):
        await serving.read(f"r_{n}")
    await serving.end(signal.SIGTERM)

    assert serving.process.returncode == 0
    assert await watched.rows() == [watched.row(purpose=f"r_{n}", request_id=f"r_{n}") for n in range(5)]


async def test_a_server_that_is_killed_has_written_all_but_the_last_moment(serving: Server, watched: Watched) -> None:
    await serving.read("early")

    async def written() -> bool:
        return await watched.rows() == [watched.row(purpose="early", request_id="early")]

    await until(written)
    await serving.read("late")
    await serving.end(signal.SIGKILL)

    early, late = (watched.row(purpose=name, request_id=name) for name in ("early", "late"))
    assert await watched.rows() in ([early], [early, late])
