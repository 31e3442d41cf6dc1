"""Whose record has been read lately, by whom, and for what: a reading that goes on is recorded once.

A page that is loaded again, and a report that is run anew, say nothing that the access log does not know already. So
the log has each reader, purpose and student once in SECONDS, counted from the full hour; reading a thousand students
over and over would else name as many each time. Each process remembers for itself, so that several of them may each
record a reading.
"""

from dataclasses import replace

from models import ActorKind
from resolvers.trail.notes import Access

SECONDS = 600
# Some hundred megabytes at most.
BOUND = 1_000_000


class Recent:
    """Forgets everything when the next span of time begins, and when `bound` readings are known."""

    def __init__(self, bound: int = BOUND) -> None:
        self.bound = bound
        self.span = self.known = 0
        self._seen: dict[tuple[int, ActorKind, int, str | None], set[int]] = {}

    def fresh(self, access: Access) -> Access | None:
        """What of an access is to be recorded; None where all of it has been."""
        span = int(access.at.timestamp()) // SECONDS
        if span != self.span or self.known >= self.bound:
            self._seen.clear()
            self.span, self.known = span, 0
        reader = access.institution_id, access.actor_kind, access.actor_id, access.purpose
        seen = self._seen.setdefault(reader, set())
        students = access.students - seen
        if not students:
            return None
        seen |= students
        self.known += len(students) + 1
        return replace(access, students=students)
