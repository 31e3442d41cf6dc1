"""Letters of a grading scale."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.grading_scale_band as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(models.GradingScaleBand, external_ids=resolve.grading_scale_band_external_ids)
class GradingScaleBandWhere:
    id: IDFilter | None
    grading_scale: IDFilter | None
    letter: StringFilter | None
    updated_at: DateTimeFilter | None


GradingScaleBandOrder = ordering(models.GradingScaleBand, "grading_scale_id", "updated_at")


@entity(models.GradingScaleBand, prefix="gsb")
class GradingScaleBand(Node):
    letter: str
    lower_bound: Decimal
    points: Decimal | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    grading_scale: refs.GradingScale | None = relation(resolve.grading_scale, "The scale.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.grading_scale_band_external_ids, "What other systems call the grading scale band."
    )


@strawberry.type
class GradingScaleBandQuery:
    grading_scale_band: GradingScaleBand | None = lookup(
        models.GradingScaleBand, "A letter of a grading scale by id; null where there is none that you may see."
    )
    grading_scale_bands: Connection[GradingScaleBand] = connection(
        models.GradingScaleBand, "Letters of grading scales.", default=("grading_scale_id",)
    )
