"""A plan that moves students to the next school year."""

import datetime

import strawberry

import models
import resolvers.academics.rollover_plan as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.RolloverPlan, lines=resolve.lines, external_ids=resolve.rollover_plan_external_ids)
class RolloverPlanWhere:
    id: IDFilter | None
    from_school_year: IDFilter | None
    to_school_year: IDFilter | None
    updated_at: DateTimeFilter | None


RolloverPlanOrder = ordering(models.RolloverPlan, "updated_at")


@entity(models.RolloverPlan, prefix="rpl")
class RolloverPlan(Node):
    by_marks: bool
    status: models.RolloverStatus
    applied_at: datetime.datetime | None
    operation: str | None
    students: int
    promoted: int
    retained: int
    leaving: int
    skipped: int
    undecided: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    from_school_year: refs.SchoolYear | None = relation(resolve.from_school_year, "School year that ends.")
    to_school_year: refs.SchoolYear | None = relation(resolve.to_school_year, "School year that begins.")
    lines: Connection[refs.RolloverLine] = related_connection(
        resolve.lines, "What becomes of each student, by first name. Seen by ADMIN, REGISTRAR and REPORTER."
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.rollover_plan_external_ids, "What other systems call the plan."
    )


@strawberry.type
class RolloverPlanQuery:
    rollover_plan: RolloverPlan | None = lookup(
        models.RolloverPlan, "A plan for the next school year by id; null where there is none that you may see."
    )
    rollover_plans: Connection[RolloverPlan] = connection(
        models.RolloverPlan,
        "Plans for the next school year, the latest change first. Seen by ADMIN, REGISTRAR and REPORTER.",
        default=("-updated_at",),
    )
