"""Whether a plan for the next school year can be applied: it names the students who stand in the way, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from models import RolloverDecision, RolloverPlan
from resolvers.academics.rollover_facts import COMPARED, Fact
from resolvers.academics.rollover_locks import BEGIN_LATE, ENROLLED_LEAVERS, NUMBERS, STALE_CLASSES
from resolvers.academics.rollover_sql import rows_of
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change

# More students than these are counted, and not named.
NAMED = 5


def named(found: Sequence[str]) -> str:
    """The first of what was found, and how many there are besides."""
    more = len(found) - NAMED
    return "; ".join(found[:NAMED]) + (f"; and {more} more" if more > 0 else "")


async def numbers_of(change: Change, students: Sequence[int]) -> dict[int, str]:
    """Student numbers by key."""
    rows = await rows_of(change, NUMBERS, students=list(students)) if students else []
    return {row["id"]: row["student_number"] for row in rows}


def _differences(line: Any, fact: Fact) -> str:
    facts: Mapping[str, Any] = fact.facts
    return ", ".join(words for name, words in COMPARED.items() if line.facts.get(name) != facts[name])


async def check_basis(change: Change, lines: Mapping[int, Any], facts: Mapping[int, Fact]) -> None:
    """Raise Conflict where anything is not as it was when the plan was made: of whom, and what."""
    gone = [key for key in lines if key not in facts]
    numbers = await numbers_of(change, gone)
    found = [f"{numbers[key]}: does not belong to the school any more" for key in gone]
    for key, fact in facts.items():
        number = fact.row["student_number"]
        if key not in lines:
            found.append(f"{number}: has come since")
        elif other := _differences(lines[key], fact):
            found.append(f"{number}: other {other}")
    if found:
        raise Conflict(f"id: what the plan went by has changed, so plan again: {named(found)}", field="id")


def check_decided(lines: Mapping[int, Any], facts: Mapping[int, Fact]) -> None:
    """Raise Conflict where a person has to decide first."""
    open_ = [key for key, line in lines.items() if line.decision == RolloverDecision.UNDECIDED]
    if open_:
        found = named([str(facts[key].row["student_number"]) for key in open_])
        raise Conflict(f"id: of {len(open_)} students it has to be decided first: {found}", field="id")


async def check_targets(change: Change, plan: RolloverPlan, lines: Sequence[Any]) -> None:
    """Raise Conflict where a class is none of the level any more, or who leaves has courses in the next year.

    Or where somebody is to begin in a course of the old year after that has ended.
    """
    chosen = [line.id for line in lines if line.to_course_id is not None]
    stale = await rows_of(change, STALE_CLASSES, to=plan.to_school_year_id, lines=chosen)
    leaving = [line.student_id for line in lines if line.decision == RolloverDecision.LEAVE]
    enrolled = await rows_of(change, ENROLLED_LEAVERS, to=plan.to_school_year_id, students=leaving)
    late = await rows_of(
        change, BEGIN_LATE, **{"from": plan.from_school_year_id}, students=[line.student_id for line in lines]
    )
    numbers = await numbers_of(change, [row["student_id"] for row in (*stale, *enrolled, *late)])
    found = [f"{numbers[row['student_id']]}: the class is not one of the grade level any more" for row in stale]
    found += [f"{numbers[row['student_id']]}: leaves, and is enrolled in the year that begins" for row in enrolled]
    found += [
        f"{numbers[row['student_id']]}: is enrolled in {row['name']} after {row['code']} has ended" for row in late
    ]
    if found:
        raise Conflict(f"id: change these lines or enrolments first: {named(found)}", field="id")
