"""A mutation is repeated as a whole where the database gave way to others, or went away before the commit.

A deadlock, a serialization failure and a lock that was not got in time leave nothing done, and so does a connection
that is lost before COMMIT was sent. After it nobody knows, unless the call has a key under which its answer is found.
"""

import asyncio
import random
from collections.abc import Iterable

from graphql import GraphQLError

from resolvers.connection import is_lost
from resolvers.context import Context
from resolvers.errors import Busy

# Seconds before each repetition, at most; half of it at least, so that two who met do not meet again.
PAUSES = (0.02, 0.08, 0.32)


class Repeats:
    """The repetitions that are left of one top-level mutation field."""

    def __init__(self, context: Context) -> None:
        self.context = context
        context.attempts_left = len(PAUSES)

    async def wanted(self, errors: Iterable[GraphQLError], *, repeatable: bool) -> bool:
        """Whether to do it again, after a pause, because of these errors of its field and payload."""
        if not self.context.attempts_left or not repeatable or not any(map(_passing, errors)):
            return False
        pause = PAUSES[-self.context.attempts_left]
        self.context.attempts_left -= 1
        await asyncio.sleep(pause * random.uniform(0.5, 1))
        return True


def _passing(error: GraphQLError) -> bool:
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause is not None and (isinstance(cause, Busy) or is_lost(cause))
