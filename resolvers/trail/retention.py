"""How long a school keeps what only grows: its settings `RETENTION_DAYS_…`, and the rows that are due by them.

The audit has no such setting unless a school adds RETENTION_DAYS_AUDIT_LOG: what was changed is kept for ever.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    AccessEntry,
    ActivityEntry,
    AuditEntry,
    ConfigurationSetting,
    IdempotencyKey,
    ResetToken,
    Session,
    SettingCategory,
    Tenant,
)
from resolvers.errors import Invalid
from resolvers.institution.institution import DEFAULT_SETTINGS
from resolvers.writing.content import table_of

PREFIX = "RETENTION_DAYS_"
LONGEST = 36_500


@dataclass(frozen=True)
class Rule:
    """Rows of `model` are due once `column`, an instant, lies the setting's number of days back; 0: never."""

    key: str
    model: type[Tenant]
    column: str

    @property
    def table(self) -> str:
        return table_of(self.model).name


RULES = (
    Rule("RETENTION_DAYS_ACCESS_LOG", AccessEntry, "at"),
    Rule("RETENTION_DAYS_ACTIVITY_LOG", ActivityEntry, "at"),
    Rule("RETENTION_DAYS_AUDIT_LOG", AuditEntry, "at"),
    Rule("RETENTION_DAYS_SESSION", Session, "expires_at"),
    Rule("RETENTION_DAYS_SESSION", ResetToken, "expires_at"),
    Rule("RETENTION_DAYS_IDEMPOTENCY_KEY", IdempotencyKey, "created_at"),
)
DEFAULTS = {key: value for _, key, _, value, _ in DEFAULT_SETTINGS if key.startswith(PREFIX)}


@dataclass(frozen=True)
class Due:
    """What a school no longer keeps of a table: rows older than `before`."""

    institution_id: int
    rule: Rule
    before: datetime.datetime

    def _where(self) -> tuple[Any, ...]:
        model = self.rule.model
        return model.institution_id == self.institution_id, getattr(model, self.rule.column) < self.before

    def _rows(self, limit: int) -> Select[Any]:
        column = getattr(self.rule.model, self.rule.column)
        return select(self.rule.model.id).where(*self._where()).order_by(column).limit(limit)

    async def count(self, session: AsyncSession) -> int:
        statement = select(func.count()).select_from(self.rule.model).where(*self._where())
        return (await session.execute(statement)).scalar_one()

    async def remove(self, session: AsyncSession, limit: int) -> int:
        """Remove the oldest, at most `limit` of them; gives how many that were."""
        model = self.rule.model
        statement = delete(model).where(model.institution_id == self.institution_id, model.id.in_(self._rows(limit)))
        return cast("CursorResult[Any]", await session.execute(statement)).rowcount


async def due(session: AsyncSession, institution_id: int, code: str, now: datetime.datetime) -> list[Due]:
    """What a school no longer keeps; raises Invalid where one of its settings is no number of days."""
    statement = select(ConfigurationSetting.key, ConfigurationSetting.value).where(
        ConfigurationSetting.institution_id == institution_id,
        ConfigurationSetting.category == SettingCategory.GENERAL,
        ConfigurationSetting.key.in_({rule.key for rule in RULES}),
    )
    own = {key: value for key, value in await session.execute(statement)}
    return list(_due(institution_id, code, DEFAULTS | own, now))


def _due(institution_id: int, code: str, settings: Mapping[str, str], now: datetime.datetime) -> Iterator[Due]:
    for rule in RULES:
        days = _days(code, rule.key, settings[rule.key]) if rule.key in settings else 0
        if days:
            yield Due(institution_id, rule, now - datetime.timedelta(days=days))


def _days(code: str, key: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= LONGEST):
        raise Invalid(f"{code}: {key} is {value!r}, which is not a number of days from 0 to {LONGEST}", field=key)
    return int(value)
