"""Who has read the records of unusually many students: counted in the access log, and so over all workers and servers.

Counting after each operation would cost more than the reading. A viewer is counted again once another tenth of what is
unusual was written for them by this process: an alarm comes at the latest that much behind. A viewer of whom an alarm
has told is not counted while no second one would be raised: else those who read much would cost the more, the more they
read. How many are unusual is a setting of the server, or of the school where it has one of its own under OWN.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind
from resolvers.trail.alarms import Alarm, AlarmKind
from resolvers.trail.notes import Access
from resolvers.writing.recording import AUDITED

OWN = "ALARM_MASS_READ_STUDENTS"
# Viewers who are remembered; beyond these all are counted afresh.
BOUND = 100_000
Who = tuple[int, ActorKind, int]
COUNT = text(f"""
    WITH own AS (
        SELECT coalesce((SELECT CAST(value AS integer) FROM configuration_setting
                         WHERE institution_id = :tenant AND category = 'GENERAL' AND key = '{OWN}'
                           AND value ~ '^[1-9][0-9]{{0,8}}$'), :most) AS most
    )
    SELECT v.n, own.most, told.at AS told,
           CASE WHEN told.at IS NULL THEN (
               SELECT count(DISTINCT s.id) FROM access_log l, unnest(l.student_ids) AS s(id)
               WHERE l.institution_id = :tenant AND l.actor_kind = v.kind AND l.actor_id = v.actor
                 AND l.at > v.since) END AS students
    FROM own, unnest(CAST(:kinds AS text[]), CAST(:actors AS bigint[]), CAST(:since AS timestamptz[]))
        WITH ORDINALITY AS v(kind, actor, since, n),
        LATERAL (SELECT max(a.at) AS at FROM activity_log a
                 WHERE a.institution_id = :tenant AND a.action = 'alarm.mass_read'
                   AND a.actor_kind = v.kind AND a.actor_id = v.actor AND a.at > v.since) AS told
    ORDER BY v.n
""").execution_options(**AUDITED)


class MassReads:
    """More than `students` different ones within `minutes` are unusual; for as long no second alarm is raised."""

    def __init__(self, *, students: int, minutes: int) -> None:
        self.students = students
        self.minutes = minutes
        self.span = datetime.timedelta(minutes=minutes)
        # The instant of the last alarm about a viewer that the log has, whichever process raised it.
        self._alarmed: dict[Who, datetime.datetime] = {}
        self._uncounted: Counter[Who] = Counter()
        self._steps: dict[int, int] = {}

    def due(self, accesses: Iterable[Access]) -> list[Access]:
        """The last reading of each viewer who is to be counted now; all of one institution."""
        last: dict[Who, Access] = {}
        for access in accesses:
            who = _who(access)
            self._uncounted[who] += access.weight
            last[who] = access
        # Until a school's own setting is known, its viewers are counted each time.
        due = {
            who: access
            for who, access in last.items()
            if self._uncounted[who] >= self._steps.get(who[0], 1) and not self._alarmed_lately(who, access.at)
        }
        for who in due:
            del self._uncounted[who]
        if len(self._uncounted) + len(self._alarmed) > BOUND:
            self._uncounted.clear()
            self._alarmed.clear()
        return list(due.values())

    def _alarmed_lately(self, who: Who, at: datetime.datetime) -> bool:
        """Whether an alarm has told of the viewer lately."""
        return who in self._alarmed and self._alarmed[who] > at - self.span

    async def find(self, session: AsyncSession, due: Sequence[Access]) -> list[Alarm]:
        """The alarms of those who are due, in a transaction of their institution.

        Whoever has been told of is remembered by what the log says alone: an alarm that is found may not get there.
        """
        institution_id = due[0].institution_id
        given = {
            "tenant": institution_id,
            "most": self.students,
            "kinds": [access.actor_kind.value for access in due],
            "actors": [access.actor_id for access in due],
            "since": [access.at - self.span for access in due],
        }
        rows = (await session.execute(COUNT, given)).all()
        self._steps[institution_id] = max(1, rows[0].most // 10)
        alarms = []
        for access, row in zip(due, rows, strict=True):
            if row.told:
                self._alarmed[_who(access)] = row.told
            elif row.students > row.most:
                alarms.append(self._alarm(access, row.students))
        return alarms

    def _alarm(self, access: Access, students: int) -> Alarm:
        details = {"students": students, "minutes": self.minutes}
        return Alarm(AlarmKind.MASS_READ, *_who(access), access.at, access.request_id, details=details)


def _who(access: Access) -> Who:
    return access.institution_id, access.actor_kind, access.actor_id
