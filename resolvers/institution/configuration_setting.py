"""Settings of the school."""

from models import ConfigurationSetting
from resolvers.batches import many

# The parent is a category: all categories that are asked for come in one statement.
by_category = many(ConfigurationSetting, key="category", parent="category", order=("key",))
