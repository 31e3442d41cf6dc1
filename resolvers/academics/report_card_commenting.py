"""Comments on the report cards of a class in one call, by a number of statements that does not depend on their number.

They are of one kind, and about one subject or about all: what stands on a card about the same is replaced. The cards
are locked, so that each is published with all of them or with none, and whoever else comments on one of them waits.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import and_, select, true

from models import Course, ReportCard, ReportCardComment, ReportCardCommentKind, Subject
from resolvers.academics.grade_ledger import taught
from resolvers.academics.report_card_class import Class, Standing, hold_class, seen_among
from resolvers.academics.report_card_comment_changes import NOT_TAUGHT, check_writable
from resolvers.academics.roster import marker
from resolvers.checking import check_values, tidied
from resolvers.context import Context
from resolvers.errors import Checks, Invalid, NotFound
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Answer, BulkMode, Options, Outcome, carry_out, refuse, rows_of
from resolvers.writing.mark_rows import MarkRows, check_version

Row = Mapping[str, Any]
TEACHER, HEAD = ReportCardCommentKind.TEACHER, ReportCardCommentKind.HEAD
NO_CARD = "student: has no report card in the course and semester: prepare it first"


async def set_teacher_comments(
    context: Context,
    *,
    course: int,
    semester: int,
    comments: Sequence[Row],
    subject: int | None = None,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """Have cards of the class say these comments of a teacher, about a subject or about all; gives each outcome.

    Raises NotFound, Invalid and Conflict about the call, and RowsRefused where comments are refused and all must be
    done.
    """
    work = partial(_set, kind=TEACHER, key=course, semester=semester, subject=subject, comments=comments)
    return await carry_out(context, "report_card_comment.set", Options(mode, dry_run), work)


async def set_head_comments(
    context: Context,
    *,
    course: int,
    semester: int,
    comments: Sequence[Row],
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Answer:
    """The same of the head of the school, whose comments are about all."""
    work = partial(_set, kind=HEAD, key=course, semester=semester, subject=None, comments=comments)
    return await carry_out(context, "report_card_comment.set", Options(mode, dry_run), work)


async def _set(
    change: Change,
    *,
    kind: ReportCardCommentKind,
    key: int,
    semester: int,
    subject: int | None,
    comments: Sequence[Row],
) -> Answer:
    rows = rows_of(comments, "comments")
    held = await hold_class(change, key, semester)
    author = await _author(change, held.course, subject)
    before = await _standing(change, held, rows, kind, subject)
    await _refuse_strangers(change, held, rows, before)
    writing = MarkRows(ReportCardComment, {"author_id": author})
    for row, comment in zip(rows, comments, strict=True):
        if row.errors:
            continue
        card = held.cards[row.student]
        values = _settled(row, comment, card, before[card.id])
        if not row.errors:
            fixed = {"report_card_id": card.id, "kind": kind.value, "subject_id": subject}
            writing.put(row, before[card.id], values, fixed)
    about = {"course": key, "semester": semester, "kind": kind.value, "subject": subject}
    return Answer(rows, partial(_write, about=about, rows=writing), course=key)


async def _author(change: Change, course: Course, subject: int | None) -> int | None:
    """The key of the user who comments. Raises NotFound, and Invalid where the course does not teach the subject."""
    if subject is not None:
        await change.seen(Subject, subject, field="subject")
    fits = true() if subject is None else taught(change, course, subject)
    found = (await change.session.execute(select(marker(change).label("author"), fits.label("fits")))).one()
    if not found.fits:
        raise NOT_TAUGHT.error()
    author: int | None = found.author
    return author


async def _standing(
    change: Change, held: Class, rows: Sequence[Outcome], kind: ReportCardCommentKind, subject: int | None
) -> Mapping[int, Row | None]:
    """What stands about the same on the cards of these students that the viewer sees, by card; None: nothing."""
    card, comment = ReportCard, ReportCardComment
    same = and_(
        comment.institution_id == card.institution_id,
        comment.report_card_id == card.id,
        comment.kind == kind,
        comment.subject_id.is_not_distinct_from(subject),
    )
    statement = select(card.id.label("card"), comment.id, comment.version, comment.text).outerjoin(comment, same)
    keys = [held.cards[row.student].id for row in rows if row.student in held.cards]
    found = await change.among_seen(card, statement.where(card.id.in_(keys)))
    return {row.card: None if row.id is None else row._mapping for row in found}


async def _refuse_strangers(
    change: Change, held: Class, rows: Sequence[Outcome], before: Mapping[int, Row | None]
) -> None:
    """Refuse the rows of students without a card that the viewer sees."""
    seen = {student for student, card in held.cards.items() if card.id in before}
    missing = [row for row in rows if not row.errors and row.student not in seen]
    known = await seen_among(change, [row.student for row in missing])
    for row in missing:
        if row.student in known:
            refuse(row, Invalid(NO_CARD, field="student"))
        else:
            refuse(row, NotFound("student: there is no Student with this id", field="student"))


def _settled(row: Outcome, comment: Row, card: Standing, before: Row | None) -> dict[str, Any]:
    """What the comment will say; refuses the row where it cannot."""
    row.record = before["id"] if before else None
    values, checks = tidied({"text": comment["text"]}), Checks()
    with checks:
        check_writable(card.state, "student")
    with checks:
        check_version(comment.get("version"), before)
    check_values(ReportCardComment, values, checks)
    if checks.errors:
        refuse(row, *checks.errors)
    return values


async def _write(change: Change, answer: Answer, *, about: dict[str, Any], rows: MarkRows) -> None:
    if not await rows.write(change):
        change.withdraw()
        return
    change.details |= about
    change.publish("course", about["course"], {"action": "set_comments", **about, **answer.counts})
