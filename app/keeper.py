"""Keeps one embedded PostgreSQL running for as long as any process uses it.

A program of its own, which `app.postgres` runs with a plan as its only argument; it needs the standard library alone.
It returns when the server answers, and leaves a process behind, the keeper, in a session of its own, so that Ctrl-C in
a terminal reaches the users of the database first.

Who uses the server is told by two locks, which the kernel drops with their process, however that ended:

users.lock   shared by every process that uses the server; the keeper waits for it alone, then stops the server
keeper.lock  held by the keeper while it lives, so that there is one

The server is a child of the keeper. Should the keeper itself be killed, Linux passes SIGINT on to the server; elsewhere
the next keeper finds the server and stops it.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from app.postmaster import Plan, ServerError, make_cluster, start_until_ready, stop_orphan

USERS, KEEPER = "users.lock", "keeper.lock"
READY = "ready"


def lock(path: Path, kind: int) -> int | None:
    """A lock on the file, given up when the number returned is closed; None where ``LOCK_NB`` finds it taken."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(number, kind)
    except BlockingIOError:
        os.close(number)
        return None
    return number


def taken(path: Path, kind: int) -> bool:
    """Whether somebody holds the lock in a way that shuts out ``kind``."""
    number = lock(path, kind | fcntl.LOCK_NB)
    if number is not None:
        os.close(number)
    return number is None


def stop_when_unused(home: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until nobody uses the server, then stop it; who comes meanwhile waits for its end."""
    lock(Path(home, USERS), fcntl.LOCK_EX)
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signal.SIGINT)


def begin(plan: Plan, reports: IO[str]) -> "subprocess.Popen[bytes] | None":
    """The server, once it answers; None where another keeper came first, or where it does not come up."""
    if lock(Path(plan.home, KEEPER), fcntl.LOCK_EX | fcntl.LOCK_NB) is None:
        reports.write(READY)
        return None
    try:
        stop_orphan(plan)
        make_cluster(plan)
        server = start_until_ready(plan)
    except (ServerError, OSError) as error:
        reports.write(str(error))
        return None
    reports.write(READY)
    return server


def keep(plan: Plan, server: "subprocess.Popen[bytes]") -> int:
    """Stay until the server has ended: unused, stopped by hand, or killed."""
    threading.Thread(target=stop_when_unused, args=(plan.home, server), daemon=True).start()
    server.wait()
    return 0


def detach(home: str) -> None:
    """Leave the caller's terminal, folder and pipes; what goes wrong unforeseen is told in ``keeper.log``."""
    os.setsid()
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    log = os.open(Path(home, "keeper.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    for number, target in ((nowhere, 0), (nowhere, 1), (log, 2)):
        os.dup2(number, target)


def main() -> int:
    """Leave a keeper behind; 0 when the server answers, 1 with the reason on standard error."""
    plan = Plan(**json.loads(sys.argv[1]))
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        detach(plan.home)
        with open(writer, "w") as reports:
            server = begin(plan, reports)
        return keep(plan, server) if server else 0
    os.close(writer)
    with open(reader) as reports:
        said = reports.read()
    if said != READY:
        print(said or f"the keeper of the database failed: see {plan.home}/keeper.log", file=sys.stderr)
    return int(said != READY)


if __name__ == "__main__":
    sys.exit(main())
