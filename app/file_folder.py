"""Files in a folder of this machine, or of one that several servers share."""

import asyncio
import contextlib
import datetime
import os
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from app.threads import in_thread
from resolvers.files.store import FileMissing

# A school's key and a hash, or what one begins with that is being written: nothing that leads out of the folder.
LOCATION = re.compile(r"([0-9]+)/([0-9a-f]{2})([0-9a-f]{62}|\.[0-9a-f]{16})")


class FileFolder:
    """A `resolvers.files.store.FileStore`; only the server's own user can read what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, location: str, content: bytes, content_type: str) -> None:
        """Whoever gives up waiting is kept until the thread has ended.

        So nothing comes to be there later, when it has been seen to that nothing is.
        """
        await in_thread(self._put, self._path(location), content)

    async def get(self, location: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(location).read_bytes)
        except FileNotFoundError:
            raise FileMissing(location) from None

    async def remove(self, location: str) -> None:
        await asyncio.to_thread(self._path(location).unlink, missing_ok=True)

    async def left(self, institution_id: int, before: datetime.datetime) -> AsyncIterator[str]:
        for location in await asyncio.to_thread(self._left, institution_id, before.timestamp()):
            yield location

    async def close(self) -> None:
        return None

    def _path(self, location: str) -> Path:
        """Below the school's folder by the first two digits, so that no folder has too many files."""
        parts = LOCATION.fullmatch(location)
        if parts is None:
            raise ValueError(f"{location!r} is no location of a file")
        return self.folder / parts[1] / parts[2] / parts[3]

    def _left(self, institution_id: int, before: float) -> list[str]:
        found = []
        for path in sorted((self.folder / str(institution_id)).glob("*/*")):
            with contextlib.suppress(FileNotFoundError):
                location = f"{institution_id}/{path.parent.name}{path.name}"
                if path.stat().st_mtime < before and LOCATION.fullmatch(location):
                    found.append(location)
        return found

    def _put(self, path: Path, content: bytes) -> None:
        """Write it beside its place, and move it there when it is on the disk as a whole."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()
            raise
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the disk know what the folder holds."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
