"""Records of a class that are written together: what differs from the one that stands is made or changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from models import Base
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Outcome, RowOutcome
from resolvers.writing.content import table_of

Row = Mapping[str, Any]
CHANGED = "version: somebody else has changed the record: read it again"
REMOVED = "version: there is no record any more: read it again"


def check_version(given: int | None, before: Row | None) -> None:
    """Raise Conflict where the caller has seen another version than the one that stands."""
    if given is None:
        return
    if before is None:
        raise Conflict(REMOVED, field="version")
    if before["version"] != given:
        raise Conflict(CHANGED, field="version", record=before["id"], version=before["version"])


async def standing(
    change: Change, model: type[Base], course: int, students: Sequence[int], *same: ColumnElement[bool]
) -> Mapping[int, Sequence[Row]]:
    """The marks of the course that stand and are alike in this, by student, locked."""
    table = table_of(model)
    statement = select(table).where(
        table.c.institution_id == change.institution_id,
        table.c.course_id == course,
        table.c.student_id.in_(students),
        *same,
    )
    statement = statement.order_by(table.c.id).with_for_update(key_share=True)
    found: dict[int, list[Row]] = defaultdict(list)
    for row in (await change.session.execute(statement)).mappings():
        found[row["student_id"]].append(dict(row))
    return found


@dataclass
class MarkRows:
    """Rows of one model. `stamp` are columns that say who wrote a row: they alone are no difference.

    `made` and `changed` are the keys of those written, each with the version that it has now.
    """

    model: type[Base]
    stamp: Row
    keys: tuple[str, ...] = ("id",)
    _new: list[tuple[Outcome, Row]] = field(default_factory=list)
    _changed: list[Row] = field(default_factory=list)
    made: list[tuple[int, int]] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)

    def put(self, outcome: Outcome, before: Row | None, values: Row, fixed: Row) -> None:
        """Have the row say `values`; `fixed` are the other columns of a new one."""
        if before is None:
            outcome.outcome = RowOutcome.CREATED
            self._new.append((outcome, {**fixed, **values, **self.stamp}))
        elif any(before[name] != value for name, value in values.items()):
            outcome.outcome = RowOutcome.UPDATED
            self.changed.append((before["id"], before["version"] + 1))
            self._changed.append({key: before[key] for key in self.keys} | dict(values) | dict(self.stamp))

    async def write(self, change: Change) -> bool:
        """Write them, with two statements; gives whether there was anything to write. The rows before are locked."""
        made = await change.insert_rows(self.model, [row for _, row in self._new])
        for (outcome, _), key in zip(self._new, made, strict=True):
            outcome.record = key
            self.made.append((key, 1))
        await change.update_rows(self.model, self._changed, locked=True)
        return bool(self._new or self._changed)
