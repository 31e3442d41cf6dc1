"""How a school writes days, numbers and words, for what it hands out: its settings DATE_FORMAT and LANGUAGE.

Whoever gets a file of the school may know them, also who sees no settings.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import or_, select

from models import ConfigurationSetting
from models.computed import tenant
from resolvers.context import Context
from resolvers.statements import Statement, compiled

DATE_FORMAT, LANGUAGE = "DATE_FORMAT", "LANGUAGE"


@dataclass(frozen=True)
class Conventions:
    """`date_format` is a pattern such as dd-MM-yyyy, `language` a code such as en or en-GB."""

    date_format: str = "dd-MM-yyyy"
    language: str = "en"


@cache
def _statement() -> Statement:
    setting = ConfigurationSetting
    columns: list[Any] = [setting.key, setting.value]
    statement = select(*columns).where(
        setting.institution_id == tenant(), or_(setting.key == DATE_FORMAT, setting.key == LANGUAGE)
    )
    return compiled(statement, setting, subjects=None)


async def conventions_of(context: Context) -> Conventions:
    """Those of the viewer's school; one statement. A setting that was removed is what it is at first."""
    found = {row["key"]: row["value"] for row in await context.fetch(_statement())}
    usual = Conventions()
    return Conventions(found.get(DATE_FORMAT, usual.date_format), found.get(LANGUAGE, usual.language))
