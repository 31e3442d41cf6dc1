"""Who is asking."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models import ActorKind, Role

# Keys of users and sessions count from 1.
NOBODY = 0


@dataclass(frozen=True)
class Viewer:
    """A signed-in user, or an API key, in one institution.

    `institution_id` is the institution that the operation is about; an operator may act in another than the one the
    account is of, and that is `home`. `session_id` is the session that the token opened. Of an API key there is
    neither user nor session: both are NOBODY, and `key_id` says which key it is. `time_zone` is the school's, and
    decides which day "today" is. Somebody who must change the password has no roles until it is changed.
    """

    user_id: int
    institution_id: int
    roles: frozenset[Role]
    time_zone: ZoneInfo
    session_id: int
    home_institution_id: int | None = None
    key_id: int | None = None
    must_change_password: bool = False

    @property
    def home(self) -> int:
        """The institution of the account."""
        return self.home_institution_id or self.institution_id

    @property
    def away(self) -> bool:
        """Whether an operator acts in another institution than the one that the account is of."""
        return self.home != self.institution_id

    @property
    def actor_kind(self) -> ActorKind:
        return ActorKind.USER if self.key_id is None else ActorKind.API_KEY

    @property
    def actor_id(self) -> int:
        """The key of the user or of the API key, as the trail records it."""
        return self.user_id if self.key_id is None else self.key_id

    def today(self, now: datetime.datetime) -> datetime.date:
        return now.astimezone(self.time_zone).date()


class Program(Viewer):
    """Whoever works at the server's own machine, by the command line: neither a user nor a key of any school."""

    @property
    def actor_kind(self) -> ActorKind:
        return ActorKind.SYSTEM
