"""The tenant."""

import datetime

import strawberry

import models
from resolvers.batches import by_id
from schema.entity import entity, singleton
from schema.node import Node


@entity(models.Institution, prefix="ins")
class Institution(Node):
    code: str
    name: str
    status: models.InstitutionStatus
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int


@strawberry.type
class InstitutionQuery:
    institution: Institution | None = singleton(
        by_id(models.Institution), lambda viewer: viewer.institution_id, "The school that you are signed in to."
    )
