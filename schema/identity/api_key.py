"""API keys of report generators and integrations. What opens the school is shown once, when the key is made."""

import datetime

import strawberry

import models
import resolvers.identity.api_key as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup
from schema.inputs import key
from schema.mutation import mutation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.payload import payload, record
from schema.where import where


@where(models.ApiKey)
class ApiKeyWhere:
    id: IDFilter | None
    name: StringFilter | None
    expires_at: DateTimeFilter | None


ApiKeyOrder = ordering(models.ApiKey, "name", "expires_at")


@entity(models.ApiKey, prefix="key")
class ApiKey(Node):
    name: str
    prefix: str
    role: models.Role
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None


@strawberry.input(description="A key to make.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="What it is for, 1 to 100 characters; unique in the school.")
    role: models.Role = strawberry.field(description="What it may do: ADMIN, REGISTRAR or REPORTER.")
    expires_at: strawberry.Maybe[datetime.datetime | None] = strawberry.field(
        description="When it ends (instant, UTC); null or absent: never."
    )


@strawberry.input(description="Which key is taken back.")
class RevokeApiKeyInput:
    id: strawberry.ID = key(models.ApiKey, "The key.")


@payload("A key just made, or why there is none.")
class CreateApiKeyPayload:
    key: str | None = strawberry.field(
        description="Send it as `Authorization: Bearer <key>`. It is shown only here, and cannot be asked for again."
    )
    api_key: refs.ApiKey | None = record(models.ApiKey, "The key as lists show it.")


@strawberry.type
class ApiKeyQuery:
    api_key: ApiKey | None = lookup(
        models.ApiKey, "An API key by id; null where there is none that you may see. Seen by ADMIN."
    )
    api_keys: Connection[ApiKey] = connection(
        models.ApiKey,
        "API keys by name, those included that have ended or were taken back. Seen by ADMIN; to others it is empty.",
        default=("name",),
    )


@strawberry.type
class ApiKeyMutation:
    create_api_key = mutation(
        resolve.create_api_key, CreateApiKeyInput, CreateApiKeyPayload, "Make a key for a program. For ADMIN."
    )
    revoke_api_key = mutation(
        resolve.revoke_api_key, RevokeApiKeyInput, models.ApiKey, "Take a key back, for good and at once. For ADMIN."
    )
