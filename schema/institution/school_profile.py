"""How a school presents itself."""

import datetime

import strawberry

import models
import resolvers.institution.school_profile as resolve
from schema import refs
from schema.entity import entity, relation, singleton
from schema.info import Info
from schema.institution.institution import Institution
from schema.node import Node


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

    logo: refs.StoredFile | None = relation(resolve.logo, "The school's logo, if there is one.")

    @strawberry.field(description="Time zone that decides which day today is, by the setting SCHOOL_TIMEZONE.")
    def time_zone(self, info: Info) -> str:
        return info.context.viewer.time_zone.key


@strawberry.type
class SchoolProfileQuery:
    school_profile: SchoolProfile | None = singleton(
        resolve.of_institution, lambda viewer: viewer.institution_id, "How your school presents itself."
    )
