"""The whole configuration of a school as one object."""

from typing import Any

import strawberry

import models
import resolvers.institution.school_profile as resolve
from models import SettingCategory
from schema.entity import singleton
from schema.info import Info
from schema.institution.configuration_setting import ConfigurationSetting, settings_of
from schema.institution.school_profile import SchoolProfile


def _category(category: SettingCategory) -> Any:
    async def resolver(info: Info) -> list[Any]:
        return await settings_of(info, category)

    description = f"Settings of the category {category.value}, by key. {category.description}"
    return strawberry.field(resolver=resolver, graphql_type=list[ConfigurationSetting], description=description)


@strawberry.type(description="How a school is set up: its profile, and its settings by category.")
class Configuration:
    profile: SchoolProfile | None = singleton(
        resolve.of_institution, lambda viewer: viewer.institution_id, "How the school presents itself."
    )
    general: list[ConfigurationSetting] = _category(models.SettingCategory.GENERAL)
    academic: list[ConfigurationSetting] = _category(models.SettingCategory.ACADEMIC)
    financial: list[ConfigurationSetting] = _category(models.SettingCategory.FINANCIAL)


@strawberry.type
class ConfigurationQuery:
    @strawberry.field(description="How your school is set up: its profile, and its settings by category.")
    def configuration(self, info: Info) -> Configuration:
        # Refuses whoever has not signed in, as its fields would.
        assert info.context.viewer
        return Configuration()
