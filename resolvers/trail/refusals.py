"""Who is refused again and again: written to the activity log, and counted there over all workers and servers.

A process writes an entry `viewer.refused` once a viewer was refused there so often that it is a tenth of too many; its
`details` are the `count`. So a refusal now and then leaves no entry, and of each process at most a tenth is missing
from what is counted.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind
from resolvers.trail.alarms import Alarm, AlarmKind, Refused
from resolvers.writing.recording import AUDITED

ACTION = "viewer.refused"
# Viewers who are remembered; beyond these all are counted afresh.
BOUND = 100_000
Who = tuple[ActorKind, int]
WRITE = text(f"""
    INSERT INTO activity_log (institution_id, action, details, actor_kind, actor_id, at, request_id)
    SELECT :tenant, '{ACTION}', jsonb_build_object('count', r.count), r.kind, r.actor, r.at, r.request
    FROM unnest(CAST(:kinds AS text[]), CAST(:actors AS bigint[]), CAST(:counts AS integer[]),
                CAST(:times AS timestamptz[]), CAST(:requests AS text[])) AS r(kind, actor, count, at, request)
""").execution_options(**AUDITED)
COUNT = text(f"""
    SELECT v.n,
           (SELECT coalesce(sum(CAST(a.details ->> 'count' AS bigint)), 0) FROM activity_log a
            WHERE a.institution_id = :tenant AND a.action = '{ACTION}'
              AND a.actor_kind = v.kind AND a.actor_id = v.actor AND a.at > v.since) AS refusals,
           EXISTS (SELECT FROM activity_log a
                   WHERE a.institution_id = :tenant AND a.action = 'alarm.refusals'
                     AND a.actor_kind = v.kind AND a.actor_id = v.actor AND a.at > v.since) AS told
    FROM unnest(CAST(:kinds AS text[]), CAST(:actors AS bigint[]), CAST(:since AS timestamptz[]))
        WITH ORDINALITY AS v(kind, actor, since, n)
    ORDER BY v.n
""").execution_options(**AUDITED)


def _by_viewer(refused: Iterable[Refused]) -> list[tuple[Refused, int]]:
    """The last refusal of each viewer, and how many there were."""
    found: dict[Who, tuple[Refused, int]] = {}
    for each in refused:
        who = each.actor_kind, each.actor_id
        found[who] = each, each.count + (found[who][1] if who in found else 0)
    return list(found.values())


def values_of(refused: Iterable[Refused]) -> dict[str, Any]:
    """The values of WRITE's parameters: an entry for each viewer."""
    viewers = _by_viewer(refused)
    return {
        "kinds": [last.actor_kind.value for last, _ in viewers],
        "actors": [last.actor_id for last, _ in viewers],
        "counts": [count for _, count in viewers],
        "times": [last.at for last, _ in viewers],
        "requests": [last.request_id for last, _ in viewers],
    }


class Refusals:
    """More than `most` within `minutes` are too many; for as long no second alarm is raised of the same viewer."""

    def __init__(self, *, most: int, minutes: int) -> None:
        self.most = most
        self.minutes = minutes
        self._unwritten: Counter[tuple[int, ActorKind, int]] = Counter()

    def due(self, refused: Refused) -> Refused | None:
        """What is to be written now of a viewer's refusals, this one included."""
        who = refused.institution_id, refused.actor_kind, refused.actor_id
        self._unwritten[who] += refused.count
        if self._unwritten[who] < max(1, self.most // 10):
            if len(self._unwritten) > BOUND:
                self._unwritten.clear()
            return None
        return replace(refused, count=self._unwritten.pop(who))

    async def find(self, session: AsyncSession, refused: Sequence[Refused]) -> list[Alarm]:
        """The alarms of those who were refused, which has been written; in a transaction of their institution."""
        viewers = [last for last, _ in _by_viewer(refused)]
        span = datetime.timedelta(minutes=self.minutes)
        given = {
            "tenant": viewers[0].institution_id,
            "kinds": [last.actor_kind.value for last in viewers],
            "actors": [last.actor_id for last in viewers],
            "since": [last.at - span for last in viewers],
        }
        rows = (await session.execute(COUNT, given)).all()
        return [
            self._alarm(last, int(row.refusals))
            for last, row in zip(viewers, rows, strict=True)
            if row.refusals > self.most and not row.told
        ]

    def _alarm(self, last: Refused, refusals: int) -> Alarm:
        who = last.institution_id, last.actor_kind, last.actor_id, last.at, last.request_id
        return Alarm(AlarmKind.REFUSALS, *who, details={"refusals": refusals, "minutes": self.minutes})
