"""Settings that drive behaviour, by category and key."""

import datetime

from typing import Annotated, Any

import strawberry

import models
import resolvers.institution.configuration_setting as resolve
from schema.connection import Connection, connection
from schema.entity import entity, lookup
from schema.info import Info
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.selection import columns, row_type
from schema.where import where


@where(models.ConfigurationSetting)
class ConfigurationSettingWhere:
    id: IDFilter | None
    category: EnumFilter[models.SettingCategory] | None
    key: StringFilter | None
    updated_at: DateTimeFilter | None


ConfigurationSettingOrder = ordering(models.ConfigurationSetting, "category", "key", "updated_at")


@entity(models.ConfigurationSetting, prefix="set")
class ConfigurationSetting(Node):
    category: models.SettingCategory
    key: str
    value: str
    value_type: models.SettingType
    description: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int


async def _settings(info: Info, category: models.SettingCategory | None) -> Any:
    wanted = columns(info, models.ConfigurationSetting, row_type(info), wrapped=False)
    return await resolve.settings(info.context, wanted, category)


CATEGORY = strawberry.argument(description="Only the settings of this category.")


@strawberry.type
class ConfigurationSettingQuery:
    @strawberry.field(graphql_type=list[ConfigurationSetting], description="The school's settings, by category and key.")
    async def settings(self, info: Info, category: Annotated[models.SettingCategory | None, CATEGORY] = None) -> Any:
        return await _settings(info, category)

    configuration_setting: ConfigurationSetting | None = lookup(models.ConfigurationSetting, "A setting by id; null where there is none that you may see.")
    configuration_settings: Connection[ConfigurationSetting] = connection(models.ConfigurationSetting, "The school's settings, by category and key.", default=("category", "key"))
