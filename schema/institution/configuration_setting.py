"""Settings that drive behaviour, by category and key."""

import asyncio
import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

import models
import resolvers.institution.configuration_setting as resolve
from models import SettingCategory
from schema.connection import Connection, connection
from schema.entity import entity, load, lookup
from schema.info import Info
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
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


CATEGORY = strawberry.argument(description="Only the settings of this category; of all where it is absent.")


async def settings_of(info: Info, *categories: SettingCategory) -> list[Any]:
    """Settings of the categories, in their order, by key."""
    found = await asyncio.gather(*(load(info, resolve.by_category, category) for category in categories))
    return [row for rows in found for row in rows]


@strawberry.type
class ConfigurationSettingQuery:
    configuration_setting: ConfigurationSetting | None = lookup(
        models.ConfigurationSetting, "A setting by id; null where there is none that you may see."
    )
    configuration_settings: Connection[ConfigurationSetting] = connection(
        models.ConfigurationSetting, "The school's settings, by category and key.", default=("category", "key")
    )

    @strawberry.field(
        graphql_type=list[ConfigurationSetting], description="The school's settings, by category and key."
    )
    async def settings(self, info: Info, category: Annotated[SettingCategory | None, CATEGORY] = UNSET) -> list[Any]:
        return await settings_of(info, *([category] if category else SettingCategory))
