"""What becomes of one student by a plan for the next school year."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.rollover_line as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.RolloverLine, external_ids=resolve.rollover_line_external_ids)
class RolloverLineWhere:
    id: IDFilter | None
    rollover_plan: IDFilter | None
    student: IDFilter | None
    decision: EnumFilter[models.RolloverDecision] | None
    from_grade_level: IDFilter | None
    from_course: IDFilter | None
    to_grade_level: IDFilter | None
    to_course: IDFilter | None
    updated_at: DateTimeFilter | None


RolloverLineOrder = ordering(models.RolloverLine, "updated_at", "student_first_name", "student_last_name")


@entity(models.RolloverLine, prefix="rln")
class RolloverLine(Node):
    decision: models.RolloverDecision
    reason: models.RolloverReason
    note: str | None
    average: Decimal | None
    exit_reason: models.ExitReason | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    rollover_plan: refs.RolloverPlan | None = relation(resolve.rollover_plan, "The plan.")
    student: refs.Student | None = relation(resolve.student, "The student.")
    from_grade_level: refs.GradeLevel | None = relation(
        resolve.from_grade_level, "Grade level in the year that ends; null: the school enrolment has none."
    )
    from_course: refs.Course | None = relation(
        resolve.from_course, "Class in the year that ends; null: the student was in none of the grade level."
    )
    to_grade_level: refs.GradeLevel | None = relation(
        resolve.to_grade_level, "Grade level in the year that begins; null: the student does not go on."
    )
    to_course: refs.Course | None = relation(
        resolve.to_course, "Class in the year that begins; null: the student is enrolled in no course by the plan."
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.rollover_line_external_ids, "What other systems call the line."
    )


@strawberry.type
class RolloverLineQuery:
    rollover_line: RolloverLine | None = lookup(
        models.RolloverLine, "A line of a plan for the next school year by id; null where there is none you may see."
    )
    rollover_lines: Connection[RolloverLine] = connection(
        models.RolloverLine,
        "Lines of plans for the next school year, the latest change first. Seen by ADMIN, REGISTRAR and REPORTER.",
        default=("-updated_at",),
    )
