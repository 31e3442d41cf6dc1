"""What a case of the corpus is, and how one is made from a sound package."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.importing.packages import Tables, files, sound, write_zip

Content = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    name: str
    code: str
    file: str | None
    line: int | None
    build: Callable[[Path], Path]


def rows(name: str, code: str, where: str, change: Callable[[Tables], object]) -> Case:
    """`where` is `users.csv:3`."""

    def build(folder: Path) -> Path:
        tables = sound()
        change(tables)
        return write_zip(folder / "package.zip", files(tables))

    file, _, line = where.partition(":")
    return Case(name, code, file, int(line) if line else None, build)


def edit(name: str, code: str, where: str, column: str, value: str) -> Case:
    """One cell of a sound package is changed."""
    file, _, line = where.partition(":")

    def change(tables: Tables) -> None:
        tables[file.removesuffix(".csv")][int(line) - 2][column] = value

    return rows(name, code, where, change)


def content(name: str, code: str, file: str | None, line: int | None, change: Callable[[Content], object]) -> Case:
    def build(folder: Path) -> Path:
        written = files(sound())
        change(written)
        return write_zip(folder / "package.zip", written)

    return Case(name, code, file, line, build)


def whole(name: str, code: str, file: str | None, build: Callable[[Path], Path]) -> Case:
    return Case(name, code, file, None, build)
