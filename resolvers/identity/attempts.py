"""How often one address may fail to sign in, whatever account it tries.

A bucket of tokens for each address: an attempt takes one, success gives it back, and they come back by themselves over
a minute. It is kept in the memory of one process, so that counting costs nothing and a flood of failures fills no
table; with several workers an address has its tokens in each of them. Memory is bounded: of more than `MOST` addresses
the one that has been quiet for longest is forgotten, and starts anew.
"""

import datetime
import ipaddress
import math
from collections import OrderedDict

from resolvers.errors import RateLimited

MOST = 10_000
MINUTE = 60.0
# Who has one IPv6 address has all of its network.
IPV6_NETWORK = 64


def neighbourhood(address: str | None) -> str:
    """What is counted as one address; what is none is counted together."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


class Attempts:
    """At most `per_minute` failures a minute from one address."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, datetime.datetime]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def take(self, address: str | None, now: datetime.datetime) -> None:
        """Count an attempt before it is made; raises RateLimited where there were too many."""
        name = neighbourhood(address)
        left = self._refilled(name, now)
        if left < 1:
            seconds = math.ceil((1 - left) * MINUTE / self.per_minute)
            raise RateLimited("Too many failed attempts from this address: try again later", retry_after=seconds)
        self._keep(name, left - 1, now)

    def give_back(self, address: str | None, now: datetime.datetime) -> None:
        """The attempt was a good one."""
        name = neighbourhood(address)
        self._keep(name, self._refilled(name, now) + 1, now)

    def _refilled(self, name: str, now: datetime.datetime) -> float:
        left, since = self._left.get(name, (float(self.per_minute), now))
        passed = max(0.0, (now - since).total_seconds())
        return min(float(self.per_minute), left + passed * self.per_minute / MINUTE)

    def _keep(self, name: str, left: float, now: datetime.datetime) -> None:
        if left >= self.per_minute:
            # A full bucket is one that was never used.
            self._left.pop(name, None)
            return
        self._left[name] = (left, now)
        self._left.move_to_end(name)
        if len(self._left) > MOST:
            self._left.popitem(last=False)
