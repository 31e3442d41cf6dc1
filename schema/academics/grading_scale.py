"""How marks are read."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.grading_scale as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import BooleanFilter, DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.GradingScale, bands=resolve.bands, courses=resolve.courses, external_ids=resolve.grading_scale_external_ids
)
class GradingScaleWhere:
    id: IDFilter | None
    name: StringFilter | None
    school_default: BooleanFilter | None
    updated_at: DateTimeFilter | None


GradingScaleOrder = ordering(models.GradingScale, "name", "updated_at")


@entity(models.GradingScale, prefix="gsc")
class GradingScale(Node):
    name: str
    min_score: Decimal
    max_score: Decimal
    pass_mark: Decimal
    rounding_mode: models.RoundingMode
    decimals: int
    school_default: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    bands: list[refs.GradingScaleBand] = relation(resolve.bands, "Its letters, the best first.")
    courses: Connection[refs.Course] = related_connection(resolve.courses, "Courses that use it.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.grading_scale_external_ids, "What other systems call the grading scale."
    )


@strawberry.type
class GradingScaleQuery:
    grading_scale: GradingScale | None = lookup(
        models.GradingScale, "A grading scale by id; null where there is none that you may see."
    )
    grading_scales: Connection[GradingScale] = connection(
        models.GradingScale, "Grading scales by name.", default=("name",)
    )
