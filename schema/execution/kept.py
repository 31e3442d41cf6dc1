"""What is remembered of an operation, bounded: what was used longest ago is dropped first.

Nothing of it is a value of a request. What depends on who is asking is kept for each set of roles (`KINDS`), and what
else a statement needs of a viewer is bound when it runs.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# As many kinds of viewers as are at work at a time.
KINDS = 8


class Kept(OrderedDict[K, V]):
    """At most so many values."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def find(self, key: K) -> V | None:
        """A value, which is used by that; None where there is none."""
        found = self.get(key)
        if found is not None:
            self.move_to_end(key)
        return found

    def keep(self, key: K, value: V) -> V:
        self[key] = value
        while len(self) > self.most:
            self.popitem(last=False)
        return value
