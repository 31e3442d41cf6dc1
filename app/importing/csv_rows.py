"""Rows of a CSV file (RFC 4180, UTF-8, LF or CRLF, with or without a byte-order mark), read as a stream.

What is wrong with the file as a whole raises Broken; what is wrong with a row becomes a finding, and the row is passed
over.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from app.importing.diagnostics import Broken, Findings, error

# Longer than any honest line: rows have some twenty cells, of which one may be a long comment.
MAX_LINE = 1024 * 1024
BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class CsvRow:
    """A row and the line that it begins on; `cells` are the columns asked for, "" where the file has no such column."""

    line: int
    cells: list[str]


def _lines(stream: IO[bytes], file: str) -> Iterator[str]:
    number = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            if raw.startswith(WIDE_BOMS):
                raise Broken(error("encoding", "is UTF-16; a CSV file has to be UTF-8", file, 1))
            raw = raw.removeprefix(BOM)
        if len(raw) > MAX_LINE:
            raise Broken(error("cell_too_large", f"the line has more than {MAX_LINE:,} bytes", file, number))
        if b"\0" in raw:
            raise Broken(error("nul_byte", "the line holds a NUL byte", file, number))
        try:
            yield raw.decode()
        except UnicodeDecodeError as fault:
            wrong = raw[fault.start : fault.start + 1].hex()
            reason = f"byte {wrong} at position {fault.start} of the line is not UTF-8"
            raise Broken(error("encoding", reason, file, number)) from fault


def header_index(header: Sequence[str], file: str) -> dict[str, int]:
    """Where each column stands, by its name in lower case. Raises Broken on a name that occurs twice."""
    index: dict[str, int] = {}
    for position, name in enumerate(header):
        key = name.strip().lower()
        if key and key in index:
            raise Broken(error("duplicate_column", "the header names this column twice", file, 1, column=name.strip()))
        index[key] = position
    return index


def _rows(stream: IO[bytes], file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its first line. A quoted cell may hold line breaks."""
    reader = csv.reader(_lines(stream, file), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as fault:
        code = "cell_too_large" if "field limit" in str(fault) else "csv_syntax"
        raise Broken(error(code, f"is no proper CSV: {fault}", file, line)) from fault


class CsvFile:
    """An open CSV file whose header has been read; iterate for its rows.

    `wanted` are the columns to deliver, in that order, each with its other names; `present` those of them it has.
    Raises Broken where a `required` one is missing.
    """

    def __init__(
        self,
        stream: IO[bytes],
        file: str,
        wanted: Sequence[tuple[str, ...]],
        required: Sequence[str],
        findings: Findings,
    ) -> None:
        self.file, self.findings = file, findings
        self._rows = _rows(stream, file)
        first = next(self._rows, None)
        if first is None:
            raise Broken(error("empty_file", "has no header line", file, 1))
        index = header_index(first[1], file)
        self._width = len(first[1])
        self._positions = [next((index[n.lower()] for n in names if n.lower() in index), None) for names in wanted]
        self.present = {names[0] for names, place in zip(wanted, self._positions, strict=True) if place is not None}
        missing = [name for name in required if name not in self.present]
        if missing:
            reason = f"the header lacks {', '.join(missing)}"
            raise Broken(error("wrong_header", reason, file, 1, column=missing[0], value=",".join(first[1])))

    def __iter__(self) -> Iterator[CsvRow]:
        for line, cells in self._rows:
            if len(cells) != self._width:
                reason = f"the row has {len(cells)} cells, the header {self._width}"
                self.findings.add(error("column_count", reason, self.file, line))
                continue
            yield CsvRow(line, ["" if place is None else cells[place] for place in self._positions])


def read_rows(stream: IO[bytes], file: str, *, required: Sequence[str], findings: Findings) -> Iterator[CsvRow]:
    """The rows of a small file, of which all columns asked for are required."""
    yield from CsvFile(stream, file, [(name,) for name in required], required, findings)
