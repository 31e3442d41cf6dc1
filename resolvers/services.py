"""What outlives an operation: one for each process, handed to every context."""

from collections.abc import Callable
from dataclasses import dataclass, field

from resolvers.files.store import FileStore
from resolvers.identity.attempts import Attempts
from resolvers.letters import Letter
from resolvers.sealing import Sealer

FAILURES_PER_MINUTE, TOKENS_PER_MINUTE = 20, 120


@dataclass(frozen=True)
class Services:
    """`attempts` slows down whoever guesses passwords, and `token_attempts` whoever guesses tokens.

    `refusal_seconds` is how long a sign-in that is refused takes at least, counted from its beginning.

    `sealer` has the keys of sealed texts, where they are known.

    `mail` has a letter sent behind the answer; None where there is no mail. `reset_url` is the page on which a new
    password is chosen, with {token} where the token goes.

    `files` keeps the bytes of files; None where there is no store.

    Keys are never made up here: what is sealed with a key that nobody kept is lost.
    """

    attempts: Attempts = field(default_factory=lambda: Attempts(FAILURES_PER_MINUTE))
    token_attempts: Attempts = field(default_factory=lambda: Attempts(TOKENS_PER_MINUTE))
    refusal_seconds: float = 0.0
    sealer: Sealer | None = None
    mail: Callable[[Letter], None] | None = None
    reset_url: str | None = None
    files: FileStore | None = None
