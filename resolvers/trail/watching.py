"""What one viewer is refused within a span of time, counted until it is too much.

Kept in the memory of one process, so that watching costs no statement; with several workers each counts what went
through it. Memory is bounded: of more than BOUND things the viewers who have been quiet for longest are forgotten.
"""

import itertools
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from resolvers.trail.alarms import Alarm, AlarmKind, Refused

# Some fifty megabytes at most.
BOUND = 300_000


@dataclass
class _Seen:
    """Things by the time when they were last seen, the oldest first; until `quiet` nothing is counted."""

    times: dict[Hashable, float] = field(default_factory=dict)
    quiet: float = 0.0


class Tally:
    """How many different things each viewer has seen within the last `seconds`; more than `most` is too many."""

    def __init__(self, most: int, seconds: float, bound: int = BOUND) -> None:
        self.most = most
        self.seconds = seconds
        self.bound = bound
        self.known = 0
        self._seen: OrderedDict[Hashable, _Seen] = OrderedDict()

    def add(self, who: Hashable, things: Iterable[Hashable], now: float) -> int | None:
        """How many there are, where these are too many; the same viewer is then left alone for as long a span."""
        if who not in self._seen:
            self._seen[who] = _Seen()
            self.known += 1
        self._seen.move_to_end(who)
        seen = self._seen[who]
        if now < seen.quiet:
            return None
        before = len(seen.times)
        _renew(seen.times, things, now, now - self.seconds)
        count = len(seen.times)
        if count > self.most:
            seen.times.clear()
            seen.quiet = now + self.seconds
        self.known += len(seen.times) - before
        self._forget()
        return count if count > self.most else None

    def _forget(self) -> None:
        while self.known > self.bound:
            _, seen = self._seen.popitem(last=False)
            self.known -= len(seen.times) + 1


def _renew(times: dict[Hashable, float], things: Iterable[Hashable], now: float, until: float) -> None:
    """Things seen now stand last; those last seen at `until` or before are gone."""
    for thing in things:
        times.pop(thing, None)
        times[thing] = now
    while times and next(iter(times.values())) <= until:
        del times[next(iter(times))]


class Watch:
    """Sees refusals go by, and says when one viewer's are too many."""

    def __init__(self, *, refusals: int, minutes: int) -> None:
        self.seconds = minutes * 60
        self._refusals = Tally(refusals, self.seconds)
        self._numbers = itertools.count()

    def refused(self, refused: Refused) -> Alarm | None:
        """The alarm of a viewer who goes on asking for what is not theirs."""
        each = itertools.islice(self._numbers, refused.count)
        who = refused.institution_id, refused.actor_kind, refused.actor_id
        count = self._refusals.add(who, each, refused.at.timestamp())
        if count is None:
            return None
        details = {"refusals": count, "minutes": self.seconds // 60}
        return Alarm(AlarmKind.REFUSALS, *who, refused.at, refused.request_id, details=details)
