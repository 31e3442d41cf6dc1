"""Raises alarms: a line in the log, a count at `/metrics`, and an entry in the trail of the school concerned.

    {"level": "WARNING", "logger": "schoolgraph.alarm", "message": "mass_read", "institution": 3, "actor_kind": "USER",
     "actor": 17, "request": "…", "students": 301, "minutes": 60, …}

Readings and refusals are counted by the flusher, after it has written them, and so behind all answers. What each kind
means is said in `resolvers.trail.alarms`, and from when on something is too much in the settings.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncSession

from app import metrics
from resolvers.trail.alarms import Alarm, Refused, SignInFailed
from resolvers.trail.mass_reads import MassReads
from resolvers.trail.notes import Access, Written
from resolvers.trail.refusals import Refusals

log = logging.getLogger("schoolgraph.alarm")
Writing = Callable[[int, float], AbstractAsyncContextManager[AsyncSession]]
TIMEOUT = 10.0


class Alarms:
    """`writing` opens a transaction of an institution; `put` has something written to the trail soon."""

    def __init__(
        self, refusals: Refusals, reads: MassReads, writing: Writing, put: Callable[[Alarm | Refused], None]
    ) -> None:
        self.refusals = refusals
        self.reads = reads
        self.writing = writing
        self.put = put

    async def look(self, notes: Sequence[Written]) -> None:
        """Notes of one institution that have been written."""
        due = self.reads.due(note for note in notes if isinstance(note, Access))
        refused = [note for note in notes if isinstance(note, Refused)]
        if not due and not refused:
            return
        async with self.writing(notes[0].institution_id, TIMEOUT) as session:
            found = await self.reads.find(session, due) if due else []
            found += await self.refusals.find(session, refused) if refused else []
        for alarm in found:
            self._raise(alarm)

    def hear(self, note: Alarm | Refused | SignInFailed) -> None:
        """What is counted, and may be alarming."""
        if isinstance(note, SignInFailed):
            metrics.FAILED_SIGN_INS.inc()
        elif isinstance(note, Refused):
            metrics.REFUSALS.inc(note.count)
            if due := self.refusals.due(note):
                self.put(due)
        else:
            self._raise(note)

    def _raise(self, alarm: Alarm) -> None:
        metrics.ALARMS.labels(alarm.kind.value).inc()
        who = {"institution": alarm.institution_id, "actor_kind": alarm.actor_kind.value, "actor": alarm.actor_id}
        fields = {**who, "request": alarm.request_id, "address": alarm.address, **alarm.details}
        log.warning(alarm.kind.value, extra={"fields": fields})
        if not alarm.told:
            self.put(alarm)
