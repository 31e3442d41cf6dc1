"""Plans for the next school year: made for all students at once, brought up to date, thrown away.

There is one plan at a time that has not been applied for the same two years. Planning again brings it up to date; what
persons have decided stays.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from models import RolloverLine, RolloverPlan, RolloverReason, RolloverStatus, SchoolYear
from resolvers.academics.rollover_facts import Fact, facts_of
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

APPLIED = "id: the plan has been applied: `undo` its operation first"

keep(
    {
        "ck_rollover_plan_two_years": Rule(Invalid, "toSchoolYear", "is the year that ends"),
        "ix_rollover_plan_institution_id_from_school_year_id_to_school_year_id": Rule(
            Conflict, "fromSchoolYear", "is being planned by somebody else"
        ),
    }
)
ROLLOVER_PLANS = Records(RolloverPlan)


def check_open(plan: RolloverPlan) -> None:
    """Raise Conflict where the plan has been applied."""
    if plan.status is RolloverStatus.APPLIED:
        raise Conflict(APPLIED, field="id")


async def plan_rollover(
    context: Context, *, from_school_year: int, to_school_year: int | None = None, by_marks: bool | None = None
) -> int:
    """Say of every student what the next school year brings; gives the key of the plan."""
    async with context.change("rollover_plan.plan") as change:
        ends = await change.seen(SchoolYear, from_school_year, field="fromSchoolYear")
        begins = await _next_year(change, ends, to_school_year)
        plan, read = await _open_plan(change, ends, begins, by_marks)
        written = await _write_lines(change, plan)
        if any(written.values()) and plan.version == read:
            # The version that clients have read is the plan's, and says which lines they have read too.
            change.touch(plan)
        change.details |= {"id": plan.id} | written
        change.publish("rollover_plan", plan.id, {"action": "plan", "id": plan.id})
    return plan.id


async def delete_rollover_plan(context: Context, *, id: int, version: int) -> None:
    """Throw a plan away that has not been applied."""
    async with context.change("rollover_plan.delete", id=id) as change:
        plan = await change.one(RolloverPlan, id, version=version)
        check_open(plan)
        await change.delete_rows(RolloverLine, [{"id": line.id} for line in (await lines_of(change, plan)).values()])
        await ROLLOVER_PLANS.remove(change, plan)


async def _next_year(change: Change, ends: SchoolYear, key: int | None) -> SchoolYear:
    if key is not None:
        begins = await change.seen(SchoolYear, key, field="toSchoolYear")
    else:
        following = select(SchoolYear).where(
            SchoolYear.institution_id == change.institution_id, SchoolYear.start_date > ends.end_date
        )
        following = following.order_by(SchoolYear.start_date).limit(1).with_for_update(read=True)
        found = await change.session.scalar(following)
        if found is None:
            raise Invalid(
                f"toSchoolYear: no school year begins after {ends.code}: create it first", field="toSchoolYear"
            )
        begins = found
    if begins.start_date <= ends.end_date:
        text = f"toSchoolYear: {begins.code} begins on {begins.start_date}, before {ends.code} ends on {ends.end_date}"
        raise Invalid(text, field="toSchoolYear")
    return begins


async def _open_plan(
    change: Change, ends: SchoolYear, begins: SchoolYear, by_marks: bool | None
) -> tuple[RolloverPlan, int | None]:
    """The plan that has not been applied, locked, and the version that clients have read; a new one has none."""
    years = {"from_school_year_id": ends.id, "to_school_year_id": begins.id}
    standing = select(RolloverPlan).filter_by(
        institution_id=change.institution_id, status=RolloverStatus.PLANNED, **years
    )
    plan = await change.session.scalar(standing.with_for_update(key_share=True))
    read = None if plan is None else plan.version
    if plan is None:
        plan = RolloverPlan(institution_id=change.institution_id, by_marks=by_marks is not False, **years)
        plan.status = RolloverStatus.PLANNED
        change.session.add(plan)
    elif by_marks is not None:
        plan.by_marks = by_marks
    await change.session.flush()
    return plan, read


async def lines_of(change: Change, plan: RolloverPlan) -> Mapping[int, Any]:
    """The lines of a plan, locked, by the keys of their students."""
    columns = RolloverLine.__table__.columns
    lines = select(*columns).where(
        RolloverLine.institution_id == change.institution_id, RolloverLine.rollover_plan_id == plan.id
    )
    rows = await change.session.execute(lines.order_by(RolloverLine.id).with_for_update(key_share=True))
    return {row.student_id: row for row in rows}


def _line(before: Any, fact: Fact) -> dict[str, Any]:
    """The columns of a line as they are to be; what a person has decided stays."""
    decided = {} if before is None else {name: getattr(before, name) for name in fact.proposed}
    stays = before is not None and before.reason == RolloverReason.DECIDED
    return fact.observed | (decided if stays else fact.proposed)


async def _write_lines(change: Change, plan: RolloverPlan) -> dict[str, int]:
    """Three statements at most; gives how many lines were added, changed and removed."""
    facts, there = await facts_of(change, plan), await lines_of(change, plan)
    of = {"rollover_plan_id": plan.id}
    new = [of | {"student_id": key} | _line(None, fact) for key, fact in facts.items() if key not in there]
    known = [{"id": there[key].id} | _line(there[key], fact) for key, fact in facts.items() if key in there]
    gone = [{"id": line.id} for key, line in there.items() if key not in facts]
    removed = await change.delete_rows(RolloverLine, gone)
    changed = await change.update_rows(RolloverLine, known, locked=True)
    added = await change.insert_rows(RolloverLine, new)
    return {"added": len(added), "changed": len(changed), "removed": len(removed)}
