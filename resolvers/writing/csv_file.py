"""A CSV file → its rows under known columns: UTF-8, with or without a byte-order mark, and a line of column names.

Cells are set apart by commas, semicolons or tabs, whichever gives the most columns that are known. Names of columns are
those of the fields; case, spaces, `-` and `_` in them make no difference. What is wrong with the file as a whole raises
Invalid; a row of another width is left to whoever reads the rows.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from resolvers.errors import Checks, Invalid, shown, spelled

FIELD = "file"
DELIMITERS = ",;\t"
BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Of the first line, and of what is told of it: each name that is none is told with all that there are.
MOST_CHARACTERS, MOST_TOLD = 20_000, 20
_FIRST_LINE = re.compile(r"\s*([^\r\n]*)")
# What files begin with that people take for a CSV file.
OTHERS = {b"PK\x03\x04": "an Excel workbook or a zip", b"\xd0\xcf\x11\xe0": "an Excel workbook", b"%PDF": "a PDF"}


@dataclass(slots=True)
class CsvRow:
    """A row and the line that it begins on, the header's being 1; `cells` by column, None where one is empty.

    `width` is how many cells there are, where they are not as many as the header's.
    """

    line: int
    cells: Mapping[str, str | None]
    width: int | None = None


@dataclass(frozen=True)
class CsvFile:
    """`columns` are those that the header names, in its order."""

    columns: Sequence[str]
    rows: Sequence[CsvRow]


@dataclass(frozen=True)
class Columns:
    """Names of the columns that a file may have, and of those that it must have."""

    known: Sequence[str]
    required: Sequence[str]

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._by_name

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {_plain(name): name for name in self.known}

    def header(self, names: Sequence[str]) -> list[str]:
        """The columns that a header names; raises Invalid, or what is wrong with it, at most MOST_TOLD of that."""
        if len(names) > 2 * len(self.known):
            raise _header_error(f"has {len(names)} columns, and there are {len(self.known)} that are imported")
        checks, by_name, found = Checks(), self._by_name, list[str]()
        for place, name in enumerate(names, 1):
            column = by_name.get(_plain(name))
            if not name.strip():
                checks.errors.append(_header_error(f"column {place} has no name"))
            elif column is None:
                every = ", ".join(spelled(each) for each in self.known)
                checks.errors.append(_header_error(f"{shown(name)} is no column: they are {every}"))
            elif column in found:
                checks.errors.append(_header_error(f"the column {spelled(column)} is there twice"))
            else:
                found.append(column)
        del checks.errors[MOST_TOLD - 1 :]
        if missing := [spelled(name) for name in self.required if name not in found]:
            checks.errors.append(_header_error(f"the column {', '.join(missing)} is missing"))
        checks.done()
        return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _header_error(words: str) -> Invalid:
    return Invalid(f"{FIELD}.1: {words}", field=f"{FIELD}.1")


def _wrong(words: str) -> Invalid:
    return Invalid(f"{FIELD}: {words}", field=FIELD)


def _text(content: bytes) -> str:
    """The text of a file; raises Invalid where it is none, with the line."""
    if content.startswith(WIDE_BOMS):
        raise _wrong("is in UTF-16: save it as CSV in UTF-8")
    for beginning, kind in OTHERS.items():
        if content.startswith(beginning):
            raise _wrong(f"is {kind}: save it as CSV in UTF-8")
    content = content.removeprefix(BOM)
    if (place := content.find(b"\0")) >= 0:
        raise _wrong(f"line {_line(content, place)} has a NUL byte, which no text has")
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        byte = content[fault.start : fault.start + 1].hex()
        words = f"byte {byte} in line {_line(content, fault.start)} is not UTF-8: save it as CSV in UTF-8"
        raise _wrong(words) from None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _delimiter(text: str, columns: Columns) -> str:
    found = _FIRST_LINE.match(text)
    first = found[1] if found else ""
    if len(first) > MOST_CHARACTERS:
        raise _header_error(f"has {len(first)} characters, and a line of column names has at most {MOST_CHARACTERS}")
    known = {each: sum(name.strip(' "\r') in columns for name in first.split(each)) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (known[each], first.count(each)))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its first line: a quoted cell may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as fault:
        raise _wrong(f"line {line} is no proper CSV: {fault}") from None


def read_csv(content: bytes, columns: Columns, most: int) -> CsvFile:
    """A file with at most so many rows; raises Invalid."""
    text = _text(content)
    records = _records(text, _delimiter(text, columns))
    first = next(records, None)
    if first is None:
        raise _wrong("is empty")
    names = columns.header(first[1])
    rows = []
    for line, cells in records:
        width = None if len(cells) == len(names) else len(cells)
        rows.append(CsvRow(line, {name: cell.strip() or None for name, cell in zip(names, cells, strict=False)}, width))
        if len(rows) > most:
            raise _wrong(f"has more than {most} rows, the most that are imported at once")
    if not rows:
        raise _wrong("has no rows below its header")
    return CsvFile(names, rows)
