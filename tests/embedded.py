"""Helpers of the tests that start embedded databases, and a program that uses one until its standard input ends."""

import asyncio
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg

from app.postgres import cluster
from app.postmaster import state
from app.settings import ROOT, Settings
from app.urls import Urls
from tests.sealing import ENVIRONMENT

# A killed process loses nothing of what the system has taken, and no test cuts the power.
QUICK = {"fsync": "off"}

# Seconds, after which something will not come about: a busy machine takes its time over it.
PATIENCE = 120


def reachable_folder() -> Path:
    """As root the server runs as somebody else, who cannot enter pytest's own folders."""
    folder = Path(tempfile.mkdtemp(prefix="sg-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@contextlib.contextmanager
def removed(folder: Path) -> Iterator[Path]:
    """The folder, removed in the end, once servers in it have stopped: that of a killed user takes its time."""
    yield folder
    assert eventually(lambda: stopped(folder))
    shutil.rmtree(folder)


def used(data: Path, **options: str) -> contextlib.AbstractContextManager[Urls]:
    return cluster(Settings(data=data, database_url=None), options=QUICK | options)


def ask(url: str | None, sql: str) -> Any:
    """The first value that the statement gives."""

    async def fetch() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    # A loop of its own factory leaves the suite's loop alone.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(fetch())


class Holder:
    """Another process that uses the database."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded", str(data)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
            text=True,
        )

    @functools.cached_property
    def url(self) -> str:
        """Known once the server answers; empty where it does not come up."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.killpg(self.process.pid, number)
        self.process.communicate(timeout=60)


@contextlib.contextmanager
def holder(data: Path, *, wait: bool = True) -> Iterator[Holder]:
    made = Holder(data)
    try:
        if wait:
            assert made.url
        yield made
    finally:
        if made.process.poll() is None:
            made.kill()


def homes(data: Path) -> list[Path]:
    return [each.parent for each in data.glob("postgres-*/data")]


def home(data: Path) -> Path:
    [found] = homes(data)
    return found


def stopped(data: Path) -> bool:
    return all(state(str(each / "socket")) == "absent" for each in homes(data))


def postmaster(data: Path) -> int:
    return int((home(data) / "data" / "postmaster.pid").read_text().split()[0])


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def command(*arguments: str, data: Path, **environment: str) -> "subprocess.Popen[str]":
    """`python -m app …` with a folder for its data, and without the settings of this process but for PG_BIN.

    Where it is told of a database it is told the keys of the suite too.
    """
    keys = ENVIRONMENT if "DATABASE_URL" in environment else {}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "SCHOOLGRAPH_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=kept | {"SCHOOLGRAPH_DATA": str(data)} | keys | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
        text=True,
    )


if __name__ == "__main__":
    with used(Path(sys.argv[1])) as found:
        print(found.admin, flush=True)
        sys.stdin.read()
