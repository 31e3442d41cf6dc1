"""Ports of this machine that nobody else takes before a test has used them."""

import contextlib
import fcntl
import itertools
import os
import socket
import tempfile
from pathlib import Path

from app.keeper import lock

# Below those that the system gives to whoever asks for any, and to connections that go out.
FIRST, COUNT = 20000, 10000
_begin = itertools.count(os.getpid() * 7)
# Held until the process ends.
_locks: list[int] = []


def free_port() -> int:
    """A port on which nothing listens, promised to this process as long as it lives."""
    for number in itertools.islice(_begin, COUNT):
        port = FIRST + number % COUNT
        if _promised(port) and _is_free(port):
            return port
    raise AssertionError("no port is free")


def _promised(port: int) -> bool:
    # Who runs the tests as somebody else has files of their own.
    place = Path(tempfile.gettempdir(), f"schoolgraph-tests-{os.getuid()}")
    place.mkdir(exist_ok=True)
    held = lock(place / str(port), fcntl.LOCK_EX | fcntl.LOCK_NB)
    if held is not None:
        _locks.append(held)
    return held is not None


def _is_free(port: int) -> bool:
    with socket.socket() as tried, contextlib.suppress(OSError):
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(("127.0.0.1", port))
        return True
    return False
