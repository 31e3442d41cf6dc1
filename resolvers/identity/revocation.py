"""Telling all processes that a session, a key, a user or an institution is not what it was.

Each process remembers for some seconds whose a token is. What changes that is told by NOTIFY in the transaction that
changes it, so it is heard when, and only when, that transaction has been committed.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ResetToken, Session
from resolvers.viewer import Viewer

CHANNEL = "schoolgraph_viewers"
TOLD = "revocations"


class Subject(StrEnum):
    """What a revocation is about."""

    INSTITUTION = "institution"
    KEY = "key"
    SESSION = "session"
    USER = "user"


@dataclass(frozen=True)
class Revocation:
    """Whoever it concerns must be looked up again. Users, sessions and keys are of the institution they are kept in."""

    subject: Subject
    institution_id: int
    id: int

    @classmethod
    def read(cls, text: str) -> "Revocation | None":
        """What was told on the channel; None for what is something else."""
        words = text.split(" ")
        if len(words) != 3 or words[0] not in set(Subject) or not (words[1] + words[2]).isdecimal():
            return None
        return cls(Subject(words[0]), int(words[1]), int(words[2]))

    def __str__(self) -> str:
        return f"{self.subject} {self.institution_id} {self.id}"

    def concerns(self, viewer: Viewer) -> bool:
        if self.subject is Subject.INSTITUTION:
            return self.id in (viewer.home, viewer.institution_id)
        if viewer.home != self.institution_id:
            return False
        if self.subject is Subject.KEY:
            return viewer.key_id == self.id
        held = viewer.session_id if self.subject is Subject.SESSION else viewer.user_id
        return viewer.key_id is None and held == self.id


async def tell(session: AsyncSession, subject: Subject, institution_id: int, id: int) -> None:
    """Have the processes forget what they know of the subject once the transaction is committed."""
    revocation = Revocation(subject, institution_id, id)
    session.info.setdefault(TOLD, []).append(revocation)
    await session.execute(select(func.pg_notify(CHANNEL, str(revocation))))


def told(session: AsyncSession) -> list[Revocation]:
    """What a session has told: its own process acts on it right after the commit, others when they hear of it."""
    found: list[Revocation] = session.info.pop(TOLD, [])
    return found


async def forget_user(session: AsyncSession, institution_id: int, user_id: int) -> None:
    """The user's roles or state have changed: the sessions stay open, and see it at their next request."""
    await tell(session, Subject.USER, institution_id, user_id)


async def end_sessions(session: AsyncSession, institution_id: int, user_id: int, *, but: int | None = None) -> int:
    """End all sessions of a user, `but` one where it is given; how many there were."""
    theirs = delete(Session).where(Session.institution_id == institution_id, Session.user_id == user_id)
    if but is not None:
        theirs = theirs.where(Session.id != but)
    ended = list(await session.scalars(theirs.returning(Session.id)))
    await forget_user(session, institution_id, user_id)
    return len(ended)


async def void_reset_tokens(session: AsyncSession, institution_id: int, user_id: int) -> None:
    """No token made for the user before this sets a password any more, wherever it was sent to."""
    theirs = delete(ResetToken).where(ResetToken.institution_id == institution_id, ResetToken.user_id == user_id)
    await session.execute(theirs)


async def end_sessions_in(session: AsyncSession, institution_id: int) -> int:
    """End all sessions of an institution's users, as for one that is suspended; how many there were.

    Operators of other institutions who act in it are refused at their next request.
    """
    ended = await session.scalars(delete(Session).where(Session.institution_id == institution_id).returning(Session.id))
    await tell(session, Subject.INSTITUTION, institution_id, institution_id)
    return len(list(ended))
