"""Signing in."""

import datetime

import strawberry

import models
from resolvers.identity.login import login
from schema import refs
from schema.mutation import mutation
from schema.payload import payload, record


@strawberry.input(description="Who signs in where.")
class LoginInput:
    institution: str = strawberry.field(description="Code of the school, for example DEMO1.")
    username: str = strawberry.field(description="User name or e-mail; upper and lower case are alike.")
    password: str = strawberry.field(description="Password.")
    cookie: bool = strawberry.field(
        default=False,
        description="For apps in a browser: have it keep the session in a cookie that scripts cannot read, instead of"
        " telling the token. Only for pages of this server and of the origins that it names.",
    )


@payload("An open session, or why there is none.")
class LoginPayload:
    token: str | None = strawberry.field(
        description="Send it as `Authorization: Bearer <token>`. It is shown only here. Null where sign-in failed, and"
        " where a cookie holds it."
    )
    expires_at: datetime.datetime | None = strawberry.field(
        description="When the session ends unless it is used before (instant, UTC); using it moves its end on."
    )
    user: refs.User | None = record(models.User, "The user who has signed in.")


@strawberry.type
class LoginMutation:
    login = mutation(
        login,
        LoginInput,
        LoginPayload,
        "Open a session. Five failures in a row lock an account for fifteen minutes.",
    )
