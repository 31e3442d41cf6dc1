"""Whose tokens are, remembered for five seconds: looking one up costs more than a small read.

The memory is used only as long as the process hears of revocations; see `app.revocations`. What is looked up while one
comes in is not remembered, since it may have been read before the change.
"""

from resolvers.identity.revocation import Revocation
from resolvers.viewer import Viewer

SECONDS_REMEMBERED = 5.0
TOKENS_REMEMBERED = 10_000


class Viewers:
    """Viewers by the hashes of their tokens. Times are those of the event loop, in seconds."""

    def __init__(self) -> None:
        self.trusted = False
        self.heard = 0
        self._known: dict[bytes, tuple[float, Viewer]] = {}

    def get(self, name: bytes, now: float) -> Viewer | None:
        remembered = self._known.get(name)
        if remembered is None or not self.trusted:
            return None
        if remembered[0] > now:
            return remembered[1]
        del self._known[name]
        return None

    def keep(self, name: bytes, viewer: Viewer, *, until: float, heard: int) -> None:
        """Remember a viewer who was looked up when `heard` was what it was then."""
        if not self.trusted or heard != self.heard:
            return
        if len(self._known) >= TOKENS_REMEMBERED:
            self._known.clear()
        self._known[name] = (until, viewer)

    def trust(self) -> None:
        """From now on all revocations are heard."""
        if not self.trusted:
            self.trusted = True
            self.forget_all()

    def distrust(self) -> None:
        """Revocations may be missed."""
        self.trusted = False
        self.forget_all()

    def revoke(self, revocation: Revocation) -> None:
        self.heard += 1
        gone = [name for name, (_, viewer) in self._known.items() if revocation.concerns(viewer)]
        for name in gone:
            del self._known[name]

    def forget_all(self) -> None:
        self.heard += 1
        self._known.clear()
