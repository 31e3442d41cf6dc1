"""Settings of the school, one category or all."""

from models import ConfigurationSetting, SettingCategory
from resolvers.batches import Shape
from resolvers.context import Context
from resolvers.filters import Compare
from resolvers.ordering import sorted_by
from resolvers.paging import rows_of
from resolvers.rows import Row

BY_KEY = sorted_by("category", "key")


async def settings(context: Context, columns: tuple[str, ...], category: SettingCategory | None) -> list[Row]:
    """The settings of a category, or of all, by category and key."""
    where = None if category is None else Compare("category", "eq", 0)
    shape = Shape(columns, context.viewer.roles, where=where, order=BY_KEY)
    return await rows_of(context, ConfigurationSetting, shape, {} if category is None else {"w0": category})
