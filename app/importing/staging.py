"""Reads files into temporary tables: each row is checked cell by cell on its way and copied as a stream.

A staged row has its `line`; `bad` where a cell was refused (it then counts as there, but is not used); `gone` where it
is marked to be deleted; and the columns of its table, in lower case.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from app.importing.csv_rows import CsvFile
from app.importing.diagnostics import Findings, error, warning
from app.importing.driver import Driver
from app.importing.package import Package
from app.importing.progress import Steps
from app.importing.tables import Column, Table
from app.importing.values import Doubtful, Refused

ROWS_BETWEEN_REPORTS = 5_000


class RowReader:
    """Turns the cells of a row into values, and says what is wrong with them."""

    def __init__(self, table: Table, findings: Findings) -> None:
        self._file, self._findings = table.file, findings
        self._columns = [(column, column.kind.parse) for column in table.all_columns]
        self._status = next((n for n, column in enumerate(table.all_columns) if column.name == "status"), None)

    def read(self, line: int, cells: list[str]) -> tuple[Any, ...]:
        bad, values = False, []
        gone = self._status is not None and cells[self._status].strip().lower() == "tobedeleted"
        for (column, parse), raw in zip(self._columns, cells, strict=True):
            cell = raw.strip()
            value = None
            if cell:
                try:
                    value = parse(cell)
                except Doubtful as doubt:
                    value = doubt.value
                    self._report(warning, doubt, line, column, cell)
                except Refused as fault:
                    bad = True
                    self._report(error, fault, line, column, cell)
            elif column.filled and (column.name == "sourcedId" or not gone):
                bad = True
                self._report(error, Refused("required", "is missing"), line, column, None)
            values.append(value)
        return (line, bad, gone, *values)

    def _report(self, severity: Any, fault: Refused, line: int, column: Column, cell: str | None) -> None:
        found = severity(fault.code, str(fault), self._file, line, column=column.name, value=cell)
        self._findings.add(found)


def _reported(rows: Iterable[tuple[Any, ...]], steps: Steps, stream: Any) -> Iterator[tuple[Any, ...]]:
    told = 0
    for count, row in enumerate(rows, 1):
        if count % ROWS_BETWEEN_REPORTS == 0:
            position = stream.tell()
            steps.advance(position - told)
            told = position
        yield row


async def make_table(driver: Driver, table: Table) -> None:
    columns = ", ".join(f'"{column.name.lower()}" {column.kind.sql}' for column in table.all_columns)
    await driver.execute(f"CREATE TEMP TABLE {table.staged} (line integer, bad boolean, gone boolean, {columns})")


async def stage(driver: Driver, table: Table, package: Package, findings: Findings, steps: Steps) -> set[str]:
    """Copy the file of a table into its temporary table, which exists; returns the columns that the file has.

    Raises Broken where the file as a whole cannot be read.
    """
    columns = table.all_columns
    with package.open(table.file) as stream:
        steps.begin(f"Reading {table.file}", package.sizes[table.file.lower()])
        required = [column.name for column in columns if column.header]
        rows = CsvFile(stream, table.file, [column.names for column in columns], required, findings)
        reader = RowReader(table, findings)
        records = _reported((reader.read(row.line, row.cells) for row in rows), steps, stream)
        names = ["line", "bad", "gone", *(column.name.lower() for column in columns)]
        await driver.copy_records_to_table(table.staged, records=records, columns=names)
    if table.sourced:
        await driver.execute(f"CREATE INDEX ON {table.staged} (sourcedid)")
    await driver.execute(f"ANALYZE {table.staged}")
    return rows.present
