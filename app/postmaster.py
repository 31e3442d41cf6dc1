"""One PostgreSQL server as a child process: made, started, asked how it is, stopped. The standard library alone.

It listens on a socket in a folder that only its user enters; that folder is the access control.
"""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

PORT = 5432
PR_SET_PDEATHSIG = 1
# Processes of a killed server live on until they notice; a new one has to wait for them.
ATTEMPTS, PAUSE = 40, 0.25


class ServerError(Exception):
    """The server could not be made or started; the message says why, as PostgreSQL said it."""


@dataclass(frozen=True)
class Plan:
    """What to run, where. ``user`` and ``group`` are the ids to run as where we are root, which PostgreSQL refuses."""

    home: str
    sockets: str
    programs: str
    libraries: str | None
    options: dict[str, str] = field(default_factory=dict)
    user: int | None = None
    group: int | None = None

    @property
    def data(self) -> Path:
        return Path(self.home, "data")

    def command(self, program: str, *arguments: str) -> list[str]:
        return [str(Path(self.programs, program)), *arguments]

    def account(self) -> dict[str, Any]:
        """The keywords of ``subprocess`` that make a program run as the server's user."""
        return {} if self.user is None else {"user": self.user, "group": self.group, "extra_groups": []}

    def environment(self) -> dict[str, str]:
        """Neither libpq's variables nor a language: the server's messages are read here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return kept | {"LC_ALL": "C"} | ({"LD_LIBRARY_PATH": self.libraries} if self.libraries else {})


def state(sockets: str) -> str:
    """What a server says to a new connection: ``ready``, ``busy`` (starting or stopping) or ``absent``."""
    words = b"user\0postgres\0database\0postgres\0\0"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(f"{sockets}/.s.PGSQL.{PORT}")
            connection.sendall(struct.pack("!II", len(words) + 8, 196608) + words)
            answer = connection.recv(1024)
    except (FileNotFoundError, ConnectionRefusedError):
        return "absent"
    except OSError:
        # Too many wait for it, or it hangs up because it is going down.
        return "busy"
    # 57P03 is "cannot connect now". Any other refusal, as of one connection too many, comes from a server that works.
    return "busy" if not answer or b"57P03" in answer else "ready"


def make_cluster(plan: Plan) -> None:
    """Make the data folder beside its place, so that one cut short is never taken for a whole one."""
    if plan.data.exists():
        return
    unfinished = plan.data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if plan.user is not None and plan.group is not None:
        os.chown(unfinished, plan.user, plan.group)
    command = plan.command("initdb", "-D", str(unfinished), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    sync = ["--no-sync"] if plan.options.get("fsync") == "off" else []
    made = subprocess.run(
        [*command, "--locale=C.UTF-8", *sync],
        cwd="/",
        env=plan.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **plan.account(),
    )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ServerError(made.stderr.strip() or f"initdb ended with status {made.returncode}")
    unfinished.rename(plan.data)


def stop_orphan(plan: Plan) -> None:
    """Stop a server whose keeper was killed where the kernel does not see to it."""
    if state(plan.sockets) == "absent":
        return
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, IndexError):
        os.kill(int((plan.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    while state(plan.sockets) != "absent":
        time.sleep(0.02)


def die_with_parent(parent: int) -> None:
    """Runs in the server's process before its program does, once it is the server's user."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)


def start(plan: Plan, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start the server; it is ready later, or has ended by then."""
    options = [part for name, value in plan.options.items() for part in ("-c", f"{name}={value}")]
    command = plan.command("postgres", "-D", str(plan.data), "-k", plan.sockets, "-h", "", "-p", str(PORT), *options)
    parent = os.getpid()
    return subprocess.Popen(
        command, cwd="/", env=plan.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        process_group=0, preexec_fn=lambda: die_with_parent(parent), **plan.account(),
    )  # fmt: skip


def _private(path: str, flags: int) -> int:
    """A refused statement is in the log with its values."""
    return os.open(path, flags, 0o600)


def start_until_ready(plan: Plan) -> "subprocess.Popen[bytes]":
    """A server that answers. Raises ServerError with the end of its log when it does not come up."""
    path = Path(plan.home, "server.log")
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_suffix(".log.1"))
    for _ in range(ATTEMPTS):
        with open(path, "ab", opener=_private) as log:
            begin = log.tell()
            server = start(plan, log)
        while server.poll() is None:
            if state(plan.sockets) == "ready":
                return server
            time.sleep(0.005)
        said = path.read_bytes()[begin:].decode(errors="replace")
        if not clear(plan, said):
            break
        time.sleep(PAUSE)
    raise ServerError(said.strip() or f"postgres ended with status {server.returncode}")


def clear(plan: Plan, said: str) -> bool:
    """Whether a start that failed in this way may be tried again: what is left of a killed server is in the way.

    Its lock file may name a process that is not yet reaped or, in a container, an unrelated one. We hold the keeper's
    lock and nobody answers at the socket, so the file is void; shared memory that is still in use is guarded apart.
    """
    found = re.search(r'lock file "([^"]+)" already exists', said)
    if found:
        (plan.data / found[1]).unlink(missing_ok=True)
    return found is not None or "shared memory block" in said
