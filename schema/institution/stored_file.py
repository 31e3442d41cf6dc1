"""A picture: what it is, and where its bytes are."""

import datetime

import strawberry

import models
from schema.entity import entity, lookup
from schema.node import Node


@entity(models.StoredFile, prefix="fil")
class StoredFile(Node):
    url: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    created_at: datetime.datetime


@strawberry.type
class StoredFileQuery:
    stored_file: StoredFile | None = lookup(
        models.StoredFile, "A photo or logo by id; null where there is none that you may see."
    )
