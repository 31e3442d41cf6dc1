"""Signing in."""

import datetime
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import by_id
from resolvers.errors import Unauthenticated
from resolvers.identity.session import login
from schema import refs
from schema.entity import load
from schema.errors import UserError, user_error
from schema.info import Info

INPUT = strawberry.argument(description="Who signs in where.")


@strawberry.input(description="Who signs in where.")
class LoginInput:
    institution: str = strawberry.field(description="Code of the school, for example DEMO1.")
    username: str = strawberry.field(description="User name or e-mail; upper and lower case are alike.")
    password: str = strawberry.field(description="Password.")


@strawberry.type(description="An open session, or why there is none.")
class LoginPayload:
    token: str | None = strawberry.field(
        description="Send it as `Authorization: Bearer <token>`. It is shown only here. Null where sign-in failed."
    )
    expires_at: datetime.datetime | None = strawberry.field(
        description="When the session ends unless it is used before (instant, UTC); using it moves its end on."
    )
    errors: list[UserError] = strawberry.field(description="Why there is no session; empty where there is one.")

    @strawberry.field(graphql_type=refs.User | None, description="The user who has signed in.")
    async def user(self, info: Info) -> Any:
        return await load(info, by_id(models.User), info.context.viewer.user_id) if self.token else None


@strawberry.type
class SessionMutation:
    @strawberry.mutation(description="Open a session. Five failures in a row lock an account for fifteen minutes.")
    async def login(self, info: Info, input: Annotated[LoginInput, INPUT]) -> LoginPayload:
        context = info.context
        try:
            opened = await login(
                context.connections,
                institution=input.institution,
                username=input.username,
                password=input.password,
                now=context.now,
                client=context.client,
            )
        except Unauthenticated as error:
            return LoginPayload(token=None, expires_at=None, errors=[user_error(error)])
        context.sign_in(opened.viewer)
        return LoginPayload(token=opened.token, expires_at=opened.expires_at, errors=[])
