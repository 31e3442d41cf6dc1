"""How a school presents itself."""

import datetime
from typing import Any

import strawberry

import models
import resolvers.institution.school_profile as resolve
from schema.entity import entity, own, relation
from schema.info import Info
from schema.institution.institution import Institution
from schema.node import Node
from schema.selection import NEEDS


@entity(models.SchoolProfile, prefix="spr")
class SchoolProfile(Node):
    school_name: str
    address: str | None
    phone: str | None
    email: str | None
    country: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    institution: Institution | None = relation(resolve.institution, "The school as a tenant: its code and status.")

    @strawberry.field(
        description="The school's time zone, by the setting SCHOOL_TIMEZONE: it decides which day today is.",
    )
    def time_zone(self, info: Info) -> str:
        return info.context.viewer.time_zone.key


@strawberry.type
class SchoolProfileQuery:
    school_profile: SchoolProfile | None = own(models.SchoolProfile, "How your school presents itself.")
