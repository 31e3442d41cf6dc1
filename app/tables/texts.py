"""Files that are sent as they come: CSV (RFC 4180) and JSON lines."""

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from app.tables.forms import Forms, harmless
from schema.tables.cells import objects_of, rows_of
from schema.tables.shape import Column, Group, Lists

BOM = "\ufeff"


class TextFile(ABC):
    """A file in parts of bytes, and how many rows it has so far."""

    def __init__(self) -> None:
        self.rows = 0

    @abstractmethod
    def begin(self) -> bytes:
        """What comes before the rows."""

    @abstractmethod
    def part(self, value: Any) -> bytes:
        """The rows of an answer."""


class Csv(TextFile):
    """Lines end in CR LF; a cell is quoted where it holds the delimiter, a quote or the end of a line."""

    def __init__(self, table: Group, lists: Lists | None, forms: Forms, *, delimiter: str, bom: bool) -> None:
        super().__init__()
        self.table = table
        self.lists = lists
        self.forms = forms
        self.delimiter = delimiter
        self.bom = bom

    def begin(self) -> bytes:
        names = self._lines([[harmless(column.name) for column in self.table.columns]])
        return ((BOM if self.bom else "") + names).encode()

    def part(self, value: Any) -> bytes:
        found = rows_of(self.table, value, self.lists)
        self.rows += len(found)
        return self._lines(self._cells(found, self.table.columns)).encode()

    def _cells(self, rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Iterable[list[str]]:
        text, kinds = self.forms.text, [column.kind for column in columns]
        return ([text(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows)

    def _lines(self, rows: Iterable[Sequence[str]]) -> str:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n").writerows(rows)
        return out.getvalue()


class JsonLines(TextFile):
    """A JSON object a row, in the forms of the API: of a connection its nodes, of a report the report with one row."""

    def __init__(self, table: Group) -> None:
        super().__init__()
        self.table = table

    def begin(self) -> bytes:
        return b""

    def part(self, value: Any) -> bytes:
        found = [orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in objects_of(self.table, value)]
        self.rows += len(found)
        return b"".join(found)
