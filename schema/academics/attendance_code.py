"""The school's own attendance codes over the four fixed statuses."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.attendance_code as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(models.AttendanceCode, external_ids=resolve.attendance_code_external_ids)
class AttendanceCodeWhere:
    id: IDFilter | None
    code: StringFilter | None
    status: EnumFilter[models.AttendanceStatus] | None
    updated_at: DateTimeFilter | None


AttendanceCodeOrder = ordering(models.AttendanceCode, "code", "updated_at")


@entity(models.AttendanceCode, prefix="atc")
class AttendanceCode(Node):
    code: str
    label: str
    status: models.AttendanceStatus
    present_value: Decimal
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    external_ids: list[refs.ExternalId] = relation(
        resolve.attendance_code_external_ids, "What other systems call the attendance code."
    )


@strawberry.type
class AttendanceCodeQuery:
    attendance_code: AttendanceCode | None = lookup(
        models.AttendanceCode, "An attendance code by id; null where there is none that you may see."
    )
    attendance_codes: Connection[AttendanceCode] = connection(
        models.AttendanceCode, "The school's attendance codes.", default=("code",)
    )
