"""What the school has set, for the rules that depend on it."""

from collections.abc import Mapping

from sqlalchemy import select

from models import ConfigurationSetting
from resolvers.unit_of_work import Change


async def school_settings(change: Change, *keys: str) -> Mapping[str, str]:
    """Values of settings that every school is made with, by key; raises LookupError where one is missing."""
    setting = ConfigurationSetting
    rows = await change.session.execute(
        select(setting.key, setting.value).where(setting.institution_id == change.institution_id, setting.key.in_(keys))
    )
    found = {row.key: row.value for row in rows}
    if missing := set(keys) - found.keys():
        raise LookupError(f"the school has no setting {' and '.join(sorted(missing))}")
    return found
