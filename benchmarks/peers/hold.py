"""Holds the files of the yardstick's databases in memory, for as long as it runs.

    python -m benchmarks.peers.hold large

A kernel may take the pages of files from memory that nobody has read for half a minute, however much is free; virtual
machines are told to, so that their host can use it. Then a run over all operations finds at the disk what the run of a
single one finds in memory, and a server that is asked after another, about the same rows, finds what that one has
fetched. Locked pages stay. The right to read PostgreSQL's files and to lock memory is needed: run it as root. What is
written to new files while it runs is not held.
"""

import argparse
import asyncio
import ctypes
import mmap
import os
import signal
from pathlib import Path

import asyncpg

from benchmarks.peers.places import SIZES, databases, yardstick_url

MCL_FUTURE = 2
DIRECTORIES = "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = ANY ($1)"


async def directories(size: str) -> list[Path]:
    """Where the yardstick's database and ours have their files."""
    connection = await asyncpg.connect(yardstick_url(size))
    try:
        found = await connection.fetch(DIRECTORIES, databases(size))
    finally:
        await connection.close()
    return [Path(directory) for (directory,) in found]


def hold(found: list[Path]) -> list[mmap.mmap]:
    """Map and lock what is in there. Raises OSError where the kernel forbids it, or too little memory would be left."""
    sizes = {file: file.stat().st_size for directory in found for file in directory.iterdir()}
    wanted = sum(sizes.values())
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if wanted > free / 2:
        raise OSError(f"{wanted >> 20} MiB are to be held, and {free >> 20} MiB are free")
    libc = ctypes.CDLL(None, use_errno=True)
    # Whatever is mapped from here on is read and locked at once.
    if libc.mlockall(MCL_FUTURE):
        raise OSError(ctypes.get_errno(), "memory cannot be locked")
    return [_mapped(file) for file, size in sizes.items() if size]


def _mapped(file: Path) -> mmap.mmap:
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", choices=SIZES)
    held = hold(asyncio.run(directories(parser.parse_args().size)))
    print(f"{sum(map(len, held)) >> 20} MiB are held", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
