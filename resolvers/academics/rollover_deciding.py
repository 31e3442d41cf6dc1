"""What persons decide about single students of a plan, before it is applied."""

from typing import Any

from sqlalchemy import select

from models import Course, GradeLevel, RolloverDecision, RolloverLine, RolloverPlan, RolloverReason
from resolvers.academics.rollover_planning import check_open
from resolvers.academics.rollover_sql import CLASSES, rows_of
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid, NotFound
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

STAYS = frozenset({RolloverDecision.PROMOTE, RolloverDecision.RETAIN})
NO_LEVEL = Rule(Invalid, "toGradeLevel", "goes with PROMOTE and RETAIN, and with nothing else")
NO_CLASS = Rule(Invalid, "toCourse", "goes with a grade level to go to")
NO_EXIT = Rule(Invalid, "exitReason", "goes with LEAVE, and with nothing else")
OF_OTHERS = Rule(Invalid, "toCourse", "is not a course of that grade level in the year that begins")

keep(
    {
        "ck_rollover_line_to_level": NO_LEVEL,
        "ck_rollover_line_to_class_of_level": NO_CLASS,
        "ck_rollover_line_with_exit_reason": NO_EXIT,
        "uq_rollover_line_institution_id_rollover_plan_id_student_id": Rule(
            Conflict, "fromSchoolYear", "is being planned by somebody else"
        ),
    }
)


async def _rules(change: Change, row: RolloverLine, checks: Checks) -> None:
    _check_level(row, checks)
    if (row.decision is RolloverDecision.LEAVE) != (row.exit_reason is not None):
        missing = row.exit_reason is None
        checks.errors.append(Invalid("exitReason: must be given", field="exitReason") if missing else NO_EXIT.error())
    if row.to_course_id is not None:
        await _check_class(change, row, checks)


def _check_level(row: RolloverLine, checks: Checks) -> None:
    if (row.decision in STAYS) != (row.to_grade_level_id is not None):
        missing = row.to_grade_level_id is None
        error = Invalid("toGradeLevel: must be given", field="toGradeLevel") if missing else NO_LEVEL.error()
        checks.errors.append(error)
    elif row.decision in STAYS and row.from_grade_level_id is not None:
        same = row.to_grade_level_id == row.from_grade_level_id
        if same != (row.decision is RolloverDecision.RETAIN):
            words = "is the grade level of the year that ends" if same else "is another than the one to be repeated"
            checks.errors.append(Invalid(f"toGradeLevel: {words}", field="toGradeLevel"))


async def _check_class(change: Change, row: RolloverLine, checks: Checks) -> None:
    if row.to_grade_level_id is None:
        if row.decision not in STAYS:
            checks.errors.append(NO_CLASS.error())
        return
    course = await change.session.get_one(Course, (row.institution_id, row.to_course_id))
    plan = await change.session.get_one(RolloverPlan, (row.institution_id, row.rollover_plan_id))
    if (course.school_year_id, course.grade_level_id) != (plan.to_school_year_id, row.to_grade_level_id):
        checks.errors.append(OF_OTHERS.error())


ROLLOVER_LINES = Records(RolloverLine, rules=_rules)


async def update_rollover_line(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Decide about a student; gives the key."""
    async with context.change("rollover_line.update", id=id) as change:
        plan, row = await _found(change, id, version)
        if await ROLLOVER_LINES.alter(change, row, await _completed(change, row, values)):
            # The version of the plan says which decisions whoever applies it or throws it away has seen.
            change.touch(plan)
        else:
            change.withdraw()
    return id


async def _found(change: Change, key: int, version: int) -> tuple[RolloverPlan, RolloverLine]:
    """The line, locked after its plan, as whoever applies the plan locks them."""
    of = select(RolloverLine.rollover_plan_id).where(
        RolloverLine.institution_id == change.institution_id, RolloverLine.id == key
    )
    if (found := await change.session.scalar(of)) is None:
        raise NotFound("id: there is no RolloverLine with this id", field="id")
    plan = await change.one(RolloverPlan, found)
    check_open(plan)
    return plan, await ROLLOVER_LINES.find(change, key, version)


async def _completed(change: Change, row: RolloverLine, values: dict[str, Any]) -> dict[str, Any]:
    """With what follows from a decision where it is not said: no level for who leaves, the next one for who moves on.

    Whatever but a note makes it a person's decision.
    """
    if "exit_reason" in values and values["exit_reason"] is None:
        raise Invalid("exitReason: must be given", field="exitReason")
    if not values.keys() - {"note"}:
        return values
    decision = values.get("decision", row.decision)
    found: dict[str, Any] = {"reason": RolloverReason.DECIDED}
    if decision not in STAYS:
        found |= {"to_grade_level": None, "to_course": None}
    elif decision is not row.decision:
        found["to_grade_level"] = await _level(change, row, decision)
    if decision is not RolloverDecision.LEAVE:
        found["exit_reason"] = None
    found |= values
    level = found.get("to_grade_level", row.to_grade_level_id)
    if decision in STAYS and "to_course" not in found and level != row.to_grade_level_id:
        found["to_course"] = await _class_of(change, row, level)
    return found


async def _level(change: Change, row: RolloverLine, decision: RolloverDecision) -> int | None:
    """Where the decision leads from the grade level of the year that ends."""
    if decision is RolloverDecision.RETAIN or row.from_grade_level_id is None:
        return row.from_grade_level_id
    level = await change.session.get_one(GradeLevel, (row.institution_id, row.from_grade_level_id))
    return level.next_level_id


async def _class_of(change: Change, row: RolloverLine, level: int | None) -> int | None:
    """The class of a grade level in the year that begins, in the section that the student was in."""
    if row.from_course_id is None or level is None:
        return None
    course = await change.session.get_one(Course, (row.institution_id, row.from_course_id))
    plan = await change.session.get_one(RolloverPlan, (row.institution_id, row.rollover_plan_id))
    for each in await rows_of(change, CLASSES, to=plan.to_school_year_id):
        if (each["grade_level_id"], each["section"]) == (level, course.section):
            return int(each["id"])
    return None
