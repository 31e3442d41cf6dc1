"""An adult of one or more students."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.people.guardian as resolve
from schema import refs
from schema.connection import Connection, searched_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Guardian, students=resolve.students, external_ids=resolve.guardian_external_ids)
class GuardianWhere:
    id: IDFilter | None
    first_name: StringFilter | None
    last_name: StringFilter | None
    full_name: StringFilter | None
    mobile: StringFilter | None
    user: IDFilter | None
    created_at: DateTimeFilter | None
    updated_at: DateTimeFilter | None


GuardianOrder = ordering(models.Guardian, "full_name", "last_name", "first_name", "created_at", "updated_at")


@entity(models.Guardian, prefix="gua")
class Guardian(Node):
    full_name: str
    first_name: str | None
    last_name: str | None
    single_name: str | None
    mobile: str | None
    phone: str | None
    email: str | None
    occupation: str | None
    income: Decimal | None
    house_number: str | None
    street: str | None
    village: str | None
    commune: str | None
    district: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    country: str | None
    birth_district: str | None
    church: str | None
    believer: bool | None
    number_of_children: int | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    students: list[refs.StudentGuardian] = relation(
        resolve.students, "The students of the guardian, each with what holds between them."
    )
    user: refs.User | None = relation(resolve.user, "The guardian's own account, if there is one.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.guardian_external_ids, "What other systems call the guardian."
    )


@strawberry.type
class GuardianQuery:
    guardian: Guardian | None = lookup(models.Guardian, "A guardian by id; null where there is none that you may see.")
    guardians: Connection[Guardian] = searched_connection(
        models.Guardian, "Guardians that are in use, by name where no order is asked for.", default=("full_name",)
    )
