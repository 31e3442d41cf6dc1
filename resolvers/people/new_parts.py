"""Rows that are made together: all of them have passed before the first is written."""

import contextlib
from collections.abc import Mapping
from typing import Any, TypeVar

from models import Guardian, StudentGuardian
from models.base import Record
from resolvers.errors import Checks, within
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]


class Parts:
    """Makes rows of the parts of an input, and writes them in the order in which they were made."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.checks = Checks()
        self._rows: list[tuple[Records[Any], Any]] = []
        self._links: list[tuple[StudentGuardian, Guardian]] = []

    async def make(self, records: Records[R], values: Values, path: str = "", **known: Any) -> R | None:
        """A new row of the input's part at `path`, or None where it has not passed."""
        with self.checks, within(path) if path else contextlib.nullcontext():
            row = await records.make(self.change, values, **known)
            self._rows.append((records, row))
            return row
        return None

    def link(self, link: StudentGuardian | None, guardian: Guardian | None) -> None:
        """A link that leads to a guardian who has a key once written."""
        if link is not None and guardian is not None:
            self._links.append((link, guardian))

    async def write(self) -> None:
        for records, row in self._rows:
            for link, guardian in self._links:
                if link is row:
                    link.guardian_id = guardian.id
            await records.write(self.change, row)
