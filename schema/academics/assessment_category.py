"""Kinds of assessments and their weights."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.assessment_category as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.AssessmentCategory, assessments=resolve.assessments, external_ids=resolve.assessment_category_external_ids
)
class AssessmentCategoryWhere:
    id: IDFilter | None
    name: StringFilter | None
    updated_at: DateTimeFilter | None


AssessmentCategoryOrder = ordering(models.AssessmentCategory, "name", "updated_at")


@entity(models.AssessmentCategory, prefix="aca")
class AssessmentCategory(Node):
    name: str
    weight: Decimal | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    assessments: Connection[refs.Assessment] = related_connection(resolve.assessments, "Assessments of the kind.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.assessment_category_external_ids, "What other systems call the assessment category."
    )


@strawberry.type
class AssessmentCategoryQuery:
    assessment_category: AssessmentCategory | None = lookup(
        models.AssessmentCategory, "A kind of assessment by id; null where there is none that you may see."
    )
    assessment_categories: Connection[AssessmentCategory] = connection(
        models.AssessmentCategory, "Kinds of assessments by name.", default=("name",)
    )
