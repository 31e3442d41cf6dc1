"""Report cards of a class are prepared and published by a number of statements that does not depend on their number.

    prepare   students of the class who have no card get a DRAFT, which can be commented on
    publish   what `resolvers.reports.cards.live` says is frozen with its checksum; a card that was REOPENED stays as it
              was handed out, SUPERSEDED by the next edition, to which its comments go

Whoever publishes a course waits for whoever else does, or marks in it: of two at once the second finds everything
published. Names and letters stay as they are read until the cards are written, so none outlives an erasure.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from models import ReportCardState
from resolvers.academics.report_card_class import Standing, hold_class, rows_of
from resolvers.academics.report_card_rows import CardRows
from resolvers.context import Context
from resolvers.reports.cards.content import CardContent, as_json, checksum
from resolvers.reports.cards.live import Cover, class_members, live_cards
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, Outcome, carry_out


async def prepare_report_cards(
    context: Context,
    *,
    course: int,
    semester: int,
    students: Sequence[int] | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Have a card for each student of the class, or of those named; gives the outcome of each."""
    work = partial(_prepare, context=context, course=course, semester=semester, students=students)
    return await carry_out(context, "report_card.prepare", Options(mode, dry_run), work)


async def _prepare(
    change: Change, *, context: Context, course: int, semester: int, students: Sequence[int] | None
) -> Answer:
    held = await hold_class(change, course, semester)
    members = await class_members(context, Cover(course, semester), students)
    rows, written = await rows_of(change, students, members), CardRows.of(held)
    for row in rows:
        card = held.cards.get(row.student)
        row.record = None if card is None else card.id
        if card is None and not row.errors:
            written.add(row, state=ReportCardState.DRAFT.value)
    return Answer(rows, partial(written.write, action="prepare"), course=course)


async def publish_report_cards(
    context: Context,
    *,
    course: int,
    semester: int,
    students: Sequence[int] | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Freeze the cards of the class, or of the students named; gives the outcome of each."""
    work = partial(_publish, context=context, course=course, semester=semester, students=students)
    return await carry_out(context, "report_card.publish", Options(mode, dry_run), work)


async def _publish(
    change: Change, *, context: Context, course: int, semester: int, students: Sequence[int] | None
) -> Answer:
    held = await hold_class(change, course, semester, named=students or ())
    found = await live_cards(context, Cover(course, semester), students)
    # Who has come into the course since the students were locked has no card yet.
    contents = {student: content for student, content in found.items() if student in held.students}
    rows, written = await rows_of(change, students, list(contents)), CardRows.of(held)
    for row in rows:
        if not row.errors:
            _freeze(change, row, held.cards.get(row.student), contents[row.student], written)
    return Answer(rows, partial(written.write, action="publish"), course=course)


def _freeze(change: Change, row: Outcome, card: Standing | None, content: CardContent, written: CardRows) -> None:
    """Have the card that stands, or the next edition of it, say the content; nothing where it is published."""
    row.record = None if card is None else card.id
    if card is not None and card.state is ReportCardState.PUBLISHED:
        return
    reopened = card is not None and card.state is ReportCardState.REOPENED
    edition = 1 if card is None else card.edition + reopened
    at = change.author.at
    said = as_json(replace(content, edition=edition, published_at=at, published_on=change.today))
    frozen = {"content": said, "checksum": checksum(said), "published_at": at, "state": ReportCardState.PUBLISHED.value}
    if card is not None and not reopened:
        written.alter(row, card, **frozen)
        return
    written.add(row, edition=edition, **frozen)
    if card is not None:
        written.replaced[card.id] = row
