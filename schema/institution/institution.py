"""The tenant."""

import datetime

import strawberry

import models
from schema.entity import entity, own
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
    institution: Institution | None = own(models.Institution, "The school that you are signed in to.")
