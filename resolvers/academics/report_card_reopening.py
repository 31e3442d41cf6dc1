"""Published report cards are taken back, with a reason: one by one, or those of a class at once.

What was handed out is kept as it was. Families do not see it any more, comments can be changed, and publishing makes
the next edition.
"""

from collections.abc import Sequence
from functools import partial

from models import ReportCard, ReportCardState
from resolvers.academics.report_card_class import hold_class, refuse_state, rows_of
from resolvers.academics.report_card_rows import CardRows
from resolvers.checking import check_values
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, carry_out

NOT_PUBLISHED = "only a published one is reopened"


async def reopen_report_card(context: Context, *, id: int, version: int, reason: str) -> int:
    """Take one published card back; gives its key."""
    said = reason_of(reason)
    async with context.change("report_card.reopen", id=id, reason=said) as change:
        card = await change.one(ReportCard, id, version=version)
        if card.state is not ReportCardState.PUBLISHED:
            raise Conflict(f"id: the report card is {card.state.value}: {NOT_PUBLISHED}", field="id", record=id)
        card.state, card.reopened_at, card.reopen_reason = ReportCardState.REOPENED, change.author.at, said
        about = {"course": card.course_id, "semester": card.semester_id}
        change.publish("report_card", id, {"action": "reopen", "id": id, **about})
    return id


async def reopen_report_cards(
    context: Context,
    *,
    course: int,
    semester: int,
    reason: str,
    students: Sequence[int] | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Take published cards of the class back, or those of the students named; gives the outcome of each."""
    said = reason_of(reason)
    work = partial(_reopen, course=course, semester=semester, students=students, reason=said)
    return await carry_out(context, "report_card.reopen", Options(mode, dry_run), work)


def reason_of(reason: str) -> str:
    """The reason without white space around it; raises Invalid where it is empty or too long."""
    checks, said = Checks(), reason.strip()
    check_values(ReportCard, {"reopen_reason": said}, checks)
    if checks.errors:
        raise Invalid(checks.errors[0].message.replace("reopenReason", "reason", 1), field="reason")
    return said


async def _reopen(change: Change, *, course: int, semester: int, students: Sequence[int] | None, reason: str) -> Answer:
    held = await hold_class(change, course, semester)
    written, cards = CardRows.of(held), held.cards.values()
    published = [each.student_id for each in cards if each.state is ReportCardState.PUBLISHED]
    members = published if students is None else held.cards.keys()
    rows = await rows_of(change, students, members, words="has no report card")
    back = {"state": ReportCardState.REOPENED.value, "reopened_at": change.author.at, "reopen_reason": reason}
    for row in rows:
        if row.errors:
            continue
        card = held.cards[row.student]
        row.record = card.id
        if card.state is ReportCardState.PUBLISHED:
            written.alter(row, card, **back)
        else:
            refuse_state(row, card, NOT_PUBLISHED)
    return Answer(rows, partial(written.write, action="reopen"), course=course)
