"""What outlives an operation: one for each process, handed to every context."""

from dataclasses import dataclass, field

from resolvers.identity.attempts import Attempts
from resolvers.sealing import Sealer

FAILURES_PER_MINUTE = 20


@dataclass(frozen=True)
class Services:
    """`attempts` slows down whoever guesses passwords; `sealer` has the keys of sealed texts, where they are known.

    Keys are never made up here: what is sealed with a key that nobody kept is lost.
    """

    attempts: Attempts = field(default_factory=lambda: Attempts(FAILURES_PER_MINUTE))
    sealer: Sealer | None = None
