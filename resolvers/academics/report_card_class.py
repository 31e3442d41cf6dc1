"""Report cards of a class in a semester, all of them or those of some students: who they are, and what stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, or_, select

from models import Course, Enrollment, GradingScale, ReportCard, ReportCardState, Semester, Student
from resolvers.academics.grade_ledger import OTHER_YEAR
from resolvers.academics.roster import hold_course
from resolvers.errors import Checks, Conflict, DomainError, Invalid, NotFound
from resolvers.unit_of_work import Change
from resolvers.writing.bulk import Outcome, RowOutcome, check_number, repeated

FIELD = "students"


@dataclass(frozen=True, slots=True)
class Standing:
    """The card of a student that has not been replaced."""

    id: int
    student_id: int
    state: ReportCardState
    edition: int
    version: int


@dataclass(frozen=True, slots=True)
class Class:
    """What a call is about, locked: whoever writes cards of the course waits. `cards` are those that stand.

    `students` stay as they are, where cards are to say who they are.
    """

    course: Course
    semester: Semester
    cards: Mapping[int, Standing]
    students: frozenset[int] = frozenset()


async def hold_class(change: Change, course: int, semester: int, *, named: Sequence[int] | None = None) -> Class:
    """Raises NotFound and Invalid about the course and the semester.

    Where `named` is given, cards are to be frozen: of these students, or of others who are in the course. What they
    are called, and the letters, then stay so until the transaction ends.
    """
    checks = Checks()
    with checks:
        held = await hold_course(change, course)
    with checks:
        part = await change.seen(Semester, semester, field="semester")
    checks.done()
    if part.school_year_id != held.school_year_id:
        raise OTHER_YEAR.error()
    # Before the cards, as whoever erases a student does.
    students = frozenset[int]() if named is None else await _hold_told(change, held, named)
    card = ReportCard
    found = select(card.id, card.student_id, card.state, card.edition, card.version).where(
        card.institution_id == change.institution_id,
        card.course_id == course,
        card.semester_id == semester,
        card.state != ReportCardState.SUPERSEDED,
    )
    rows = await change.session.execute(found.order_by(card.id).with_for_update(key_share=True))
    return Class(held, part, {row.student_id: Standing(*row) for row in rows}, students)


async def _hold_told(change: Change, course: Course, named: Sequence[int]) -> frozenset[int]:
    """Hold the scale that gives letters, and the students, whose keys it gives. Two statements."""
    scale, student, span = GradingScale, Student, Enrollment
    own = scale.school_default if course.grading_scale_id is None else scale.id == course.grading_scale_id
    held = select(scale.id).where(scale.institution_id == change.institution_id, own)
    await change.session.execute(held.with_for_update(read=True))
    there = select(span.student_id).where(span.institution_id == change.institution_id, span.course_id == course.id)
    also = func.any(bindparam("keys", list(named), type_=ARRAY(BigInteger)))
    members = select(student.id).where(
        student.institution_id == change.institution_id, or_(student.id.in_(there), student.id == also)
    )
    return frozenset(await change.session.scalars(members.order_by(student.id).with_for_update(read=True, of=student)))


async def rows_of(
    change: Change,
    students: Sequence[int] | None,
    members: Collection[int],
    *,
    words: str = "has nothing in the course and semester",
) -> list[Outcome]:
    """An outcome for each student asked for, or for each member; who is none is refused in these words."""
    if students is None:
        return [Outcome(place, key) for place, key in enumerate(members)]
    check_number(len(students), FIELD)
    rows = [Outcome(place, key, rows=FIELD) for place, key in enumerate(students)]
    for row, before in repeated(rows):
        refuse(row, Invalid, f"is the same as in {FIELD}.{before}")
    strangers = [row for row in rows if row.student not in members and not row.errors]
    known = await seen_among(change, [row.student for row in strangers])
    for row in strangers:
        if row.student in known:
            refuse(row, Invalid, f"the Student {words}")
        else:
            refuse(row, NotFound, "there is no Student with this id")
    return rows


async def seen_among(change: Change, students: Sequence[int]) -> set[int]:
    """Which of the students the viewer sees."""
    if not students:
        return set()
    among = Student.id == func.any(bindparam("keys", list(students), type_=ARRAY(BigInteger)))
    return {row.id for row in await change.among_seen(Student, select(Student.id).where(among))}


def refuse(row: Outcome, kind: type[DomainError], words: str, **more: Any) -> None:
    field = f"{FIELD}.{row.place}"
    row.errors.append(kind(f"{field}: {words}", field=field, **more))
    row.outcome = RowOutcome.REFUSED


def refuse_state(row: Outcome, card: Standing, words: str) -> None:
    """The card that stands is in the way."""
    refuse(row, Conflict, f"the report card is {card.state.value}: {words}", record=card.id, version=card.version)
