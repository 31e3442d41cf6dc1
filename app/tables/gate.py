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

    `school` is how many those of one institution may have at once; None: as many as there are.
    """

    def __init__(self, most: int, what: str = "export", *, each: int = 1, school: int | None = None) -> None:
        self.most = most
        self.what = what
        self.each = each
        self.school = most if school is None else school
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
        if self.school < self.most and self._of(viewer.home) >= self.school:
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

    def _of(self, institution_id: int) -> int:
        return sum(count for (home, _, _), count in self.inside.items() if home == institution_id)
