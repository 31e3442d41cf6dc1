"""Alarms: what the people who answer for a school should hear of while it happens.

    ACCOUNT_LOCKED  failed sign-ins have locked an account
    ROLES_CHANGED   a role was given or taken
    REFUSALS        one viewer was refused again and again
    MASS_READ       one viewer has read unusually many students' records

Each alarm is a line in the log and counts at `/metrics` (see `app.alarms`). An ADMIN finds it in the school's activity
log under `alarm.account_locked`, `alarm.refusals` or `alarm.mass_read`, and whoever follows the outbox gets an event of
the topic `alarm`. Roles are the exception: the change itself has told both of them as `role.grant`, `role.revoke`,
`user.create` and so on, in its own transaction, and nothing is told twice. Alarms name accounts by their keys alone.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, bindparam, text

from models import ActorKind, UserRole
from resolvers.errors import DomainError
from resolvers.writing.json_values import as_json
from resolvers.writing.recording import AUDITED, Author

# Codes by which somebody is told that a thing is not theirs; what is hidden is not told from what is absent.
REFUSING = frozenset({"FORBIDDEN", "NOT_FOUND"})


class AlarmKind(Enum):
    ACCOUNT_LOCKED = "account_locked"
    ROLES_CHANGED = "roles_changed"
    REFUSALS = "refusals"
    MASS_READ = "mass_read"


@dataclass(frozen=True)
class Alarm:
    """`details` are numbers, keys and names of roles: nothing that a person is known by."""

    kind: AlarmKind
    institution_id: int
    actor_kind: ActorKind
    actor_id: int | None
    at: datetime.datetime
    request_id: str | None = None
    address: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    weight: int = 1

    @property
    def told(self) -> bool:
        """Whether the trail has it already."""
        return self.kind is AlarmKind.ROLES_CHANGED


@dataclass(frozen=True)
class Refused:
    """A signed-in viewer was refused `count` times in one operation, which is told as `viewer.refused`."""

    institution_id: int
    actor_kind: ActorKind
    actor_id: int
    request_id: str | None
    at: datetime.datetime
    count: int
    weight: int = 1


@dataclass(frozen=True)
class SignInFailed:
    """Somebody was not let in, whoever it was and for whatever reason."""


def refuses(errors: Iterable[DomainError]) -> bool:
    return any(error.code in REFUSING for error in errors)


def role_alarms(
    institution_id: int, author: Author, action: str, details: Mapping[str, Any], tables: Iterable[str]
) -> list[Alarm]:
    """The alarm of a change that wrote to these tables, if it gave or took roles: whatever the change was for."""
    if UserRole.__tablename__ not in tables:
        return []
    said = {name: details[name] for name in ("id", "role", "roles") if name in details}
    where = (institution_id, author.kind, author.id, author.at, author.request_id, author.address)
    return [Alarm(AlarmKind.ROLES_CHANGED, *where, {"action": action, **said})]


WRITE = (
    text(
        """
WITH raised AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(:alarms AS jsonb)) AS a(
        alarm text, actor_kind text, actor_id bigint, at timestamptz, request_id text, address text, details jsonb)
), sent AS (
    INSERT INTO outbox (institution_id, topic, key, payload, created_at)
    SELECT :tenant, 'alarm', coalesce(r.actor_id::text, ''),
           jsonb_build_object('alarm', r.alarm, 'actorKind', r.actor_kind, 'actorId', r.actor_id) || r.details, r.at
    FROM raised r
)
INSERT INTO activity_log (institution_id, action, details, actor_kind, actor_id, at, request_id, address)
SELECT :tenant, 'alarm.' || r.alarm, r.details, r.actor_kind, r.actor_id, r.at, r.request_id, r.address FROM raised r
"""
    )
    .bindparams(bindparam("tenant", type_=BigInteger))
    .execution_options(**AUDITED)
)


def values_of(alarms: Iterable[Alarm]) -> dict[str, Any]:
    """The value of WRITE's parameter."""
    rows = [
        {
            "alarm": alarm.kind.value,
            "actor_kind": alarm.actor_kind.value,
            "actor_id": alarm.actor_id,
            "at": alarm.at,
            "request_id": alarm.request_id,
            "address": alarm.address,
            "details": dict(alarm.details),
        }
        for alarm in alarms
    ]
    return {"alarms": as_json(rows)}
