"""Who is asking."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models import Role


@dataclass(frozen=True)
class Viewer:
    """A signed-in user in one institution; `session_id` is the session that the token opened.

    `time_zone` is the school's, and decides which day "today" is.
    """

    user_id: int
    institution_id: int
    roles: frozenset[Role]
    time_zone: ZoneInfo
    session_id: int

    def today(self, now: datetime.datetime) -> datetime.date:
        return now.astimezone(self.time_zone).date()
