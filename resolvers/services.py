"""What outlives an operation: one for each process, handed to every context."""

from dataclasses import dataclass, field

from resolvers.identity.attempts import Attempts

FAILURES_PER_MINUTE = 20


@dataclass(frozen=True)
class Services:
    """`attempts` slows down whoever guesses passwords."""

    attempts: Attempts = field(default_factory=lambda: Attempts(FAILURES_PER_MINUTE))
