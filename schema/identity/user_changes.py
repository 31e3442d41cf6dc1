"""Mutations of user accounts and their roles."""

import datetime

import strawberry

import models
import resolvers.identity.role_changes as roles
import resolvers.identity.user_changes as users
from resolvers.identity.password_change import change_password
from schema import refs
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload, record

FIRST_DAY = "First day on which the role is held, in the school's time zone; null: from the start."
LAST_DAY = "Last day on which the role is held, inclusive, in the school's time zone; null: without an end."
VERSION = "The version that was read; another one now is a CONFLICT."


@strawberry.input(description="A role of a new user, and its days.")
class RoleSpanInput:
    role: models.Role = strawberry.field(description="The role; SUPERADMIN is given by a SUPERADMIN only.")
    begin_date: datetime.date | None = optional(FIRST_DAY)
    end_date: datetime.date | None = optional(LAST_DAY)


@strawberry.input(description="A new user account; a user name or an e-mail must be given.")
class CreateUserInput:
    username: str | None = optional(
        "Name to sign in with: 1 to 50 letters, digits, `.`, `_` and `-`, unique whatever the case."
    )
    email: str | None = optional(
        "E-mail, at most 100 characters, which can be signed in with too; unique whatever the case."
    )
    first_name: str | None = optional("First (given) name, at most 50 characters.")
    last_name: str | None = optional("Last (family) name, at most 50 characters.")
    mobile: str | None = optional("Mobile phone, at most 20 characters.")
    phone: str | None = optional("Another phone, at most 20 characters.")
    position: str | None = optional("Position at the school, at most 100 characters.")
    password: str | None = optional(
        "First password: at least 8 characters, or more where the school says so, and no common one. Null:"
        " the user cannot sign in with a password yet."
    )
    must_change_password: bool | None = optional(
        "Whether the first password has to be changed at the first sign-in; null: yes, where one is given."
    )
    roles: list[RoleSpanInput] | None = optional("Roles that the user holds; null: none.")


@strawberry.input(description="What to change about a user: what is left out stays as it is.")
class UpdateUserInput:
    id: strawberry.ID = key(models.User, "The user.")
    version: int = strawberry.field(description=VERSION)
    username: strawberry.Maybe[str | None] = strawberry.field(description="Name to sign in with; null: none.")
    email: strawberry.Maybe[str | None] = strawberry.field(description="E-mail; null: none.")
    first_name: strawberry.Maybe[str | None] = strawberry.field(description="First (given) name; null: none.")
    last_name: strawberry.Maybe[str | None] = strawberry.field(description="Last (family) name; null: none.")
    mobile: strawberry.Maybe[str | None] = strawberry.field(description="Mobile phone; null: none.")
    phone: strawberry.Maybe[str | None] = strawberry.field(description="Another phone; null: none.")
    position: strawberry.Maybe[str | None] = strawberry.field(description="Position at the school; null: none.")
    status: strawberry.Maybe[models.UserStatus | None] = strawberry.field(
        description="Whether the user may sign in; INACTIVE ends the user's sessions at once."
    )
    must_change_password: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether the user has to choose a new password before anything else."
    )


@strawberry.input(description="Whose lock to open.")
class UnlockUserInput:
    id: strawberry.ID = key(models.User, "The user.")


@strawberry.input(description="Whom to retire.")
class RetireUserInput:
    id: strawberry.ID = key(models.User, "The user.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Whom to bring back.")
class RestoreUserInput:
    id: strawberry.ID = key(models.User, "The user.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="A role to give to a user, and its days.")
class GrantRoleInput:
    user: strawberry.ID = key(models.User, "The user.")
    role: models.Role = strawberry.field(description="The role; SUPERADMIN is given by a SUPERADMIN only.")
    begin_date: datetime.date | None = optional(FIRST_DAY)
    end_date: datetime.date | None = optional(LAST_DAY)


@strawberry.input(description="A role to take back.")
class RevokeRoleInput:
    id: strawberry.ID = key(models.UserRole, "The role that the user holds.")
    version: int = strawberry.field(description=VERSION)
    end_date: datetime.date | None = optional(
        "Last day on which the role is held, in the school's time zone; null: it ends at once."
    )


@strawberry.input(description="The current password and the new one.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(
        description="The new one: at least 8 characters, or more where the school says so, and no common one."
    )


@payload("Whose password it is, or why it stays as it was.")
class ChangePasswordPayload:
    user: refs.User | None = record(models.User, "Your own account, as `me` shows it.", own=True)


@strawberry.type
class UserMutation:
    create_user = mutation(users.create_user, CreateUserInput, models.User, "Add a user account. For ADMIN.")
    update_user = mutation(users.update_user, UpdateUserInput, models.User, "Change a user account. For ADMIN.")
    unlock_user = mutation(
        users.unlock_user,
        UnlockUserInput,
        models.User,
        "Let a user sign in at once whom failed sign-ins have locked out. For ADMIN.",
    )
    retire_user = mutation(
        users.retire_user,
        RetireUserInput,
        models.User,
        "Take a user account out of use and end its sessions; it leaves all lists, and can be brought back. For ADMIN.",
    )
    restore_user = mutation(
        users.restore_user, RestoreUserInput, models.User, "Bring a retired user account back. For ADMIN."
    )
    grant_role = mutation(
        roles.grant_role,
        GrantRoleInput,
        models.UserRole,
        "Give a user a role, and end the user's sessions, which know the old ones. For ADMIN.",
    )
    revoke_role = mutation(
        roles.revoke_role,
        RevokeRoleInput,
        models.User,
        "Take a role back from a user, and end the user's sessions. For ADMIN.",
    )
    change_password = mutation(
        change_password,
        ChangePasswordInput,
        ChangePasswordPayload,
        "Choose a new password for the own account, which ends its other sessions. Five wrong current passwords in a"
        " row lock the account for fifteen minutes.",
    )
