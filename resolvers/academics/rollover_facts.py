"""What is known of each student before the next school year, and the line of a plan that follows from it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from models import ExitReason, RolloverDecision, RolloverPlan, RolloverReason
from resolvers.academics.rollover_sql import FACTS, Row, rows_of
from resolvers.context import PLANNED_AFRESH
from resolvers.unit_of_work import Change
from resolvers.writing.recording import AUDITED

# What is compared before a plan is applied, each as it is told where it is another.
COMPARED = {
    "span_id": "school enrolment",
    "status": "status",
    "level_id": "grade level",
    "course_id": "class",
    "passed": "marks",
    "decision": "what follows from the rules",
    "to_level_id": "next grade level",
    "to_course_id": "class in the year that begins",
}


@dataclass(frozen=True)
class Fact:
    """What is known of one student, and what follows from it."""

    row: Row

    @property
    def student(self) -> int:
        return int(self.row["student_id"])

    @property
    def facts(self) -> dict[str, Any]:
        """As a line keeps them."""
        return {name: self.row[name] for name in COMPARED}

    @property
    def observed(self) -> dict[str, Any]:
        """The columns of a line that nobody decides."""
        return {
            "from_grade_level_id": self.row["level_id"],
            "from_course_id": self.row["course_id"],
            "average": self.row["average"],
            "facts": self.facts,
        }

    @property
    def proposed(self) -> dict[str, Any]:
        """The columns of a line that a person may decide otherwise."""
        leaves = self.row["decision"] == RolloverDecision.LEAVE
        return {
            "decision": self.row["decision"],
            "reason": self.row["reason"],
            "note": self.note,
            "to_grade_level_id": self.row["to_level_id"],
            "to_course_id": self.row["to_course_id"],
            "exit_reason": ExitReason.GRADUATED if leaves else None,
        }

    @property
    def note(self) -> str:
        """Why, in words."""
        said = _why(self.row)
        if self.row["to_level_id"] is None or self.row["to_course_id"] is not None:
            return said
        if self.row["section"] is None:
            return f"{said}; the student was in no class"
        section = f"section {self.row['section']}" if self.row["section"] else "the same section"
        return f"{said}; {self.row['to_level_name']} has no class in {section} yet"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _why(row: Row) -> str:
    match RolloverReason[row["reason"]]:
        case RolloverReason.PASSED:
            return _marks(row, "is not below", "not below")
        case RolloverReason.BELOW_PASS_MARK:
            return _marks(row, "is below", "below")
        case RolloverReason.LAST_LEVEL:
            return f"Students leave the school after {row['level_name']}"
        case RolloverReason.NO_NEXT_LEVEL:
            return f"No grade level follows {row['level_name']}"
        case RolloverReason.EARLIER_YEAR:
            return f"The school enrolment is one of {row['year_code']}"
        case other:
            return other.description.rstrip(".")


def _marks(row: Row, words: str, several: str) -> str:
    if row["average"] is None:
        return f"The marks of the year, on several scales, are on the whole {several} the pass marks"
    return f"The average of the year, {_plain(row['average'])}, {words} the pass mark, {_plain(row['pass_mark'])}"


async def facts_of(change: Change, plan: RolloverPlan) -> dict[int, Fact]:
    """By the students' keys, in their order; the statement is planned for the two years each time, as reports are."""
    await change.session.execute(text(PLANNED_AFRESH).execution_options(**AUDITED))
    years = {"from": plan.from_school_year_id, "to": plan.to_school_year_id}
    rows = await rows_of(change, FACTS, **years, by_marks=plan.by_marks)
    return {row["student_id"]: Fact(row) for row in rows}
