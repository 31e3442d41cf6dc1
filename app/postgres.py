"""The database of this process: the one that DATABASE_URL names, or an embedded PostgreSQL.

The embedded one is shared: the first process that wants it starts it, others join, and it stops when the last one is
gone, be it by its own end, by Ctrl-C or killed. `app.keeper` sees to that. Its files are kept from run to run.
"""

import contextlib
import dataclasses
import errno
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.binaries import find_binaries
from app.keeper import KEEPER, USERS, lock, taken
from app.places import DatabaseError, cluster_folder, server_account, socket_folder
from app.postmaster import Plan, state
from app.settings import ROOT, Settings
from app.urls import Urls, socket_url

__all__ = ["OPTIONS", "DatabaseError", "cluster"]

DATABASE = "schoolgraph"
# For one machine that has other work to do too.
OPTIONS = {
    "cluster_name": "schoolgraph",
    "effective_cache_size": "1GB",
    "log_line_prefix": "%m [%p] %d ",
    "log_timezone": "UTC",
    "maintenance_work_mem": "128MB",
    "max_locks_per_transaction": "256",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "work_mem": "16MB",
    # Compiling a statement to machine code costs more than our short statements run.
    "jit": "off",
}
READY_SECONDS = 300


@contextlib.contextmanager
def cluster(settings: Settings, *, options: Mapping[str, str] | None = None) -> Iterator[Urls]:
    """The URLs of the database, which runs while the context is open.

    `options` are PostgreSQL's own, by name; they count for the process that starts the server, not for one that joins.
    Raises DatabaseError where there is no database to be had.
    """
    if settings.database_url is not None:
        yield Urls(api=settings.database_url, owner=settings.database_owner_url, admin=None)
        return
    with plain_errors(settings.data):
        plan = make_plan(settings, OPTIONS | dict(options or {}))
    with _joined(plan):
        yield Urls(
            api=socket_url("schoolgraph_api", DATABASE, plan.sockets),
            owner=socket_url("schoolgraph_owner", DATABASE, plan.sockets),
            admin=socket_url("postgres", "postgres", plan.sockets),
        )


@contextlib.contextmanager
def plain_errors(data: Path) -> Iterator[None]:
    """What the system refuses, in words for whoever started the program."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DatabaseError(f"The disk is full: there is no room left for {error.filename or data}") from error
        raise DatabaseError(f"The folder of the database cannot be used: {error}") from error


def make_plan(settings: Settings, options: Mapping[str, str]) -> Plan:
    """Which programs to run, as whom and where; makes the folders for it."""
    account = server_account()
    binaries = find_binaries(settings.pg_bin, account)
    home = cluster_folder(settings.data, f"postgres-{binaries.major}", account)
    return Plan(
        home=str(home),
        sockets=str(socket_folder(home, account)),
        programs=str(binaries.programs),
        libraries=str(binaries.libraries) if binaries.libraries else None,
        options=dict(options),
        user=account.user if account else None,
        group=account.group if account else None,
    )


@contextlib.contextmanager
def _joined(plan: Plan) -> Iterator[None]:
    """Count as a user of the server, which is up by then; the last one out waits until it is down."""
    # Waits while a keeper is stopping the server: it is then started anew.
    users = lock(Path(plan.home, USERS), fcntl.LOCK_SH)
    assert users is not None
    try:
        _await_server(plan)
        yield
    finally:
        os.close(users)
        _await_end(plan)


def _await_server(plan: Plan) -> None:
    keeper, deadline = Path(plan.home, KEEPER), time.monotonic() + READY_SECONDS
    while True:
        if not taken(keeper, fcntl.LOCK_SH):
            _run_keeper(plan)
        elif state(plan.sockets) == "ready":
            return
        elif time.monotonic() > deadline:
            raise DatabaseError(f"PostgreSQL is not ready after {READY_SECONDS} s: see {plan.home}/server.log")
        else:
            time.sleep(0.01)


def _run_keeper(plan: Plan) -> None:
    """Returns when the server answers. Without `site` the keeper starts in half the time."""
    started = subprocess.run(
        [sys.executable, "-E", "-S", "-m", "app.keeper", json.dumps(dataclasses.asdict(plan))],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        check=False,
    )
    if started.returncode == 0:
        return
    said = started.stderr.strip()
    if os.strerror(errno.ENOSPC) in said:
        raise DatabaseError(f"The disk is full: there is no room left for {plan.home}")
    raise DatabaseError(f"PostgreSQL does not start; what it said is in {plan.home}/server.log:\n{said}")


def _await_end(plan: Plan) -> None:
    """Wait until the server is down, unless others use it.

    The keeper wakes up when the last user has let go, and shuts everybody out while it stops the server.
    """
    users, keeper = Path(plan.home, USERS), Path(plan.home, KEEPER)
    while taken(keeper, fcntl.LOCK_SH):
        if taken(users, fcntl.LOCK_EX) and not taken(users, fcntl.LOCK_SH):
            return
        time.sleep(0.005)
