"""How many exports or printed reports run at once.

An export holds a connection and a snapshot for as long as its client takes to read it; a report, the printer.
"""

import contextlib
from collections.abc import Iterator

from models import ActorKind
from resolvers.errors import RateLimited
from resolvers.viewer import Viewer

RETRY_SECONDS = 15
Who = tuple[int, ActorKind, int]


class Gate:
    """Lets `most` of this process run at once, and one of each user or API key; `what` is what an error calls them."""

    def __init__(self, most: int, what: str = "export") -> None:
        self.most = most
        self.what = what
        self.inside: set[Who] = set()

    @contextlib.contextmanager
    def entered(self, viewer: Viewer) -> Iterator[None]:
        """Raises RateLimited where there is no room."""
        who = viewer.home, viewer.actor_kind, viewer.actor_id
        if who in self.inside:
            raise RateLimited(f"Another {self.what} of yours is running: wait for its end", retry_after=RETRY_SECONDS)
        if len(self.inside) >= self.most:
            raise RateLimited(
                f"As many {self.what}s are running as this server takes at once", retry_after=RETRY_SECONDS
            )
        self.inside.add(who)
        try:
            yield
        finally:
            self.inside.remove(who)
