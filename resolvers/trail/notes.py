"""What reads leave behind: who looked at whose record, was refused or took a file along, sessions in use, alarms.

A read's own transaction is read-only, so these are noted, and written together with others by `app.flusher`: one
statement for each kind of note, whatever their number. A note's `weight` is what it counts for while it waits: each
student read, or one.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind
from resolvers.files.store import Unsettled
from resolvers.trail import alarms, refusals
from resolvers.trail.alarms import Alarm, Refused, SignInFailed
from resolvers.writing.json_values import as_json
from resolvers.writing.recording import AUDITED

PURPOSE_LENGTH, REQUEST_ID_LENGTH = 100, 64


@dataclass(frozen=True)
class Access:
    """One operation returned the records of `students`; `purpose` is its name."""

    institution_id: int
    actor_kind: ActorKind
    actor_id: int
    purpose: str | None
    request_id: str | None
    at: datetime.datetime
    students: frozenset[int]

    @property
    def weight(self) -> int:
        return len(self.students)


@dataclass(frozen=True)
class SessionUse:
    """A session was in use, so that its end moves on."""

    institution_id: int
    session_id: int
    at: datetime.datetime
    weight: int = 1


@dataclass(frozen=True)
class KeyUse:
    """An API key was in use."""

    institution_id: int
    key_id: int
    at: datetime.datetime
    weight: int = 1


@dataclass(frozen=True)
class Exported:
    """A list or report left as a file. `details` say which, in what format, how many rows, and whether it is all."""

    institution_id: int
    actor_kind: ActorKind
    actor_id: int
    at: datetime.datetime
    request_id: str | None
    address: str | None
    details: Mapping[str, Any]
    weight: int = 1


Written = Access | SessionUse | KeyUse | Refused | Alarm | Exported
# Failures are only counted, and files are looked after.
Note = Written | SignInFailed | Unsettled

# Students who were added by what was then undone have been read and are nobody. Of those who are there, retired or not,
# no reading is left out. The keys are rows that are joined, and never an array that a row's key is looked for in: where
# the planner does not know how many students a school has, it would look for each of them in each array.
ACCESS = text("""
    INSERT INTO access_log (institution_id, student_ids, actor_kind, actor_id, purpose, at, request_id)
    SELECT :tenant, s.ids, o.kind, o.actor, o.purpose, o.at, o.request
    FROM (SELECT r.operation, array_agg(p.id ORDER BY p.id) AS ids
          FROM unnest(CAST(:students AS bigint[]), CAST(:operations AS bigint[])) AS r(student, operation)
          JOIN student p ON p.institution_id = :tenant AND p.id = r.student
          GROUP BY r.operation) AS s
    JOIN unnest(CAST(:kinds AS text[]), CAST(:actors AS bigint[]), CAST(:purposes AS text[]),
                CAST(:times AS timestamptz[]), CAST(:requests AS text[]))
        WITH ORDINALITY AS o(kind, actor, purpose, at, request, operation) ON o.operation = s.operation
    ORDER BY o.operation
""").execution_options(**AUDITED)
# A session that has ended meanwhile stays ended.
SESSIONS = text("""
    UPDATE session SET last_seen_at = used.at, expires_at = used.at + make_interval(mins => CAST(lifetime.value AS int))
    FROM (SELECT id, max(at) AS at
          FROM unnest(CAST(:ids AS bigint[]), CAST(:times AS timestamptz[])) AS u(id, at) GROUP BY id) AS used,
         configuration_setting AS lifetime
    WHERE session.institution_id = :tenant AND session.id = used.id
      AND session.last_seen_at < used.at AND session.expires_at > :now
      AND lifetime.institution_id = :tenant AND lifetime.category = 'GENERAL'
      AND lifetime.key = 'SESSION_TIMEOUT_MINUTES'
""").execution_options(**AUDITED)
KEYS = text("""
    UPDATE api_key SET last_used_at = used.at
    FROM (SELECT id, max(at) AS at
          FROM unnest(CAST(:ids AS bigint[]), CAST(:times AS timestamptz[])) AS u(id, at) GROUP BY id) AS used
    WHERE api_key.institution_id = :tenant AND api_key.id = used.id
      AND (api_key.last_used_at IS NULL OR api_key.last_used_at < used.at)
""").execution_options(**AUDITED)
EXPORTS = text("""
    INSERT INTO activity_log (institution_id, action, details, actor_kind, actor_id, at, request_id, address)
    SELECT :tenant, 'export', e.details, e.kind, e.actor, e.at, e.request, e.address
    FROM jsonb_to_recordset(CAST(:exports AS jsonb)) AS e(
        kind text, actor bigint, at timestamptz, request text, address text, details jsonb)
""").execution_options(**AUDITED)


def _cut(value: str | None, length: int) -> str | None:
    return value[:length] if value else None


def _accesses(notes: Sequence[Access]) -> dict[str, Any]:
    return {
        "students": [student for note in notes for student in note.students],
        "operations": [n for n, note in enumerate(notes, 1) for _ in note.students],
        "kinds": [note.actor_kind.value for note in notes],
        "actors": [note.actor_id for note in notes],
        "purposes": [_cut(note.purpose, PURPOSE_LENGTH) for note in notes],
        "times": [note.at for note in notes],
        "requests": [_cut(note.request_id, REQUEST_ID_LENGTH) for note in notes],
    }


def _exports(notes: Sequence[Exported]) -> str:
    return as_json(
        [
            {
                "kind": note.actor_kind.value,
                "actor": note.actor_id,
                "at": note.at,
                "request": _cut(note.request_id, REQUEST_ID_LENGTH),
                "address": note.address,
                "details": dict(note.details),
            }
            for note in notes
        ]
    )


async def write(session: AsyncSession, institution_id: int, notes: Sequence[Written], now: datetime.datetime) -> None:
    """Write the notes of one institution, in the session's transaction."""
    known: dict[str, Any] = {"tenant": institution_id}
    accesses = [note for note in notes if isinstance(note, Access)]
    sessions = [note for note in notes if isinstance(note, SessionUse)]
    keys = [note for note in notes if isinstance(note, KeyUse)]
    exports = [note for note in notes if isinstance(note, Exported)]
    refused = [note for note in notes if isinstance(note, Refused)]
    raised = [note for note in notes if isinstance(note, Alarm)]
    if accesses:
        await session.execute(ACCESS, known | _accesses(accesses))
    if sessions:
        used = {"ids": [note.session_id for note in sessions], "times": [note.at for note in sessions], "now": now}
        await session.execute(SESSIONS, known | used)
    if keys:
        used = {"ids": [note.key_id for note in keys], "times": [note.at for note in keys]}
        await session.execute(KEYS, known | used)
    if exports:
        await session.execute(EXPORTS, known | {"exports": _exports(exports)})
    if refused:
        await session.execute(refusals.WRITE, known | refusals.values_of(refused))
    if raised:
        await session.execute(alarms.WRITE, known | alarms.values_of(raised))
