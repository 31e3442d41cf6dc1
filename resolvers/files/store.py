"""Where the bytes of files are, whatever keeps them."""

import datetime
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Unsettled:
    """Bytes of which it is to be seen whether a row tells of them."""

    institution_id: int
    location: str


class FileMissing(LookupError):
    """The store has nothing there."""


class FileStore(Protocol):
    """Content by location: the school's key and the SHA-256 of the content, so that it never changes."""

    async def put(self, location: str, content: bytes, content_type: str) -> None:
        """Keep it: once this returns it is there as a whole, whatever becomes of the process."""

    async def get(self, location: str) -> bytes:
        """Raises FileMissing."""

    async def remove(self, location: str) -> None:
        """Nothing is there afterwards, nor need be before."""

    def left(self, institution_id: int, before: datetime.datetime) -> AsyncIterator[str]:
        """Locations of what there is of a school, put before an instant; also of what has never become whole."""

    async def close(self) -> None:
        """Give up what it holds open."""
