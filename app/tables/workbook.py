"""XLSX: one sheet, made row by row in files of its own, which are gone when it is closed.

Days, instants, numbers and booleans are cells of their own kind, so that they can be sorted and added up, shown in the
school's form of days. Texts are texts whatever they begin with: no cell of the file is a formula.
"""

import datetime
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.tables.forms import Forms
from resolvers.errors import Invalid
from schema.tables.cells import rows_of
from schema.tables.shape import Column, Group, Lists

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
# The first day that a spreadsheet counts; what is before it is written as text.
FIRST_YEAR = 1901
# A spreadsheet keeps 15 digits of a number: a longer one stays whole as text.
DIGITS = 15
WIDTH = 16


class Workbook:
    """Files of one export, for a `with`: its parts are added in order, `finish` makes the whole, and `open` gives it.

    Adding and finishing take their time, so they are called in a thread; the `with` must not end before that has.
    """

    def __init__(self, table: Group, lists: Lists | None, forms: Forms) -> None:
        if len(table.columns) > MOST_COLUMNS:
            raise Invalid(
                f"format: a sheet has at most {MOST_COLUMNS} columns, not {len(table.columns)}", field="format"
            )
        self.table = table
        self.lists = lists
        self.forms = forms
        self.rows = 0

    def __enter__(self) -> Self:
        self.folder = tempfile.TemporaryDirectory(prefix="schoolgraph-export-")
        self.path = Path(self.folder.name, "export.xlsx")
        options = {"constant_memory": True, "tmpdir": self.folder.name}
        self.book = xlsxwriter.Workbook(self.path, options)
        self.sheet: Worksheet = self.book.add_worksheet()
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is not finished is thrown away; it has no name for that but this one.
        self.sheet._opt_close()
        self.folder.cleanup()

    def _begin(self) -> None:
        day = self.forms.pattern.replace("M", "m")
        self.day: Format = self.book.add_format({"num_format": day})
        self.instant: Format = self.book.add_format({"num_format": f"{day} hh:mm:ss"})
        bold = self.book.add_format({"bold": True})
        columns = self.table.columns
        self.sheet.set_column(0, len(columns) - 1, WIDTH)
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            self.sheet.write_string(0, place, column.name, bold)
        self.writers = self._writers(columns)

    def add(self, value: Any) -> None:
        """The rows of an answer. Raises Invalid where the sheet has no room for one."""
        for row in rows_of(self.table, value, self.lists):
            self.rows += 1
            if self.rows >= MOST_ROWS:
                raise Invalid(f"format: a sheet has at most {MOST_ROWS - 1} rows", field="format")
            for place, (cell, write) in enumerate(zip(row, self.writers, strict=True)):
                if cell is not None:
                    write(self.rows, place, cell)

    def finish(self) -> None:
        self.book.close()

    def open(self) -> IO[bytes]:
        """The file, when it is finished; whoever gets it closes it."""
        return self.path.open("rb")

    def _writers(self, columns: Sequence[Column]) -> list[Callable[[int, int, Any], None]]:
        kinds: Mapping[str, Callable[[int, int, Any], None]] = {
            "Date": self._day,
            "DateTime": self._instant,
            "Decimal": self._number,
            "Float": self._number,
            "Int": self._number,
            "Boolean": self._boolean,
        }
        return [self._one(column.kind, kinds.get(column.kind)) for column in columns]

    def _one(self, kind: str, write: Callable[[int, int, Any], None] | None) -> Callable[[int, int, Any], None]:
        """What writes a column's cells; a list in one cell is always text."""

        def text(row: int, place: int, value: Any) -> None:
            parts = value if isinstance(value, tuple) else (value,)
            self._text(row, place, "; ".join(self.forms.plain(kind, each) for each in parts))

        def either(row: int, place: int, value: Any) -> None:
            (text if write is None or isinstance(value, tuple) else write)(row, place, value)

        return either

    def _text(self, row: int, place: int, value: str) -> None:
        if len(value) > MOST_CHARACTERS:
            name = self.table.columns[place].name
            message = f"format: `{name}` has {len(value)} characters in row {row}; a cell has at most {MOST_CHARACTERS}"
            raise Invalid(message, field="format")
        if value:
            self.sheet.write_string(row, place, value)

    def _day(self, row: int, place: int, value: str) -> None:
        day = datetime.date.fromisoformat(value)
        if day.year < FIRST_YEAR:
            self._text(row, place, self.forms.day(day))
        else:
            self.sheet.write_datetime(row, place, datetime.datetime.combine(day, datetime.time()), self.day)

    def _instant(self, row: int, place: int, value: str) -> None:
        at = self.forms.local(value)
        if at.year < FIRST_YEAR:
            self._text(row, place, self.forms.instant(at))
        else:
            self.sheet.write_datetime(row, place, at.replace(tzinfo=None, microsecond=0), self.instant)

    def _number(self, row: int, place: int, value: Any) -> None:
        number = Decimal(str(value))
        if len(number.normalize().as_tuple().digits) > DIGITS:
            self._text(row, place, self.forms.number(value))
        else:
            self.sheet.write_number(row, place, float(number))

    def _boolean(self, row: int, place: int, value: bool) -> None:
        self.sheet.write_boolean(row, place, value)
