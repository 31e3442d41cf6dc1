"""Report cards of a class that are written together, with what becomes of the comments on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models import ReportCard, ReportCardComment, ReportCardState
from resolvers.academics.report_card_class import Class, Standing
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, Outcome, RowOutcome
from resolvers.writing.content import table_of

Row = Mapping[str, Any]


@dataclass
class CardRows:
    """Cards to be written; `about` are the columns of new ones that say what they are of.

    `replaced` are the keys of cards that stay as they were handed out, each with the outcome of the next edition.
    """

    about: Row
    changed: list[Row] = field(default_factory=list)
    new: list[tuple[Outcome, Row]] = field(default_factory=list)
    replaced: dict[int, Outcome] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Class) -> "CardRows":
        return cls({"course_id": held.course.id, "semester_id": held.semester.id})

    def alter(self, row: Outcome, card: Standing, **values: Any) -> None:
        row.outcome = RowOutcome.UPDATED
        self.changed.append({"id": card.id, **values})

    def add(self, row: Outcome, **values: Any) -> None:
        row.outcome = RowOutcome.CREATED
        self.new.append((row, {"student_id": row.student, **self.about, **values}))

    async def write(self, change: Change, answer: Answer, *, action: str) -> None:
        """Write all of it, with an event for each card.

        Why it is done stands on the cards alone: what is told of many at once stays when one of them is erased.
        """
        if not self.changed and not self.new:
            change.withdraw()
            return
        superseded = [{"id": key, "state": ReportCardState.SUPERSEDED.value} for key in self.replaced]
        await change.update_rows(ReportCard, superseded, locked=True)
        await change.update_rows(ReportCard, self.changed, locked=True)
        made = await change.insert_rows(ReportCard, [row for _, row in self.new])
        for (row, _), key in zip(self.new, made, strict=True):
            row.record = key
        await self._take_comments_along(change)
        about = {name.removesuffix("_id"): key for name, key in self.about.items()}
        change.details |= about
        for row in answer.results:
            if row.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED):
                change.publish("report_card", row.record, {"action": action, "id": row.record, **about})

    async def _take_comments_along(self, change: Change) -> None:
        if not self.replaced:
            return
        table = table_of(ReportCardComment)
        found = select(table.c.id, table.c.report_card_id).where(
            table.c.institution_id == change.institution_id, table.c.report_card_id.in_(self.replaced)
        )
        rows = (await change.session.execute(found.order_by(table.c.id))).all()
        moved = [{"id": row.id, "report_card_id": self.replaced[row.report_card_id].record} for row in rows]
        await change.update_rows(ReportCardComment, moved)
