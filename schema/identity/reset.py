"""Setting a password anew: by a token that ADMIN hands over, or that is sent by e-mail."""

import datetime

import strawberry

import models
import resolvers.identity.new_password as choose
import resolvers.identity.reset as resolve
from schema import refs
from schema.inputs import key
from schema.mutation import mutation
from schema.payload import payload, record


@strawberry.input(description="Whose password is set anew.")
class ResetPasswordInput:
    user: strawberry.ID = key(models.User, "The user.")


@strawberry.input(description="Who has forgotten a password.")
class RequestPasswordResetInput:
    institution: str = strawberry.field(description="Code of the school.")
    username: str = strawberry.field(description="User name or e-mail; upper and lower case are alike.")


@strawberry.input(description="A new password, and what allows to set it.")
class SetPasswordInput:
    token: str = strawberry.field(description="What `resetPassword` has shown, or a letter has brought.")
    new_password: str = strawberry.field(description="The new password.")


@payload("A token to hand over, or why there is none.")
class ResetPasswordPayload:
    token: str | None = strawberry.field(
        description="With it `setPassword` sets a new password, once. It is shown only here."
    )
    expires_at: datetime.datetime | None = strawberry.field(description="Until when it is good (instant, UTC).")
    user: refs.User | None = record(models.User, "Whose password it sets.")


@payload("That it was asked for: the answer is the same whether there is such an account or not.")
class RequestPasswordResetPayload:
    accepted: bool | None = strawberry.field(
        description="True: if there is such an account, and it has an e-mail address, a letter is on its way."
    )


@payload("Whether the password has been set.")
class SetPasswordPayload:
    changed: bool | None = strawberry.field(description="True where it has been set; sign in with it now.")


@strawberry.type
class ResetMutation:
    reset_password = mutation(
        resolve.reset_password,
        ResetPasswordInput,
        ResetPasswordPayload,
        "Make a token for somebody to set a new password with, good once, for 24 hours; their sessions end. For ADMIN.",
    )
    request_password_reset = mutation(
        resolve.request_password_reset,
        RequestPasswordResetInput,
        RequestPasswordResetPayload,
        "Have such a token sent to the e-mail address of the account. Nobody need be signed in.",
    )
    set_password = mutation(
        choose.set_password,
        SetPasswordInput,
        SetPasswordPayload,
        "Set a new password with a token; all sessions of the account end. Nobody need be signed in.",
    )
