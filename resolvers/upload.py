"""A file that came with an operation."""

import asyncio
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, eq=False)
class Upload:
    """`name` is the file's as the client has it, `size` in bytes, `sha256` that of the content.

    What the client says of its type is not kept: types are found from the content. It can be read until the operation
    ends, and again where the operation is repeated.
    """

    name: str
    size: int
    sha256: bytes
    file: IO[bytes]

    async def read(self) -> bytes:
        """All of it; MAX_FILE_UPLOAD_MB is the most that there can be."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> bytes:
        self.file.seek(0)
        return self.file.read()
