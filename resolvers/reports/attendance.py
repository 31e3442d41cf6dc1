"""Attendance of a student or a course, counted against what was expected.

Figures are those of the students whose attendance the viewer sees: of a course a teacher of it gets the whole class, a
guardian the own children. A student or course that is hidden answers like one that does not exist.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from models import Base, Course, Student
from resolvers.batches import Shape, by_id
from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.reports.attendance_figures import by_student, sessions, summary
from resolvers.reports.attendance_rules import AttendancePolicy, Days
from resolvers.reports.attendance_sessions import Narrow
from resolvers.rows import Row

MOST_SESSIONS = 20_000


@dataclass(eq=False)
class Asked:
    """What is counted: of whom, in which days, by which rule. The sessions behind it are read once, by whoever asks."""

    context: Context
    days: Days
    policy: AttendancePolicy
    student: int | None = None
    course: int | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sessions: list[Row] | None = None
    _of_students: dict[int, list[Row]] | None = None

    @property
    def narrow(self) -> Narrow:
        return Narrow(self.context.viewer.roles, self.student is not None, self.course is not None)

    @property
    def values(self) -> dict[str, Any]:
        zone = self.context.viewer.time_zone.key
        range_ = {"since": self.days.since, "through": self.days.through, "zone": zone}
        return range_ | {"student": self.student, "course": self.course}

    async def seen(self) -> bool:
        """Whether the viewer sees the student and the course asked for."""
        keys: list[tuple[type[Base], int | None]] = [(Student, self.student), (Course, self.course)]
        return all([await _seen(self.context, model, key) for model, key in keys if key is not None])

    async def summary(self) -> Row:
        """The figures of all that is asked for, as one row."""
        (row,) = await self.context.fetch(summary(self.narrow, self.policy), **self.values)
        return row

    async def by_student(self) -> list[Row]:
        """The figures of each student of whom something was expected, by first name."""
        return await self.context.fetch(by_student(self.narrow, self.policy), **self.values)

    async def sessions(self) -> list[Row]:
        """The expected sessions, newest day first, then by first name. Raises Invalid where they are too many."""
        async with self._lock:
            if self._sessions is None:
                statement = sessions(self.narrow, self.policy)
                rows = await self.context.fetch(statement, **self.values, first=MOST_SESSIONS + 1)
                if len(rows) > MOST_SESSIONS:
                    days = f"{self.days.since} to {self.days.to}"
                    raise Invalid(f"to: {days} has more than {MOST_SESSIONS} expected sessions", field="to")
                self._sessions = rows
            return self._sessions

    async def sessions_of(self, student: int) -> list[Row]:
        """Those of one of the students."""
        rows = await self.sessions()
        if self._of_students is None:
            self._of_students = {}
            for row in rows:
                self._of_students.setdefault(row["student_id"], []).append(row)
        return self._of_students.get(student, [])


async def _seen(context: Context, model: type[Base], key: int) -> bool:
    return await context.load(by_id(model), Shape(("id",), context.viewer.roles), key, {}) is not None
