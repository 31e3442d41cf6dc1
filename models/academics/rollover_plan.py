"""A plan that moves students from one school year to the next, looked at before it is applied."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Text, cast, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.rollover_line import RolloverDecision, RolloverLine
from models.base import Choice, Record, enum, index, refers
from models.computed import computed
from models.trail.operation import Operation

# What an operation that applies a plan is called.
APPLIES = "rollover_plan.apply"


class RolloverStatus(Choice):
    PLANNED = "PLANNED", "Not applied: its lines can be changed."
    APPLIED = "APPLIED", "Applied: its lines say what was done."


def _lines(plan: Any, decision: RolloverDecision | None = None) -> ColumnElement[Any]:
    """How many lines a plan has, or how many of one decision."""
    counted = select(func.count()).where(
        RolloverLine.institution_id == plan.institution_id, RolloverLine.rollover_plan_id == plan.id
    )
    if decision is not None:
        counted = counted.where(RolloverLine.decision == decision.value)
    return counted.correlate_except(RolloverLine).scalar_subquery()


class RolloverPlan(Record):
    __tablename__ = "rollover_plan"

    from_school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year that ends")
    to_school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year that begins")
    by_marks: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="Whether students below the pass mark are planned to repeat the level"
    )
    status: Mapped[RolloverStatus] = enum(
        RolloverStatus, default=RolloverStatus.PLANNED, comment="Whether it has been applied"
    )
    applied_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was applied (UTC); null: a plan only")

    @computed("How many students it is about")
    def students(self: Any) -> ColumnElement[Any]:
        return _lines(self)

    @computed("How many students move on")
    def promoted(self: Any) -> ColumnElement[Any]:
        return _lines(self, RolloverDecision.PROMOTE)

    @computed("How many students repeat their grade level")
    def retained(self: Any) -> ColumnElement[Any]:
        return _lines(self, RolloverDecision.RETAIN)

    @computed("How many students leave the school")
    def leaving(self: Any) -> ColumnElement[Any]:
        return _lines(self, RolloverDecision.LEAVE)

    @computed("How many students are left as they are")
    def skipped(self: Any) -> ColumnElement[Any]:
        return _lines(self, RolloverDecision.SKIP)

    @computed("For how many students a person has to decide before it can be applied")
    def undecided(self: Any) -> ColumnElement[Any]:
        return _lines(self, RolloverDecision.UNDECIDED)

    @computed("What to give `undo` to take it back; null where it has not been applied")
    def operation(self: Any) -> ColumnElement[Any]:
        found = (
            select(func.concat("op_", Operation.id))
            .where(
                Operation.institution_id == self.institution_id,
                Operation.action == APPLIES,
                Operation.summary["plan"].astext == cast(self.id, Text),
                Operation.undone_at.is_(None),
            )
            .limit(1)
        )
        return found.correlate_except(Operation).scalar_subquery()

    __table_args__ = (
        refers("from_school_year_id", "school_year"),
        refers("to_school_year_id", "school_year"),
        index("from_school_year_id", "to_school_year_id", unique=True, where="status = 'PLANNED'"),
        index("from_school_year_id"),
        index("to_school_year_id"),
        index("updated_at"),
        CheckConstraint("from_school_year_id <> to_school_year_id", name="two_years"),
        CheckConstraint("(status = 'APPLIED') = (applied_at IS NOT NULL)", name="applied_has_instant"),
        {"comment": "A plan that moves students to the next school year."},
    )
