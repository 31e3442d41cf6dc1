"""A plan for the next school year applied: a number of statements that does not grow with the number of students.

    school enrolments   the old ones end on the last day of the year that ends, the new ones begin on the first day of
                        the one that begins; who leaves gets none, and is INACTIVE
    course enrolments   those of the old year end with it, COMPLETED; what is PENDING still never began, stays PENDING,
                        which counts nowhere, and ends with the year where it has no end. In the new year students are
                        enrolled in the class of their line, and in the courses of the same grade level and section that
                        are of no one subject, or of a subject that they had in the old year

Whoever moves students, enrols or marks them waits, and the plan is compared with what is known by then.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from models import (
    Enrollment,
    EnrollmentStatus,
    EntryType,
    ExitReason,
    RolloverDecision,
    RolloverPlan,
    RolloverStatus,
    SchoolEnrollment,
    SchoolYear,
    Student,
    StudentStatus,
)
from models.academics.rollover_plan import APPLIES
from resolvers.academics.rollover_checks import check_basis, check_decided, check_targets
from resolvers.academics.rollover_deciding import STAYS
from resolvers.academics.rollover_facts import Fact, facts_of
from resolvers.academics.rollover_locks import (
    JOINED,
    LAST_ENROLLMENT,
    LOCKED_COURSES,
    LOCKED_SPANS,
    LOCKED_STUDENTS,
    RUNNING,
)
from resolvers.academics.rollover_planning import check_open, lines_of
from resolvers.academics.rollover_sql import rows_of
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.once import keepable

ENTRIES = {RolloverDecision.PROMOTE: EntryType.PROMOTED, RolloverDecision.RETAIN: EntryType.OTHER}
Pairs = list[tuple[int, int]]


@keepable
@dataclass(frozen=True)
class Applied:
    """How many records a plan ended and began; `operation` is the key under which it can be undone."""

    rollover_plan: int
    school_enrollments_ended: int
    school_enrollments_begun: int
    enrollments_ended: int
    enrollments_begun: int
    operation: int | None = None

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)


@dataclass(frozen=True)
class Rollover:
    """A plan that is being applied: its years, and each line that is not skipped with what is known of the student."""

    plan: RolloverPlan
    ends: SchoolYear
    begins: SchoolYear
    moves: Sequence[tuple[Any, Fact]]

    @property
    def years(self) -> dict[str, int]:
        return {"from": self.ends.id, "to": self.begins.id}

    @property
    def students(self) -> list[int]:
        return [line.student_id for line, _ in self.moves]


async def apply_rollover(context: Context, *, id: int, version: int) -> Applied:
    """Do what a plan says. Raises Conflict where what it went by has changed since."""
    async with context.change(APPLIES, id=id) as change:
        rollover = await _rollover(change, await _plan(change, id, version))
        written = {
            "school_enrollments_ended": await _end_spans(change, rollover),
            "school_enrollments_begun": await _begin_spans(change, rollover),
            "enrollments_ended": await _end_courses(change, rollover),
            "enrollments_begun": await _begin_courses(change, rollover),
        }
        left = await _let_go(change, rollover)
        rollover.plan.status, rollover.plan.applied_at = RolloverStatus.APPLIED, change.author.at
        counts = {name: len(pairs) for name, pairs in written.items()}
        (last,) = await rows_of(change, LAST_ENROLLMENT)
        change.operation = {"plan": id, "students_left": left, "last": last["id"], **written}
        change.details |= counts
        change.publish("rollover_plan", id, {"action": "apply", "id": id, **counts})
    return Applied(id, **counts, operation=change.operation_id)


async def _plan(change: Change, key: int, version: int) -> RolloverPlan:
    try:
        plan = await change.one(RolloverPlan, key, version=version)
    except Conflict as error:
        error.shown = {"rollover_plan": key}
        raise
    check_open(plan)
    return plan


async def _rollover(change: Change, plan: RolloverPlan) -> Rollover:
    """All that the plan is about, locked and as the plan knows it."""
    ends = await change.seen(SchoolYear, plan.from_school_year_id, field="id")
    begins = await change.seen(SchoolYear, plan.to_school_year_id, field="id")
    if change.today < ends.end_date:
        raise Invalid(f"id: {ends.code} ends on {ends.end_date}: apply the plan when that day has come", field="id")
    lines = await lines_of(change, plan)
    years = {"from": ends.id, "to": begins.id}
    await rows_of(change, LOCKED_COURSES, **years)
    await rows_of(change, LOCKED_STUDENTS, students=list(lines))
    await rows_of(change, LOCKED_SPANS, **{"from": ends.id})
    facts = await facts_of(change, plan)
    await check_basis(change, lines, facts)
    check_decided(lines, facts)
    moves = [(line, facts[key]) for key, line in lines.items() if line.decision != RolloverDecision.SKIP]
    rollover = Rollover(plan, ends, begins, moves)
    await check_targets(change, plan, [line for line, _ in moves])
    return rollover


async def _end_spans(change: Change, rollover: Rollover) -> Pairs:
    rows = [
        {
            "id": fact.row["span_id"],
            "exit_date": rollover.ends.end_date,
            "exit_reason": line.exit_reason or ExitReason.COMPLETED,
        }
        for line, fact in rollover.moves
    ]
    await change.update_rows(SchoolEnrollment, rows, locked=True)
    return [(fact.row["span_id"], fact.row["span_version"] + 1) for _, fact in rollover.moves]


async def _begin_spans(change: Change, rollover: Rollover) -> Pairs:
    rows = [
        {
            "student_id": line.student_id,
            "school_year_id": rollover.begins.id,
            "grade_level_id": line.to_grade_level_id,
            "entry_date": rollover.begins.start_date,
            "entry_type": ENTRIES[line.decision],
        }
        for line, _ in rollover.moves
        if line.decision in STAYS
    ]
    return [(key, 1) for key in await change.insert_rows(SchoolEnrollment, rows)]


def _ended(row: Mapping[str, Any], last: datetime.date) -> dict[str, Any]:
    """An enrolment of the old year as it ends; whoever never took part is not said to have done so until then."""
    pending = row["status"] == EnrollmentStatus.PENDING
    status = EnrollmentStatus.PENDING if pending else EnrollmentStatus.COMPLETED
    return {"id": row["id"], "status": status, "end_date": row["end_date"] or last}


async def _end_courses(change: Change, rollover: Rollover) -> Pairs:
    running = await rows_of(change, RUNNING, **{"from": rollover.ends.id}, students=rollover.students)
    rows = [_ended(row, rollover.ends.end_date) for row in running]
    await change.update_rows(Enrollment, rows, locked=True)
    return [(row["id"], row["version"] + 1) for row in running]


async def _begin_courses(change: Change, rollover: Rollover) -> Pairs:
    staying = [line.id for line, _ in rollover.moves if line.to_course_id is not None]
    joined = await rows_of(change, JOINED, **rollover.years, lines=staying)
    begin = {"begin_date": rollover.begins.start_date, "status": EnrollmentStatus.ACTIVE}
    return [(key, 1) for key in await change.insert_rows(Enrollment, [{**row, **begin} for row in joined])]


async def _let_go(change: Change, rollover: Rollover) -> Pairs:
    """Who leaves does not attend any more."""
    leaving = [fact for line, fact in rollover.moves if line.decision == RolloverDecision.LEAVE]
    rows = [{"id": fact.student, "status": StudentStatus.INACTIVE} for fact in leaving]
    changed = set(await change.update_rows(Student, rows, locked=True))
    return [(fact.student, fact.row["student_version"] + 1) for fact in leaving if fact.student in changed]
