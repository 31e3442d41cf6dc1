"""What a bulk change has touched, as its operation keeps it, so that it can be undone."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Versions = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Touched:
    """Keys of the records that were made and changed, each with the version that it was left in.

    `date` is part of the keys of attendance; `taken` is the record that says that the roster was taken, if it was made.
    """

    course: int
    made: Versions
    changed: Versions
    date: datetime.date | None = None
    taken: int | None = None
    semester: int | None = None

    def key(self, record: int) -> dict[str, Any]:
        return {"id": record} if self.date is None else {"id": record, "date": self.date}

    @property
    def left(self) -> list[tuple[dict[str, Any], int]]:
        """The keys of all records, each with its version."""
        return [(self.key(record), version) for record, version in (*self.made, *self.changed)]

    def summary(self) -> dict[str, Any]:
        """As JSON."""
        return {name: value for name, value in vars(self).items() if value is not None}

    @classmethod
    def read(cls, summary: Mapping[str, Any]) -> "Touched":
        date = summary.get("date")
        pairs = {name: [(key, version) for key, version in summary[name]] for name in ("made", "changed")}
        day = None if date is None else datetime.date.fromisoformat(date)
        return cls(summary["course"], **pairs, date=day, taken=summary.get("taken"), semester=summary.get("semester"))
