"""Where and how a student's family lives."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.people.family_info as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.FamilyInfo, external_ids=resolve.family_info_external_ids)
class FamilyInfoWhere:
    id: IDFilter | None
    student: IDFilter | None
    updated_at: DateTimeFilter | None


FamilyInfoOrder = ordering(models.FamilyInfo, "student_id", "updated_at")


@entity(models.FamilyInfo, prefix="fam")
class FamilyInfo(Node):
    living_with: str | None
    living_condition: str | None
    own_house: bool | None
    religion: str | None
    church: str | None
    duration_in_district: str | None
    can_help_school: bool | None
    help_amount: Decimal | None
    help_frequency: str | None
    know_school_from: str | None
    organisation_help: str | None
    poverty_card: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.family_info_external_ids, "What other systems call the family info."
    )


@strawberry.type
class FamilyInfoQuery:
    family_info: FamilyInfo | None = lookup(
        models.FamilyInfo, "A student's family information by id; null where there is none that you may see."
    )
    family_infos: Connection[FamilyInfo] = connection(
        models.FamilyInfo, "Family information of students.", default=("student_id",)
    )
