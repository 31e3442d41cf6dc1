"""Who is asking, and in which institution; operators choose it here."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import strawberry

import models
from resolvers.batches import by_id
from resolvers.identity.acting import Place, act_in, places
from resolvers.viewer import Viewer as Asking
from schema import refs
from schema.entity import load
from schema.info import Info
from schema.mutation import mutation
from schema.payload import payload
from schema.reads import OWN

MINE = {OWN: True}


@strawberry.type(description="An institution that the viewer may act in.")
class ViewerInstitution:
    code: str = strawberry.field(description="What people sign in with, and `actIn` takes.")
    name: str = strawberry.field(description="Name of the institution.")
    status: models.InstitutionStatus = strawberry.field(description="Whether it is in use.")
    home: bool = strawberry.field(description="Whether the viewer's account is of this institution.")
    acting: bool = strawberry.field(description="Whether the viewer acts in it now: all data are of this one.")


@strawberry.type(description="Who is asking: a user who has signed in, or an API key.")
class Viewer:
    kind: models.ActorKind = strawberry.field(description="USER or API_KEY.")
    roles: list[models.Role] = strawberry.field(
        description="Roles that count in this request: those held today, or in another institution SUPERADMIN alone."
    )
    must_change_password: bool = strawberry.field(
        description="Whether nothing but `changePassword`, `logout`, `me` and `viewer` is allowed yet."
    )
    institutions: list[ViewerInstitution] = strawberry.field(
        description="The institution of the account, and those that an operator may act in besides, by code."
    )

    @strawberry.field(
        graphql_type=refs.User | None, description="The account, as `me` shows it; null of an API key.", metadata=MINE
    )
    async def user(self, info: Info) -> Any:
        viewer = info.context.viewer
        return await load(info, by_id(models.User), viewer.user_id)

    @strawberry.field(graphql_type=refs.Session | None, description="The session; null of an API key.", metadata=MINE)
    async def session(self, info: Info) -> Any:
        return await load(info, by_id(models.Session), info.context.viewer.session_id)


def _shown(viewer: Asking, found: Sequence[Place]) -> Any:
    return SimpleNamespace(
        kind=viewer.actor_kind,
        roles=sorted(viewer.roles),
        must_change_password=viewer.must_change_password,
        institutions=[
            SimpleNamespace(
                code=place.code,
                name=place.name,
                status=place.status,
                home=place.id == viewer.home,
                acting=place.id == viewer.institution_id,
            )
            for place in found
        ],
    )


async def _viewer(info: Info) -> Any:
    return _shown(info.context.viewer, await places(info.context))


@strawberry.input(description="Where to act.")
class ActInInput:
    institution: str = strawberry.field(description="Code of the institution.")


@payload("Who is asking now, or why nothing has changed.")
class ActInPayload:
    @strawberry.field(graphql_type=Viewer | None, description="Who is asking from now on, and where.")
    async def viewer(self, info: Info) -> Any:
        asking: Any = self
        return None if asking.errors else await _viewer(info)


@strawberry.type
class ViewerQuery:
    viewer: Viewer | None = strawberry.field(
        resolver=_viewer, description="Who is asking, with which roles, and in which institution."
    )


@strawberry.type
class ViewerMutation:
    act_in = mutation(
        act_in,
        ActInInput,
        ActInPayload,
        "Act in another institution from now on. For SUPERADMIN, with the session as it is: the token stays.",
    )
