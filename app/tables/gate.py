"""How many exports, printed reports or uploads run at once.

An export holds a connection and a snapshot for as long as its client takes to read it; a report, the printer; an
upload, its files, and the memory that they are looked through in.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator

from models import ActorKind
from resolvers.errors import RateLimited
from resolvers.viewer import Viewer

RETRY_SECONDS = 15
Who = tuple[int, ActorKind, int]


class Gate:
    """Lets `most` of this process run at once, and `each` of one user or API key; `what` is what errors call one.

    Where they are `shared`, an institution has one, and more up to half of what the others leave: from three places on
    two institutions cannot take all, from five on three cannot, and from nine on four cannot.
    """

    def __init__(self, most: int, what: str = "export", *, each: int = 1, shared: bool = False) -> None:
        self.most = most
        self.what = what
        self.each = each
        self.shared = shared
        self.inside: Counter[Who] = Counter()

    @contextlib.contextmanager
    def entered(self, viewer: Viewer) -> Iterator[None]:
        """Raises RateLimited where there is no room."""
        who = viewer.home, viewer.actor_kind, viewer.actor_id
        if self.inside[who] >= self.each:
            one, several = f"Another {self.what} of yours is", f"{self.each} {self.what}s of yours are"
            running = one if self.each == 1 else several
            raise RateLimited(
                f"{running} running: wait for {'its' if self.each == 1 else 'an'} end", retry_after=RETRY_SECONDS
            )
        if self.shared and self._has_its_share(viewer.home):
            raise RateLimited(
                f"As many {self.what}s of your school are running as this server takes of one at once",
                retry_after=RETRY_SECONDS,
            )
        if self.inside.total() >= self.most:
            raise RateLimited(
                f"As many {self.what}s are running as this server takes at once", retry_after=RETRY_SECONDS
            )
        self.inside[who] += 1
        try:
            yield
        finally:
            self.inside -= Counter([who])

    def _has_its_share(self, institution_id: int) -> bool:
        own = sum(count for (home, _, _), count in self.inside.items() if home == institution_id)
        others = self.inside.total() - own
        return own > 0 and 2 * (own + 1) > self.most - others
