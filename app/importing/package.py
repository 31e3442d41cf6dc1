"""A package of CSV files, a zip or a folder, opened without trusting it.

Refused are: what is no zip, or a damaged or encrypted one; paths and folders in names, links; two files of one name;
more files, more bytes or a tighter compression than any honest package has.
"""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from app.importing.diagnostics import Broken, Findings, error, warning

MAX_FILES = 100
MAX_BYTES = 4 * 1024**3
MAX_RATIO = 200
# Below this size a high ratio does no harm: an empty table of long headers compresses well.
RATIO_FROM_BYTES = 5 * 1024**2


@dataclass(frozen=True)
class Limits:
    """How much a package may hold: files, bytes when unpacked, and bytes for each packed byte."""

    files: int = MAX_FILES
    size: int = MAX_BYTES
    ratio: int = MAX_RATIO


class Package:
    """The files of a package by their name in lower case."""

    def __init__(self, folder: Path | None, archive: zipfile.ZipFile | None) -> None:
        self._folder = folder
        self._archive = archive
        self.names: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def add(self, name: str, size: int) -> None:
        known = self.names.get(name.lower())
        if known is not None:
            raise Broken(error("duplicate_file", f"the package holds both {known} and {name}", name))
        self.names[name.lower()] = name
        self.sizes[name.lower()] = size

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a file. Raises Broken where the zip turns out to be damaged while it is read."""
        stored = self.names[name.lower()]
        try:
            if self._archive is not None:
                with self._archive.open(stored) as packed:
                    yield packed
            else:
                assert self._folder is not None
                with (self._folder / stored).open("rb") as file:
                    yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
            raise Broken(error("zip_damaged", f"cannot be unpacked: {fault}", name)) from fault


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise Broken(error("unsafe_path", "a file name that leads out of the package", name, value=name))
    if len(path.parts) > 1:
        raise Broken(error("nested_folder", "the files have to be at the top of the package", name, value=name))


def _check_sizes(sizes: dict[str, int], packed: dict[str, int], limits: Limits) -> None:
    if sum(sizes.values()) > limits.size:
        raise Broken(error("too_large", f"unpacked, the package has more than {limits.size:,} bytes"))
    for name, size in sizes.items():
        if size > RATIO_FROM_BYTES and size > limits.ratio * max(packed[name], 1):
            raise Broken(error("zip_bomb", f"unpacks to more than {limits.ratio} times its size", name))


def _wanted(name: str, findings: Findings) -> bool:
    """Leftovers of file managers are passed over in silence, other strangers with a word."""
    if name.startswith((".", "__MACOSX/")) or name.endswith("/"):
        return False
    if not name.lower().endswith(".csv"):
        findings.add(warning("unknown_file", "is no CSV file, and is left out", name))
        return False
    return True


def _read_archive(archive: zipfile.ZipFile, limits: Limits, findings: Findings) -> Package:
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise Broken(error("too_many_files", f"{len(entries)} files; a package has at most {limits.files}"))
    package = Package(None, archive)
    packed: dict[str, int] = {}
    for entry in entries:
        name = entry.filename
        if name.startswith("__MACOSX/"):
            continue
        _check_name(name.removesuffix("/") if entry.is_dir() else name)
        if entry.flag_bits & 0x1:
            raise Broken(error("zip_encrypted", "is encrypted", name))
        if _wanted(name, findings):
            package.add(name, entry.file_size)
            packed[name.lower()] = entry.compress_size
    _check_sizes(package.sizes, packed, limits)
    return package


def _read_folder(folder: Path, limits: Limits, findings: Findings) -> Package:
    entries = sorted(folder.iterdir())
    if len(entries) > limits.files:
        raise Broken(error("too_many_files", f"{len(entries)} files; a package has at most {limits.files}"))
    package = Package(folder, None)
    for entry in entries:
        if entry.is_symlink():
            raise Broken(error("unsafe_path", "is a link, which may lead out of the package", entry.name))
        if not entry.is_dir() and _wanted(entry.name, findings):
            package.add(entry.name, entry.stat().st_size)
    _check_sizes(package.sizes, package.sizes, limits)
    return package


@contextlib.contextmanager
def open_package(path: Path, findings: Findings, limits: Limits | None = None) -> Iterator[Package]:
    """The package at `path`, a zip or a folder. Raises Broken where it cannot be read or must not be trusted."""
    limits = limits or Limits()
    if not path.exists():
        raise Broken(error("not_found", f"there is no {path.name}", path.name))
    if path.is_dir():
        yield _read_folder(path, limits, findings)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as fault:
        raise Broken(error("zip_damaged", f"is no zip, or a damaged one: {fault}", path.name)) from fault
    with archive:
        yield _read_archive(archive, limits, findings)


def single_file(path: Path, limits: Limits | None = None) -> Package:
    """A package of one file that is no archive. Raises Broken where there is none."""
    limits = limits or Limits()
    if not path.is_file():
        raise Broken(error("not_found", f"there is no file {path.name}", path.name))
    package = Package(path.parent, None)
    package.add(path.name, path.stat().st_size)
    _check_sizes(package.sizes, package.sizes, limits)
    return package
