"""Sessions: who is signed in, from where, and ending that."""

import datetime

import strawberry

import models
import resolvers.identity.session as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.info import Info
from schema.inputs import key
from schema.mutation import mutation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.payload import payload
from schema.selection import NEEDS
from schema.where import where


@where(models.Session)
class SessionWhere:
    id: IDFilter | None
    user: IDFilter | None
    expires_at: DateTimeFilter | None


SessionOrder = ordering(models.Session, "expires_at")


@entity(models.Session, prefix="ses")
class Session(Node):
    created_at: datetime.datetime
    last_seen_at: datetime.datetime
    expires_at: datetime.datetime
    user_agent: str | None
    address: str | None

    user: refs.User | None = relation(resolve.user, "Who is signed in.")

    @strawberry.field(description="Whether it is the session of this request.", metadata={NEEDS: ("id",)})
    def current(self, info: Info) -> bool:
        row: models.Session = self  # type: ignore[assignment]
        return row.id == info.context.viewer.session_id


@strawberry.input(description="Which session ends.")
class RevokeSessionInput:
    id: strawberry.ID = key(models.Session, "The session: an own one, or as ADMIN any of the school.")


@strawberry.input(description="Whose sessions end.")
class RevokeSessionsInput:
    user: strawberry.ID = key(models.User, "The user: oneself, or as ADMIN anybody of the school.")


ENDED = "How many sessions have ended; null where it was refused."


@payload("Whether there was a session to end.")
class LogoutPayload:
    ended: int | None = strawberry.field(description=ENDED)


@payload("What has ended, or why nothing has.")
class RevokeSessionPayload:
    ended: int | None = strawberry.field(description=ENDED)


@payload("What has ended, or why nothing has.")
class RevokeSessionsPayload:
    ended: int | None = strawberry.field(description=ENDED)


@strawberry.type
class SessionQuery:
    session: Session | None = lookup(models.Session, "A session by id; null where there is none that you may see.")
    sessions: Connection[Session] = connection(
        models.Session,
        "Open sessions, the longest first: your own, and as ADMIN all of the school. An operator's are kept with the"
        " account: see `me`.",
        default=("-expires_at",),
    )


@strawberry.type
class SessionMutation:
    logout = mutation(
        resolve.logout,
        None,
        LogoutPayload,
        "End the session of this request, if it has one, and have the browser forget its cookie.",
    )
    revoke_session = mutation(
        resolve.revoke_session, RevokeSessionInput, RevokeSessionPayload, "End one session, at once."
    )
    revoke_sessions = mutation(
        resolve.revoke_sessions,
        RevokeSessionsInput,
        RevokeSessionsPayload,
        "End all sessions of a user at once, that of this request too if it is one of them.",
    )
