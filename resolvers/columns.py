"""Many objects of one kind, kept column by column: where whole columns are told, none of the objects is made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import attrgetter, eq
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
# What follows from other columns: by name a function, and the columns whose values it takes.
Derived = Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]]


class Table(Generic[T]):
    """Columns of objects of the dataclass `kind`, by the names of its fields, at least one.

    Where some are left out, no object can be made. `derived` are the properties that can be told without an object.
    """

    def __init__(self, kind: Callable[..., T], columns: Mapping[str, Sequence[Any]], derived: Derived) -> None:
        self.kind = kind
        self.columns = columns
        self.derived = derived
        self.length = len(next(iter(columns.values())))

    @property
    def all(self) -> "Columns[T]":
        return Columns(self, 0, self.length)

    def object(self, place: int) -> T:
        return self.kind(**{name: column[place] for name, column in self.columns.items()})

    def column(self, name: str) -> Iterable[Any]:
        """The values of a field, or of a property, of all of them."""
        if name in self.columns:
            return self.columns[name]
        if name in self.derived:
            function, names = self.derived[name]
            return map(function, *map(self.column, names))
        return map(attrgetter(name), map(self.object, range(self.length)))


class Columns(Sequence[T]):
    """The objects of a table from one place to before another; each is made when it is asked for."""

    __slots__ = ("start", "stop", "table")

    def __init__(self, table: Table[T], start: int, stop: int) -> None:
        self.table = table
        self.start = start
        self.stop = stop

    def __len__(self) -> int:
        return self.stop - self.start

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        found = range(self.start, self.stop)[place]
        if isinstance(found, int):
            return self.table.object(found)
        return list(map(self.table.object, found))


def columns_of(parts: Sequence[Sequence[Any]]) -> Callable[[str], Iterable[Any]]:
    """What gives the values of an attribute of the objects of several lists, one after the other."""
    table = _table_of(parts)
    return partial(_attributes, parts) if table is None else table.column


def _attributes(parts: Sequence[Sequence[Any]], name: str) -> Iterable[Any]:
    return map(attrgetter(name), chain.from_iterable(parts))


def _table_of(parts: Sequence[Sequence[Any]]) -> Table[Any] | None:
    """The table that the parts are together, from its first object to its last; None where they are not."""
    spans = [part for part in parts if isinstance(part, Columns)]
    if not spans or len(spans) < len(parts):
        return None
    table, ends = spans[0].table, [0, *(span.stop for span in spans)]
    whole = ends[-1] == table.length and all(span.table is table for span in spans)
    return table if whole and all(map(eq, ends, (span.start for span in spans))) else None
