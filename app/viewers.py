"""Whose tokens are, remembered for five seconds: looking one up costs more than a small read.

Whoever brings a token that is being looked up waits for that: of a page that asks for ten things at once it is one.

The memory is used only as long as the process hears of revocations; see `app.revocations`. What is looked up while one
comes in is not remembered, since it may have been read before the change.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

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
        self._looking: dict[Hashable, asyncio.Task[Viewer]] = {}

    async def once(self, name: Hashable, look: Callable[[], Coroutine[Any, Any, Viewer]]) -> Viewer:
        """What a look-up finds or raises, shared with those who ask for the same meanwhile.

        One that began before a revocation came in is not shared with who asks after it.
        """
        if not self.trusted:
            return await look()
        key = (name, self.heard)
        task = self._looking.get(key)
        if task is None:
            task = self._looking[key] = asyncio.create_task(look())
            task.add_done_callback(lambda _: self._looking.pop(key))
        # Others wait for it, too, when one of them goes away.
        return await asyncio.shield(task)

    async def settled(self) -> None:
        """Wait for look-ups that nobody may wait for any more."""
        await asyncio.gather(*self._looking.values(), return_exceptions=True)

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
