"""Which roles a user holds, and when."""

import datetime

import strawberry

import models
import resolvers.identity.user_role as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.UserRole, external_ids=resolve.user_role_external_ids)
class UserRoleWhere:
    id: IDFilter | None
    user: IDFilter | None
    role: EnumFilter[models.Role] | None
    updated_at: DateTimeFilter | None


UserRoleOrder = ordering(models.UserRole, "role", "updated_at")


@entity(models.UserRole, prefix="uro")
class UserRole(Node):
    role: models.Role
    begin_date: datetime.date | None
    end_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    user: refs.User | None = relation(resolve.user, "The user.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.user_role_external_ids, "What other systems call the user role."
    )


@strawberry.type
class UserRoleQuery:
    user_role: UserRole | None = lookup(
        models.UserRole, "A role that a user holds by id; null where there is none that you may see."
    )
    user_roles: Connection[UserRole] = connection(models.UserRole, "Roles that users hold.", default=("role",))
