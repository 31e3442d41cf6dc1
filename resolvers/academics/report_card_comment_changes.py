"""Comments on report cards are written while the card is a draft or reopened; what was published stays.

Teachers write theirs, one on each card for each subject and one for all; the head's is one a card. Neither changes the
other's.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import Course, ReportCard, ReportCardComment, ReportCardCommentKind, ReportCardState
from resolvers.academics.grade_ledger import taught
from resolvers.academics.roster import marker
from resolvers.checking import tidied
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

WRITABLE = (ReportCardState.DRAFT, ReportCardState.REOPENED)
NOT_TAUGHT = Rule(Invalid, "subject", "is not taught in the course")

keep(
    {
        "uq_report_card_comment_institution_id_report_card_id_kind_subject_id": Rule(
            Conflict, "reportCard", "has such a comment already: change that one"
        ),
        "ck_report_card_comment_head_of_all_subjects": Rule(Invalid, "subject", "is not given for the head's comment"),
    }
)


async def _writable(change: Change, row: ReportCardComment, field: str, checks: Checks) -> ReportCard | None:
    """The card, which stays as it is until the transaction ends; whoever publishes it waits."""
    card = await change.seen(ReportCard, row.report_card_id, field=field)
    with checks:
        check_writable(card.state, field)
        return card
    return None


def check_writable(state: ReportCardState, field: str) -> None:
    """Raise Conflict about the input's `field` where the card is one that says what it says."""
    if state in WRITABLE:
        return
    said = "reopen it first" if state is ReportCardState.PUBLISHED else "comment on the edition that replaced it"
    raise Conflict(f"{field}: the report card is {state.value}: {said}", field=field)


async def _rules(change: Change, row: ReportCardComment, checks: Checks) -> None:
    card = await _writable(change, row, "reportCard" if row.id is None else "id", checks)
    if card is None or row.id is not None or row.subject_id is None:
        return
    course = await change.session.get_one(Course, (change.institution_id, card.course_id))
    if not await change.session.scalar(select(taught(change, course, row.subject_id))):
        checks.errors.append(NOT_TAUGHT.error())


async def _leaving(change: Change, row: ReportCardComment, checks: Checks) -> None:
    await _writable(change, row, "id", checks)


COMMENTS = Records(ReportCardComment, rules=_rules, leaving=_leaving)


@dataclass(frozen=True)
class Comments:
    """Writes comments of one kind; those of the other are as if they were not there."""

    kind: ReportCardCommentKind

    async def create(self, context: Context, **values: Any) -> int:
        """Add a comment; gives its key."""
        async with context.change("report_card_comment.create", kind=self.kind.value) as change:
            author = await change.session.scalar(select(marker(change)))
            row = await COMMENTS.make(change, values, kind=self.kind, author_id=author)
            await COMMENTS.write(change, row)
            change.details["id"] = row.id
        return row.id

    async def update(self, context: Context, *, id: int, version: int, **values: Any) -> int:
        """Change a comment, whose author is then who did; gives the key."""
        async with context.change("report_card_comment.update", id=id, kind=self.kind.value) as change:
            row = await self._found(change, id, version)
            if tidied(values).get("text", row.text) != row.text:
                row.author_id = await change.session.scalar(select(marker(change)))
            if not await COMMENTS.alter(change, row, values):
                change.withdraw()
        return id

    async def delete(self, context: Context, *, id: int, version: int) -> None:
        """Remove a comment."""
        async with context.change("report_card_comment.delete", id=id, kind=self.kind.value) as change:
            await COMMENTS.remove(change, await self._found(change, id, version))

    async def _found(self, change: Change, key: int, version: int) -> ReportCardComment:
        """The comment, locked after its card, which stays as it is."""
        card = select(ReportCardComment.report_card_id).where(
            ReportCardComment.institution_id == change.institution_id, ReportCardComment.id == key
        )
        held = select(ReportCard.id).where(
            ReportCard.institution_id == change.institution_id, ReportCard.id == card.scalar_subquery()
        )
        await change.session.execute(held.with_for_update(read=True))
        return await change.one(ReportCardComment, key, version=version, kind=self.kind)


TEACHERS = Comments(ReportCardCommentKind.TEACHER)
HEADS = Comments(ReportCardCommentKind.HEAD)
