"""Rows as columns: what a table's COPY takes, made from objects or filled piece by piece."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

Columns = Mapping[str, Sequence[Any]]
# How many rows, columns with a value for each row, columns with one value for all.
Piece = tuple[int, Mapping[str, Sequence[Any]], Mapping[str, Any]]
CHUNK = 50_000


def columns_of(things: Sequence[object], names: str, **paths: str) -> Columns:
    """`names` are attributes called as their columns, `paths` say where else a column is: `year_id="year.id"`."""
    places = {name: name for name in names.split()} | paths
    return {name: list(map(attrgetter(path), things)) for name, path in places.items()}


class Page:
    """Columns being filled."""

    def __init__(self, names: str) -> None:
        self.columns: dict[str, list[Any]] = {name: [] for name in names.split()}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def add(self, piece: Piece) -> None:
        count, lists, same = piece
        for name, values in lists.items():
            self.columns[name] += values
        for name, value in same.items():
            self.columns[name] += [value] * count


def paged(names: str, pieces: Iterable[Piece]) -> Iterator[Columns]:
    """The pieces put together to pages of about `CHUNK` rows."""
    page = Page(names)
    for piece in pieces:
        page.add(piece)
        if len(page) >= CHUNK:
            yield page.columns
            page = Page(names)
    if len(page):
        yield page.columns
