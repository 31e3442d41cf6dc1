"""Report cards of a class are prepared and published by a number of statements that does not depend on their number.

    prepare   students of the class who have no card get a DRAFT, which can be commented on
    publish   what `resolvers.reports.cards.live` says is frozen with its checksum; a card that was REOPENED stays as it
              was handed out, SUPERSEDED by the next edition, to which its comments go

Whoever publishes a course waits for whoever else does, or marks in it: of two at once the second finds everything
published. Names and letters stay as they are read until the cards are written, so none outlives an erasure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from models import ReportCardState
from resolvers.academics.report_card_class import Standing, hold_class, refuse, rows_of
from resolvers.academics.report_card_rows import CardRows
from resolvers.context import Context
from resolvers.errors import Conflict
from resolvers.reports.cards.content import CardContent, as_json, checksum, fingerprint
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
    previewed: Sequence[Mapping[str, Any]] | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Freeze the cards of the class, or of the students named; gives the outcome of each.

    `previewed` are a `student` and a `fingerprint` each: a card that would say something else is refused.
    """
    seen = None if previewed is None else {each["student"]: each["fingerprint"] for each in previewed}
    work = partial(_publish, context=context, course=course, semester=semester, students=students, seen=seen)
    return await carry_out(context, "report_card.publish", Options(mode, dry_run), work)


async def _publish(
    change: Change,
    *,
    context: Context,
    course: int,
    semester: int,
    students: Sequence[int] | None,
    seen: Mapping[int, str] | None,
) -> Answer:
    held = await hold_class(change, course, semester, named=students or ())
    found = await live_cards(context, Cover(course, semester), students)
    # Who has come into the course since the students were locked has no card yet.
    contents = {student: content for student, content in found.items() if student in held.students}
    rows, written = await rows_of(change, students, list(contents)), CardRows.of(held)
    for row in rows:
        card = held.cards.get(row.student)
        row.record = None if card is None else card.id
        if row.errors or (card is not None and card.state is ReportCardState.PUBLISHED):
            continue
        content = contents[row.student]
        if seen is not None:
            _check_seen(row, content, seen)
        if not row.errors:
            _freeze(change, row, card, content, written)
    return Answer(rows, partial(written.write, action="publish"), course=course)


def _check_seen(row: Outcome, content: CardContent, seen: Mapping[int, str]) -> None:
    """Refuse a card that would say something else than was seen."""
    if row.student not in seen:
        refuse(row, Conflict, "the report card was not previewed")
    elif seen[row.student] != fingerprint(as_json(content)):
        refuse(row, Conflict, "the report card would say something else by now than was previewed: preview it again")


def _freeze(change: Change, row: Outcome, card: Standing | None, content: CardContent, written: CardRows) -> None:
    """Have the card that stands, or the next edition of it, say the content."""
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
