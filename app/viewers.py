"""Whose tokens are, remembered for five seconds: looking one up costs more than a small read.

The memory is used only as long as the process hears of revocations; see `app.revocations`. What is looked up while one
comes in is not remembered, since it may have been read before the change.

So long, too, a look-up that has just begun is shared with whoever brings the same token from the same address, as a
page does that asks for ten things at once: a bad token counts as one attempt of the address then. It is given up when
nobody waits for it any more.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

from resolvers.identity.revocation import Revocation
from resolvers.identity.session_viewer import Known
from resolvers.viewer import Viewer

SECONDS_REMEMBERED = 5.0
TOKENS_REMEMBERED = 10_000
# What is asked at once comes within some milliseconds.
SECONDS_TO_JOIN = 0.25


@dataclass
class _Looking:
    """A look-up that goes on, and how many wait for it."""

    task: asyncio.Task[Known]
    since: float
    waiting: int = 0


class Viewers:
    """Viewers by the hashes of their tokens. Times are those of the event loop, in seconds."""

    def __init__(self) -> None:
        self.trusted = False
        self.heard = 0
        self._known: dict[bytes, tuple[float, Viewer]] = {}
        self._looking: dict[Hashable, _Looking] = {}

    async def once(self, asked: Hashable, look: Callable[[], Coroutine[Any, Any, Known]]) -> Known:
        """What a look-up finds or raises, shared with those for whom the same is asked just then.

        One that began before a revocation came in is not shared with who asks after it.
        """
        if not self.trusted:
            return await look()
        looking = self._joined((asked, self.heard), look)
        looking.waiting += 1
        try:
            # Others wait for it, too, when one of them goes away.
            return await asyncio.shield(looking.task)
        finally:
            looking.waiting -= 1
            if not (looking.waiting or looking.task.done()):
                looking.task.cancel()
                await asyncio.wait({looking.task})

    def _joined(self, key: Hashable, look: Callable[[], Coroutine[Any, Any, Known]]) -> _Looking:
        now = asyncio.get_running_loop().time()
        found = self._looking.get(key)
        # A cancelled one is ending: who comes meanwhile has not asked for that.
        if found is None or not found.waiting or found.since + SECONDS_TO_JOIN < now:
            begun = found = self._looking[key] = _Looking(asyncio.create_task(look()), now)
            begun.task.add_done_callback(lambda _: self._ended(key, begun))
        return found

    def _ended(self, key: Hashable, looking: _Looking) -> None:
        if self._looking.get(key) is looking:
            del self._looking[key]

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
