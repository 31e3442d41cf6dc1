"""The end of a change: its audit entries, its activity entry and its events, written by one statement."""

from typing import Any

from sqlalchemy import BigInteger, DateTime, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from resolvers.writing.json_values import as_json
from resolvers.writing.recording import AUDITED, Author

_WRITE = (
    text(
        """
WITH told AS (
    INSERT INTO audit_log (institution_id, table_name, record_id, operation, before, after,
                           actor_kind, actor_id, at, request_id)
    SELECT :tenant, e.table_name, e.record_id, e.operation, e.before, e.after, :kind, :actor, :at, :request
    FROM jsonb_to_recordset(CAST(:entries AS jsonb))
        AS e(table_name text, record_id bigint, operation text, before jsonb, after jsonb)
), sent AS (
    INSERT INTO outbox (institution_id, topic, key, payload, schema_version, created_at)
    SELECT :tenant, e.topic, e.key, e.payload, e.schema_version, :at
    FROM jsonb_to_recordset(CAST(:events AS jsonb))
        AS e(topic text, key text, payload jsonb, schema_version integer)
), operated AS (
    INSERT INTO operation (institution_id, action, actor_kind, actor_id, request_id, summary, at)
    SELECT :tenant, :action, :kind, :actor, coalesce(:request, ''), CAST(:operation AS jsonb), :at
    WHERE :operation IS NOT NULL
    RETURNING id
), noted AS (
    INSERT INTO activity_log (institution_id, action, details, actor_kind, actor_id, at, request_id, address)
    VALUES (:tenant, :action, CAST(:details AS jsonb), :kind, :actor, :at, :request, :address)
)
SELECT id FROM operated
"""
    )
    .bindparams(
        *(bindparam(name, type_=BigInteger) for name in ("tenant", "actor")),
        *(
            bindparam(name, type_=Text)
            for name in ("kind", "request", "entries", "events", "action", "details", "address", "operation")
        ),
        bindparam("at", type_=DateTime(timezone=True)),
    )
    .execution_options(**AUDITED)
)


async def write_trail(
    session: AsyncSession,
    institution_id: int,
    author: Author,
    *,
    action: str,
    details: dict[str, Any],
    entries: list[dict[str, Any]],
    events: list[dict[str, Any]],
    operation: dict[str, Any] | None = None,
) -> int | None:
    """Gives the key of the operation, where the change is one: `operation` is its summary."""
    values = {
        "tenant": institution_id,
        "kind": author.kind.value,
        "actor": author.id,
        "at": author.at,
        "request": author.request_id,
        "address": author.address,
        "action": action,
        "details": as_json(details),
        "entries": as_json(entries),
        "events": as_json(events),
        "operation": None if operation is None else as_json(operation),
    }
    found: int | None = await session.scalar(_WRITE, values)
    return found
