"""A form that comes in piece by piece → its parts: texts first, then files; what is too much is refused at once."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from python_multipart.multipart import parse_options_header

from app.failures import Refusal
from app.status import Outcome
from resolvers.institution.upload_size import MEGABYTE, SETTING
from resolvers.upload import Upload

IN_MEMORY = MEGABYTE
LONGEST_NAME = 200
TEXTS = ("operations", "map")


@dataclass(frozen=True)
class UploadBounds:
    """`text` is in bytes, of `operations` and `map` together; `files` how many there may be, `megabytes` of all."""

    text: int
    files: int
    megabytes: int

    @property
    def request(self) -> int:
        """Bytes of a whole request."""
        return self.megabytes * MEGABYTE + self.text

    def too_large(self) -> Refusal:
        message = f"The files are larger than {self.megabytes} MB, the most that the school accepts ({SETTING})"
        return Refusal.of(Outcome.TOO_LARGE, message, headers={"connection": "close"})


def malformed(message: str) -> Refusal:
    return Refusal.of(Outcome.MALFORMED, message)


class Part:
    """One part while it comes in; `file_name` is None of a text."""

    def __init__(self, name: str, file_name: str | None, file: IO[bytes]) -> None:
        self.name = name
        self.file_name = file_name
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self.digest.update(data)
        self.file.write(data)

    def read(self) -> bytes:
        self.file.seek(0)
        return self.file.read()

    def upload(self) -> Upload:
        return Upload(self.file_name or "", self.size, self.digest.digest(), self.file)


class Parts:
    """Hears from the parser what comes, and refuses what is too much at once."""

    def __init__(self, bounds: UploadBounds) -> None:
        self.bounds = bounds
        self.found: list[Part] = []
        self.ended = False
        self._files = ExitStack()
        self._field = b""
        self._value = b""
        self._headers: dict[bytes, bytes] = {}

    @property
    def callbacks(self) -> Any:
        names = ("on_part_begin", "on_header_field", "on_header_value", "on_header_end", "on_headers_finished")
        found: dict[str, Callable[..., None]] = {name: getattr(self, name) for name in names}
        return found | {"on_part_data": self.on_part_data, "on_end": self.on_end}

    def on_part_begin(self) -> None:
        self._headers = {}

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name, file_name = (_text(options[each]) if each in options else None for each in (b"name", b"filename"))
        if name is None:
            raise malformed("A part of the form has no name")
        self._check(name, file_name)
        self.found.append(Part(name, file_name, self._files.enter_context(_file())))

    def _check(self, name: str, file_name: str | None) -> None:
        place = len(self.found)
        if place < len(TEXTS):
            if name != TEXTS[place] or file_name is not None:
                raise malformed(f"The form must begin with `operations` and `map`, but its part {place} is {name!r}")
        elif file_name is None:
            raise malformed(f"The part {name!r} of the form is no file: it has no file name")
        elif any(part.name == name for part in self.found):
            raise malformed(f"The form has two parts named {name!r}")
        elif place - len(TEXTS) >= self.bounds.files:
            raise malformed(f"There are more than {self.bounds.files} files in the request, the most that is accepted")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.found[-1].write(data[start:end])
        texts, files = self.found[: len(TEXTS)], self.found[len(TEXTS) :]
        if sum(part.size for part in texts) > self.bounds.text:
            message = f"`operations` and `map` are larger than {self.bounds.text} bytes, the most that is accepted"
            raise Refusal.of(Outcome.TOO_LARGE, message, headers={"connection": "close"})
        if sum(part.size for part in files) > self.bounds.megabytes * MEGABYTE:
            raise self.bounds.too_large()

    def on_end(self) -> None:
        self.ended = True

    def close(self) -> None:
        """Forget what has come in."""
        self._files.close()


def _file() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


def _text(name: bytes) -> str:
    try:
        return name.decode()[:LONGEST_NAME]
    except UnicodeDecodeError:
        raise malformed("A name in the form is not in UTF-8") from None
