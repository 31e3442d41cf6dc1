"""Raises alarms: a line in the log, a count at `/metrics`, and an entry in the trail of the school concerned.

    {"level": "WARNING", "logger": "schoolgraph.alarm", "message": "mass_read", "institution": 3, "actor_kind": "USER",
     "actor": 17, "request": "…", "students": 301, "minutes": 60, …}

Readings are looked at by the flusher, after it has written them, and so behind all answers. What each kind means is
said in `resolvers.trail.alarms`, and from when on something is too much in the settings.
"""

import logging
from collections.abc import Callable, Sequence

from app import metrics
from resolvers.trail.alarms import Alarm, Refused, SignInFailed
from resolvers.trail.notes import Access, Written
from resolvers.trail.watching import Watch

log = logging.getLogger("schoolgraph.alarm")


class Alarms:
    """`put` has an alarm written to the trail soon."""

    def __init__(self, watch: Watch, put: Callable[[Alarm], None]) -> None:
        self.watch = watch
        self.put = put

    def look(self, notes: Sequence[Written]) -> None:
        """Notes that have been written."""
        for note in notes:
            if isinstance(note, Access) and (alarm := self.watch.read(note)):
                self.hear(alarm)

    def hear(self, note: Alarm | Refused | SignInFailed) -> None:
        """What is counted, and may be alarming."""
        if isinstance(note, SignInFailed):
            metrics.FAILED_SIGN_INS.inc()
        elif isinstance(note, Refused):
            metrics.REFUSALS.inc(note.count)
            if alarm := self.watch.refused(note):
                self._raise(alarm)
        else:
            self._raise(note)

    def _raise(self, alarm: Alarm) -> None:
        metrics.ALARMS.labels(alarm.kind.value).inc()
        who = {"institution": alarm.institution_id, "actor_kind": alarm.actor_kind.value, "actor": alarm.actor_id}
        fields = {**who, "request": alarm.request_id, "address": alarm.address, **alarm.details}
        log.warning(alarm.kind.value, extra={"fields": fields})
        if not alarm.told:
            self.put(alarm)
