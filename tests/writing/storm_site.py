"""PostgreSQL and the API's server as processes of their own, which are killed and come back."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from app.database import Database
from app.main import create_app
from app.owner import owner_session
from app.postgres import cluster
from app.settings import ROOT, Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.identity.tokens import Kind, new_token, token_hash
from resolvers.institution.institution import create_institution
from tests.academics.marking import Class, create_class
from tests.conftest import School
from tests.database import copy, make_template
from tests.embedded import postmaster
from tests.factories import create_key, create_subject, gid
from tests.http.conftest import listening
from tests.ports import free_port
from tests.sealing import ENVIRONMENT

NAME = "storm"
SESSIONS = "FROM pg_stat_activity WHERE usename = 'schoolgraph_api' AND datname = current_database()"
END_ALL = f"SELECT count(pg_terminate_backend(pid)) {SESSIONS}"
ONE = f"SELECT pid {SESSIONS} ORDER BY random() LIMIT 1"


@dataclass
class Site:
    """`options` are PostgreSQL's; `urls` those of the storm's database, `address` the server's."""

    folder: Path
    options: Mapping[str, str]
    urls: Urls = field(init=False)
    server: "subprocess.Popen[bytes] | None" = None
    port: int = field(default_factory=free_port)
    # Where clients find a server, whether or not it is up.
    addresses: list[str] = field(default_factory=list)
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    # One thread, so that nothing is started while something is killed.
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def aside(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self.thread, work)

    def run_database(self) -> Urls:
        """Start PostgreSQL, unless it runs; it recovers where it was killed."""
        settings = Settings(data=self.folder, database_url=None)
        return self.stack.enter_context(cluster(settings, options=self.options))

    def run_server(self) -> None:
        """Start the server; it is up some seconds later."""
        environment = {**os.environ, **ENVIRONMENT, "DATABASE_URL": self.urls.api, "SCHOOLGRAPH_DATA": str(self.folder)}
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port)]
        with open(self.folder / "serve.log", "ab") as log:
            self.server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, process_group=0)

    def stop_server(self) -> None:
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    async def ready(self) -> None:
        """Wait until the server answers."""
        async with httpx.AsyncClient(base_url=self.address) as client, asyncio.timeout(120):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/readyz")).is_success:
                        return
                await asyncio.sleep(0.05)

    async def administer(self, sql: str) -> object:
        connection = await asyncpg.connect(asyncpg_url(self.urls.admin or ""))
        try:
            return await connection.fetchval(sql)
        finally:
            connection.terminate()

    async def kill_server(self) -> None:
        """The server is killed, whatever it is at, and comes back."""
        await self.aside(self.stop_server)
        await self.aside(self.run_server)
        await self.ready()

    async def join(self) -> None:
        """Clients use the server beside the other one, from when it is up."""
        await self.ready()
        self.addresses.append(self.address)

    async def lose_server(self) -> None:
        """The server is killed, whatever it is at, and does not come back: the other one is left."""
        await self.aside(self.stop_server)
        self.addresses.remove(self.address)

    async def end_sessions(self) -> None:
        """The server's sessions are ended."""
        await self.administer(END_ALL)

    async def kill_session(self) -> None:
        """One of the server's sessions is killed, after which PostgreSQL ends all of them and recovers."""
        if (pid := await self.administer(ONE)) is not None:
            os.kill(int(str(pid)), signal.SIGKILL)
        await self._recovered()

    async def restart(self, number: signal.Signals) -> None:
        """PostgreSQL is stopped by a signal, and started again."""
        pid = postmaster(self.folder)

        def again() -> None:
            os.kill(pid, number)
            while _runs(pid):
                pass
            self.run_database()

        await self.aside(again)

    async def _recovered(self) -> None:
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(asyncpg.PostgresError, OSError):
                    await self.administer("SELECT 1")
                    return
                await asyncio.sleep(0.05)

    def disturbances(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "server killed": self.kill_server,
            "server lost": self.lose_server,
            "PostgreSQL killed": lambda: self.restart(signal.SIGKILL),
            "PostgreSQL stopped at once": lambda: self.restart(signal.SIGQUIT),
            "PostgreSQL restarted": lambda: self.restart(signal.SIGINT),
            "session killed": self.kill_session,
            "sessions ended": self.end_sessions,
        }


def _runs(pid: int) -> bool:
    """Whether a process lives that is not ours to wait for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.asynccontextmanager
async def other_server(made: Site) -> AsyncIterator[None]:
    """A server in this process, which is up at once and stays."""
    database = await Database.open(made.urls, Settings(database_url=None))
    try:
        async with listening(create_app(Settings(database_url=None), database)) as port:
            made.addresses.append(f"http://127.0.0.1:{port}")
            yield
    finally:
        await database.close()


@dataclass
class Place:
    """The school in which it storms: a class, what it is marked in, and a program's key with its office's rights."""

    site: Site
    school: School
    given: Class
    subject: str
    key: str
    chance: random.Random


@contextlib.asynccontextmanager
async def site(folder: Path, chance: random.Random, size: int, **options: str) -> AsyncIterator[Place]:
    """A new database with a class of so many, and a server over it, which is up some seconds later."""
    made = Site(folder, {"max_connections": "60", **options})
    try:
        urls = made.run_database()
        await make_template(urls)
        made.urls = await copy(urls, NAME)
        made.run_server()
        yield await _fill(made, chance, size)
    finally:
        await made.aside(made.stop_server)
        made.thread.shutdown()
        made.stack.close()


async def _fill(made: Site, chance: random.Random, size: int) -> Place:
    async with owner_session(made.urls) as session:
        institution = await create_institution(session, "GAMMA", "Gamma School")
        school = School(institution.id, "GAMMA")
        given = await create_class(session, school, size)
        key = new_token(Kind.KEY, school.id)
        await create_key(session, school, key_hash=token_hash(key), role=Role.REGISTRAR)
        return Place(made, school, given, gid(await create_subject(session, school)), key, chance)
