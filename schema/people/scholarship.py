"""Aid that a student receives."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.people.scholarship as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Scholarship, external_ids=resolve.scholarship_external_ids)
class ScholarshipWhere:
    id: IDFilter | None
    student: IDFilter | None
    status: EnumFilter[models.ScholarshipStatus] | None
    start_date: DateFilter | None
    updated_at: DateTimeFilter | None


ScholarshipOrder = ordering(models.Scholarship, "start_date", "status", "updated_at")


@entity(models.Scholarship, prefix="sch")
class Scholarship(Node):
    name: str
    provider: str | None
    basis: str | None
    amount: Decimal | None
    currency: str | None
    status: models.ScholarshipStatus
    start_date: datetime.date
    end_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student who receives it.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.scholarship_external_ids, "What other systems call the scholarship."
    )


@strawberry.type
class ScholarshipQuery:
    scholarship: Scholarship | None = lookup(
        models.Scholarship, "A scholarship by id; null where there is none that you may see."
    )
    scholarships: Connection[Scholarship] = connection(
        models.Scholarship, "Scholarships, the latest first.", default=("-start_date",)
    )
